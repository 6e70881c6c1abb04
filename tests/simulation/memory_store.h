// A store in memory with the guarantees of the real one: a commit is whole or not there.
// Owns what it was given. Callers: the simulator, unit tests. One thread.
// Source: docs/consensus.md rule 24.
#pragma once

#include <map>
#include <set>

#include "consensus/ledger/genesis.h"
#include "consensus/replica/replica_types.h"

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
  const std::vector<replica::Commit>& blocks() const noexcept { return blocks_; }  // height 1 first

 private:
  void take(const ledger::StateChanges& changes);
  std::map<ledger::ObjectKey, ledger::SharedBytes> objects_;
  std::map<ledger::PageKey, ledger::SharedBytes> pages_;
  std::map<crypto::Hash, ledger::AttachmentPtr> attachments_;
  std::set<crypto::Hash> claimed_;  // announced by committed statements
  std::vector<replica::Commit> blocks_;
  replica::ValidatorsPtr first_validators_;
  replica::Tip tip_;
};

}  // namespace treeproof::simulation
