// A store in memory with the guarantees of the real one: a commit is whole or not there. One that
// was restored from a snapshot holds the blocks above it, as the real one does.
// Owns what it was given. Callers: the simulator, unit tests. One thread.
// Source: docs/consensus.md rules 24 and 28.
#pragma once

#include <map>
#include <set>

#include "consensus/ledger/genesis.h"
#include "consensus/replica/replica_types.h"
#include "consensus/replica/snapshot_records.h"

namespace treeproof::simulation {

class MemoryStore final : public ledger::StateReader {
 public:
  explicit MemoryStore(const ledger::Genesis& genesis);

  ledger::SharedBytes object(const ledger::ObjectKey& key) const override;
  ledger::SharedBytes page(const ledger::PageKey& key) const override;
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override;
  bool holds(const crypto::Hash& root) const override { return attachments_.contains(root); }

  void commit(const replica::Commit& commit);
  void put_attachment(const ledger::AttachmentPtr& attachment);
  // Only those that no committed statement announces.
  void drop_attachments(const std::vector<crypto::Hash>& roots);
  std::vector<crypto::Hash> unclaimed_attachments() const;

  const std::map<ledger::ObjectKey, ledger::SharedBytes>& objects() const noexcept {
    return objects_;
  }
  replica::Tip tip() const { return tip_; }
  crypto::StateMap build_state_map() const;
  std::optional<replica::PastDecision> past(Height height) const;
  // Ascending, from the height after the base on.
  const std::vector<replica::Commit>& blocks() const noexcept { return blocks_; }
  Height base() const noexcept { return base_; }  // of the snapshot that it began at; 0: genesis
  const replica::Commit* block(Height height) const;  // null where it is not held
  // Of the log's entries, from genesis on.
  const std::vector<crypto::Hash>& leaf_hashes() const noexcept { return leaves_; }
  // The snapshot of the last block: the bytes of node/store. Requires: the certificate is the one
  // that the next block carries.
  crypto::Bytes snapshot(const std::string& chain_id,
                         const bft::CommitCertificate& certificate) const;

 private:
  friend class MemoryIntake;
  void take(const ledger::StateChanges& changes);
  void note_set_change(const replica::Commit& commit);
  std::map<ledger::ObjectKey, ledger::SharedBytes> objects_;
  std::map<ledger::PageKey, ledger::SharedBytes> pages_;
  std::map<crypto::Hash, ledger::AttachmentPtr> attachments_;
  std::set<crypto::Hash> claimed_;  // announced by committed statements
  std::vector<replica::Commit> blocks_;
  std::vector<crypto::Hash> leaves_;
  std::vector<replica::SnapshotSetChange> set_changes_;
  std::map<std::string, std::vector<ledger::LinkRange>> links_;  // by allocation
  Height base_;
  std::optional<replica::PastDecision> base_decision_;
  replica::ValidatorsPtr base_validators_;   // of the height after the base
  replica::ValidatorsPtr first_validators_;  // of height 1
  replica::Tip tip_;
};

}  // namespace treeproof::simulation
