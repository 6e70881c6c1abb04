// A whole chain in memory, as an auditor's recomputation left it: every answer of a ChainView,
// from nothing but the blocks that were given to it.
// Owns all it was given. Lookups that a node keeps indexes for are searches here. Callers:
// replayed_chain, audit, tests. One thread.
// Source: docs/protocol.md sections 4 and 5; docs/consensus.md rule 24.
#pragma once

#include <map>
#include <vector>

#include "consensus/ledger/genesis.h"
#include "rpc/ports.h"

namespace treeproof::cli {

class ReplayedView final : public rpc::ChainView {
 public:
  explicit ReplayedView(const ledger::Genesis& genesis);

  // Requires: the block was executed on top of this view.
  void commit(const replica::ExecutedBlock& executed, bft::CommitCertificate certificate);
  void put_attachment(const ledger::AttachmentPtr& attachment);
  replica::Tip genesis_tip() const;
  crypto::StateMap build_state_map() const;

  ledger::SharedBytes object(const ledger::ObjectKey& key) const override;
  ledger::SharedBytes page(const ledger::PageKey& key) const override;
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override;
  Height height() const override { return Height{blocks_.size() - 1}; }
  const ledger::Header& header() const override { return blocks_.back().header; }
  const crypto::Hash& header_hash() const override { return blocks_.back().header_hash; }
  ledger::SharedBytes object_at(const ledger::ObjectKey& key, Height at) const override;
  std::vector<std::pair<std::string, ledger::SharedBytes>> objects(
      std::string_view name_space, std::string_view id_prefix, std::string_view cursor,
      std::size_t limit) const override;
  std::vector<std::pair<std::string, ledger::SharedBytes>> objects_of_type(
      std::string_view type, std::string_view cursor, std::size_t limit) const override;
  std::shared_ptr<const ledger::Block> block(Height height) const override;
  std::optional<bft::CommitCertificate> certificate(Height height) const override;
  replica::ValidatorsPtr validators(Height height) const override;
  std::optional<Height> height_of_log_index(std::uint64_t index) const override;
  std::optional<crypto::Bytes> log_entry(std::uint64_t index) const override;
  crypto::Hash log_subtree(std::uint32_t level, std::uint64_t index) const override;
  std::vector<ledger::LinkRange> links(const ledger::ObjectId& allocation) const override;
  std::optional<rpc::LinkPosition> link_of_tree(const ledger::ObjectId& batch,
                                                std::uint64_t index) const override;
  std::optional<rpc::LinkPosition> link_of_unit(const ledger::ObjectId& redeem,
                                                std::uint64_t index) const override;
  std::optional<std::pair<ledger::ObjectId, std::uint64_t>> find_commitment(
      const crypto::Hash& commitment) const override;

 private:
  struct Version {
    Height since;
    ledger::SharedBytes value;  // null: removed
  };
  struct BlockEntry {
    ledger::Header header;
    crypto::Hash header_hash{};
    std::shared_ptr<const ledger::Block> block;         // null at height 0
    std::optional<bft::CommitCertificate> certificate;  // none at height 0
  };
  template <class Wanted>
  std::vector<std::pair<std::string, ledger::SharedBytes>> collect(std::string_view name_space,
                                                                   std::string_view prefix,
                                                                   std::string_view cursor,
                                                                   std::size_t limit,
                                                                   Wanted wanted) const;
  template <class Member>
  std::optional<rpc::LinkPosition> find_link(Member member) const;
  void take(const ledger::StateChanges& changes, Height height);
  void append_log(const crypto::Bytes& entry);

  std::map<ledger::ObjectKey, std::vector<Version>> objects_;
  std::map<ledger::PageKey, ledger::SharedBytes> pages_;
  std::map<crypto::Hash, ledger::AttachmentPtr> attachments_;
  std::vector<BlockEntry> blocks_;                  // by height, genesis first
  std::vector<replica::ValidatorsPtr> validators_;  // by height; that of the next one is the last
  std::vector<crypto::Bytes> genesis_entries_;
  crypto::Frontier log_;
  std::vector<std::vector<crypto::Hash>> subtrees_;  // by level, then index
  std::vector<ledger::AllocationLinks> allocations_;
};

}  // namespace treeproof::cli
