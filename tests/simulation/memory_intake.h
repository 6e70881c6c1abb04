// A snapshot on its way into a simulated disk, checked by the reader of the real store: it lies
// beside the empty store until the node is started again.
// Owns what it took in. Caller: the simulated world, through the node's own seeker. One thread.
// Source: docs/consensus.md rule 28; docs/adr/0012.
#pragma once

#include "consensus/replica/snapshot_intake.h"
#include "tests/simulation/disk.h"

namespace treeproof::simulation {

class MemoryIntake final : public replica::SnapshotIntake {
 public:
  // The disk outlives the intake, and its store stays empty.
  MemoryIntake(const MemoryStore& empty, Disk& disk, proofs::Trust trust);

  Done<void> take(crypto::ByteSpan bytes) override;
  Done<void> end() override;
  std::vector<ledger::AttachmentRef> missing(std::size_t limit) override;
  Done<void> finish() override;
  std::optional<Height> height() const override;

 private:
  void put(const replica::SnapshotHead& head);
  void put(const replica::SnapshotSetChange& change);
  void put(const replica::SnapshotBlock& block);
  void put(const replica::SnapshotLog& log);
  void put(const replica::SnapshotObject& object);
  void put(const replica::SnapshotAttachment&) {}  // peers ask one another for them
  void put(const replica::SnapshotEnd&) {}

  Disk& disk_;
  replica::SnapshotReader reader_;
  MemoryStore restored_;
};

}  // namespace treeproof::simulation
