// A node without a block that is far behind: takes a snapshot from its peers, has it checked whole
// beside the empty store, and says when the store is to be opened again.
// Owns what is being taken in and the downloads; the desk decides whom to ask for what, the intake
// what to believe. Callers: the host, on the loop's thread, and the simulator. Pure: disk, time and
// peers are its ports. Source: docs/consensus.md rule 28; docs/protocol.md sections 10 and 12;
// docs/adr/0012.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "consensus/replica/attachment_desk.h"
#include "consensus/replica/snapshot_desk.h"
#include "consensus/replica/snapshot_intake.h"

namespace treeproof::replica {

// What the seeker asks of its host.
struct SeekerPorts {
  std::function<TimeMs()> now;
  std::function<void(const std::string& org, const Message& message)> send;
  std::function<void(const std::string& org, const std::string& why)> drop;
  // Nothing up to the end of this height may be signed from now on, durably.
  std::function<void(Height height)> raise_floor;
  std::function<void()> restored;  // to be opened again; nothing else may be written to the store
  std::function<void()> gave_up;   // with no snapshot, it replays blocks
  std::function<void(const std::string& sentence)> tell;  // to whoever reads the log
  // Does `work` where the disk may be waited for, one after the other, then `then` back here.
  std::function<void(std::function<void()> work, std::function<void()> then)> on_disk;
  std::function<void(std::uint64_t delay_ms)> wake;  // calls tick() then
  // On the disk's side: the intake of a snapshot, and its attachments; false where the disk fails.
  using Intake = SnapshotIntake;
  std::function<Intake::Done<std::unique_ptr<Intake>>()> begin;
  std::function<bool(ledger::AttachmentPtr attachment)> keep;
};

class SnapshotSeeker {
 public:
  // The validators are those whose claims count. `ahead`: only where peers are more than so many
  // heights ahead; 0, as where the store has a block: never.
  SnapshotSeeker(std::shared_ptr<const ValidatorSet> validators, std::uint64_t ahead,
                 SeekerPorts ports);
  ~SnapshotSeeker();

  void connect(const std::string& org);
  void disconnect(const std::string& org);
  // True: it was the seeker's, or nobody else may act on it while a snapshot is sought.
  bool take(const std::string& org, Message& message);
  void tick();
  bool is_seeking() const noexcept { return desk_.is_active(); }
  void give_up();
  // What peers say last that they have decided.
  const std::map<std::string, Height>& decided() const noexcept { return desk_.decided(); }

 private:
  struct Intake;
  using IntakePtr = std::shared_ptr<Intake>;

  void follow(SnapshotDesk::Steps steps);
  void feed(SnapshotPart part);
  void look_for_missing(bool is_end);
  void want(std::vector<ledger::AttachmentRef> missing);
  void take_attachment(const std::string& org, AttachmentPart part);
  void keep_attachment(const std::string& org, const ledger::AttachmentRef& announced,
                       std::shared_ptr<const crypto::Bytes> bytes);
  void request_attachments();
  void finish();
  void drop_intake();
  void refuse(const RestoreFailure& failure);
  // Runs on the disk's side, then here, if this intake still counts.
  template <class Work, class Then>
  void on_disk(Work work, Then then);

  SeekerPorts ports_;
  SnapshotDesk desk_;
  IntakePtr intake_;  // null: none
  AttachmentDesk attachments_;
  std::set<crypto::Hash> wanted_;  // attachments that are not stored yet
  TimeMs stalled_looked_;
  std::size_t on_disk_ = 0;  // pieces of work that have not come back
  bool is_ticking_ = false;
};

}  // namespace treeproof::replica
