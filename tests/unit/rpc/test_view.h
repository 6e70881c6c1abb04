// The view of a chain in memory at one height, immutable as a node's is.
// Owns nothing but its share of the data. Made by TestChain. Shared by the tests of rpc/.
#pragma once

#include <map>

#include "consensus/replica/chain.h"
#include "rpc/ports.h"

namespace treeproof::rpc {

// What one height left behind; immutable.
struct ChainData {
  ledger::Header header;
  crypto::Hash header_hash{};
  std::map<ledger::ObjectKey, std::map<Height, ledger::SharedBytes>> objects;
  std::map<ledger::PageKey, ledger::SharedBytes> pages;
  std::map<crypto::Hash, ledger::AttachmentPtr> attachments;
  std::vector<replica::Commit> commits;            // of height 1 first
  std::vector<replica::ValidatorsPtr> validators;  // of height 1 first, and of the next one
  std::vector<crypto::Bytes> log;
  std::vector<ledger::AllocationLinks> links;
};
using ChainDataPtr = std::shared_ptr<const ChainData>;

class TestView final : public ChainView {
 public:
  explicit TestView(ChainDataPtr data, Height base = {}) : data_(std::move(data)), base_(base) {}

  ledger::SharedBytes object(const ledger::ObjectKey& key) const override;
  ledger::SharedBytes page(const ledger::PageKey& key) const override;
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override;
  std::optional<crypto::Bytes> leaf(const crypto::Hash& root, std::uint64_t index) const override;
  Height height() const override { return data_->header.height; }
  const ledger::Header& header() const override { return data_->header; }
  const crypto::Hash& header_hash() const override { return data_->header_hash; }
  Height base() const override { return base_; }
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
  // Made of all leaves: as of a node that kept them in time.
  std::vector<crypto::Hash> link_hashes(const ledger::ObjectId& allocation) const override;
  std::optional<LinkPosition> link_of_tree(const ledger::ObjectId& batch,
                                           std::uint64_t index) const override;
  std::optional<LinkPosition> link_of_unit(const ledger::ObjectId& redeem,
                                           std::uint64_t index) const override;
  std::optional<std::pair<ledger::ObjectId, std::uint64_t>> find_commitment(
      const crypto::Hash& commitment) const override;

 private:
  std::optional<LinkPosition> find_link(const ledger::ObjectId& id, std::uint64_t index,
                                        ledger::ObjectId ledger::LinkRange::* member,
                                        std::uint64_t ledger::LinkRange::* from) const;
  bool is_held(Height height) const;  // a block of the chain, and not below the base
  ChainDataPtr data_;
  Height base_;
};

}  // namespace treeproof::rpc
