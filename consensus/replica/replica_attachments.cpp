// Attachments of pending statements and of bodies: looked for, stored, announced, given back.
// No byte of them is read or checked here: that is the host's workers' part. [rule 30]
#include <algorithm>
#include <cassert>

#include "consensus/replica/replica_core.h"

namespace treeproof::replica {

void ReplicaCore::on(AttachmentOffered&& event) {
  const auto entries = pool_.announcing(event.root);
  if (entries.empty() || stock_.is_moving(event.root)) {
    const auto reason = entries.empty() ? ledger::Reason::attachment_not_awaited
                                        : ledger::Reason::attachment_in_progress;
    emit(RefuseAttachment{event.ticket, {reason, {{"root", crypto::to_hex(event.root)}}}});
    return;
  }
  const auto* announced = ledger::attachment_of(entries.front()->statement->payload);
  assert(announced != nullptr);
  desk_.forget(event.root);
  stock_.begin(*announced);
  emit(StoreAttachment{*announced, nullptr, event.ticket});
}

void ReplicaCore::on(AttachmentsStored&& event) {
  for (const crypto::Hash& root : event.refused) {
    const auto announced = stock_.end(root);
    const auto misses = [&](const crypto::Hash& hash) {
      return shelf_.find(hash)->attachments_missing.contains(root);
    };
    const bool is_named =
        !pool_.announcing(root).empty() || std::ranges::any_of(shelf_.hashes(), misses);
    if (announced && is_named) desk_.want(*announced);
  }
  const std::span<const crypto::Hash> held = event.held;
  for (std::size_t at = 0; at < held.size(); at += AttachmentsHeld::kRootsMax) {
    const auto part = held.subspan(at, std::min(held.size() - at, AttachmentsHeld::kRootsMax));
    send({}, AttachmentsHeld{{part.begin(), part.end()}});
  }
  for (const crypto::Hash& root : held) note_stored(root);
  check_links();
  request_attachments();
}

// On disk here, and checked.
void ReplicaCore::note_stored(const crypto::Hash& root) {
  stock_.end(root);
  stock_.note_stored(root, now_.real);
  desk_.note_held(config_.org, root);
  for (PoolEntry* entry : pool_.announcing(root)) {
    const ledger::SignedStatement& statement = *entry->statement;
    entry->attachment_held = true;  // and with it, it is known whose consent is needed
    entry->consents_ready = ledger::missing_consents(statement, chain_.stored()).empty();
    if (LinkWatch::concerns(statement)) links_.add(statement.id);
  }
  note_attachment(root);
  for (const auto& hash : shelf_.hashes()) {
    ShelvedBody* body = shelf_.find(hash);
    if (body != nullptr && body->attachments_missing.erase(root) > 0) advance(hash);
  }
}

// Something changed about an attachment: held here, or announced by another validator.
void ReplicaCore::note_attachment(const crypto::Hash& root) {
  const auto entries = pool_.announcing(root);
  if (entries.empty()) return;
  const ValidatorSet& validators = *chain_.tip().validators;
  const bool by_quorum = validators.is_quorum(desk_.power_holding(root, validators));
  for (PoolEntry* entry : entries) {
    const bool ready = entry->attachment_held && by_quorum;
    if (ready == entry->attachment_ready) continue;
    entry->attachment_ready = ready;
    settle(*entry);
  }
}

// Held already by another's announcement, read from the disk again, or fetched from a peer.
void ReplicaCore::seek_attachment(const ledger::AttachmentRef& announced) {
  const crypto::Hash& root = announced.root;
  if (stock_.is_moving(root)) return;
  const auto is_held = [](const PoolEntry* entry) { return entry->attachment_held; };
  if (std::ranges::any_of(pool_.announcing(root), is_held)) return note_stored(root);
  if (stock_.is_dropped(root) || !chain_.stored().holds(root)) {
    desk_.want(announced);
    return request_attachments();
  }
  stock_.begin(announced);
  emit(LoadAttachment{root});
}

void ReplicaCore::request_attachments() {
  if (replaying_) return;
  for (const auto& request : desk_.next_requests(peers_.connected())) {
    send(request.org, request.wanted);
  }
}

}  // namespace treeproof::replica
