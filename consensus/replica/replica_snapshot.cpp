// A new node's way to a snapshot, and what it says to those who look for one. [rule 28]
#include "consensus/replica/replica_core.h"

namespace treeproof::replica {

// Only a node that has nothing yet, and only where its peers have decided much more.
bool ReplicaCore::wants_snapshot() const {
  return config_.snapshot_ahead > 0 && chain_.tip().height.value == 0 &&
         !snapshots_.is_active() && !snapshots_.is_over() &&
         peers_.highest().value > config_.snapshot_ahead;
}

void ReplicaCore::take(const std::string& org, SnapshotWanted&& message) {
  emit(SendSnapshot{org, message.part});
}

void ReplicaCore::take(const std::string& org, SnapshotOffered&& message) {
  follow(snapshots_.take(org, message));
}

void ReplicaCore::take(const std::string& org, SnapshotPart&& message) {
  follow(snapshots_.take(org, std::move(message)));
}

void ReplicaCore::on(PartRestored&& event) { follow(snapshots_.taken(event.root, event.index)); }

void ReplicaCore::on(RestoreRefused&& event) { follow(snapshots_.refused(event.root)); }

// The state that was read names attachments: they come as any others do, from whoever offered it.
void ReplicaCore::on(RestoreWants&& event) {
  if (snapshots_.root() != event.root) return;
  for (const ledger::AttachmentRef& missing : event.missing) {
    restoring_.insert(missing.root);
    for (const std::string& org : snapshots_.holders()) desk_.note_held(org, missing.root);
    desk_.want(missing);
  }
  request_attachments();
}

void ReplicaCore::note_restored(const crypto::Hash& root) {
  if (restoring_.erase(root) == 0) return;
  snapshots_.note_progress();
  if (restoring_.empty() && snapshots_.root()) emit(RestoreRest{*snapshots_.root()});
}

void ReplicaCore::follow(SnapshotDesk::Steps steps) {
  if (steps.liar) emit(DropPeer{*steps.liar, "a part of a snapshot is not of the one it offered"});
  for (const auto& [org, wanted] : steps.requests) send(org, wanted);
  if (steps.next) emit(RestorePart{std::move(*steps.next)});
  if (steps.is_complete) emit(RestoreRest{});
  if (!snapshots_.is_over()) return;
  for (const crypto::Hash& root : restoring_) desk_.forget(root);
  restoring_.clear();
  ask_for_decided();  // with no snapshot, it replays blocks
}

}  // namespace treeproof::replica
