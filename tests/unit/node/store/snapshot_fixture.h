// A chain with everything that a snapshot carries: pages, links of an allocate and a replace with
// trees that were corrected and verified again later, attachments, a change of validators, objects
// overwritten and removed; and the steps of taking one in.
// Owns chain, store and folder. Callers: the tests of snapshots. One thread.
// Source: docs/consensus.md rule 28; docs/protocol.md section 12.
#pragma once

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "node/store/restoration.h"
#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {

class SnapshotChain {
 public:
  static constexpr std::size_t kTrees = 10'000;  // two pages
  static constexpr std::size_t kUnits = 40;
  static constexpr std::size_t kAttachments = 4;
  SnapshotChain();

  // The validators of genesis, from height 1 on.
  proofs::Trust trust() const;
  crypto::Bytes snapshot(SnapshotContent content) const;

  TestChain chain;
  TemporaryFolder folder;
  std::unique_ptr<Store> store;
  std::vector<ledger::AttachmentPtr> attachments;

 private:
  void put(const ledger::AttachmentPtr& attachment);
  void plant_and_redeem();
  void allocate();
  void correct(ledger::State& state, ledger::BatchObject& batch, std::uint64_t log_index);
  void replace(ledger::State& state, std::vector<ledger::AllocationLinks>& links,
               std::uint64_t log_index);
  ledger::StateChanges verify_again();
  void change_validators();
};

// Takes a snapshot in, some bytes at a time, and finishes it; nothing where it was taken.
std::optional<RestoreFailure> restore(const std::filesystem::path& folder,
                                      const ledger::Genesis& genesis, const proofs::Trust& trust,
                                      crypto::ByteSpan snapshot);

// The records of a snapshot, to be changed, and the snapshot of some records.
std::vector<replica::SnapshotRecord> records_of(crypto::ByteSpan snapshot);
crypto::Bytes snapshot_of(const std::vector<replica::SnapshotRecord>& records);

}  // namespace treeproof::store
