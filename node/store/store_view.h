// The chain as of one decided height, read from a snapshot of LevelDB.
// Owns the snapshot; not the store, which it must not outlive. Callers: HTTP threads through
// rpc::ChainView. Immutable; any thread.
// Source: docs/architecture.md step 9; docs/api.md.
#pragma once

#include "node/store/beginning_record.h"
#include "node/store/block_files.h"
#include "node/store/lookup_indexes.h"
#include "node/store/tip_record.h"
#include "rpc/ports.h"

namespace treeproof::store {

// What all views of a store read from.
struct ViewSources {
  const Database& database;
  const BlockFiles& blocks;
  const AttachmentFiles& attachments;
  const LookupIndexes& lookups;
  const std::vector<crypto::Bytes>& genesis_log;  // entries 0 and 1
};

// The validators of a height up to the tip's next one. Any thread.
replica::ValidatorsPtr read_validators(const Database& database, const Snapshot& snapshot,
                                       Height height);
// The places of a decided block; nothing where the height is not decided.
std::optional<BlockPlaces> read_places(const Database& database, const Snapshot& snapshot,
                                       Height height);

class StoreView final : public rpc::ChainView {
 public:
  // What is known of the height beside the snapshot; the header of height 0 is made of genesis.
  struct Moment {
    ledger::Header header;
    crypto::Hash header_hash{};
    Height validators_since;  // `validators` are in force from there, those of height + 1
    replica::ValidatorsPtr validators;
    BaseRecord base;
  };
  StoreView(const ViewSources& sources, Moment moment);

  const ViewSources& sources() const noexcept { return sources_; }
  const Snapshot& snapshot() const noexcept { return snapshot_; }

  ledger::SharedBytes object(const ledger::ObjectKey& key) const override;
  ledger::SharedBytes page(const ledger::PageKey& key) const override;
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override;
  bool holds(const crypto::Hash& root) const override;
  std::optional<crypto::Bytes> leaf(const crypto::Hash& root, std::uint64_t index) const override;

  Height height() const override { return moment_.header.height; }
  const ledger::Header& header() const override { return moment_.header; }
  const crypto::Hash& header_hash() const override { return moment_.header_hash; }
  Height base() const override { return moment_.base.height; }
  ledger::SharedBytes object_at(const ledger::ObjectKey& key, Height at) const override;
  std::vector<std::pair<std::string, ledger::SharedBytes>> objects(
      std::string_view name_space, std::string_view id_prefix, std::string_view cursor,
      std::size_t limit) const override;
  std::vector<std::pair<std::string, ledger::SharedBytes>> objects_of_type(
      std::string_view type, std::string_view cursor, std::size_t limit) const override;

  std::shared_ptr<const ledger::Block> block(Height height) const override;
  std::optional<crypto::Bytes> header_bytes(Height height) const override;
  std::optional<bft::CommitCertificate> certificate(Height height) const override;
  replica::ValidatorsPtr validators(Height height) const override;
  std::optional<Height> height_of_log_index(std::uint64_t index) const override;
  std::optional<crypto::Bytes> log_entry(std::uint64_t index) const override;
  crypto::Hash log_subtree(std::uint32_t level, std::uint64_t index) const override;

  std::vector<ledger::LinkRange> links(const ledger::ObjectId& allocation) const override;
  std::vector<crypto::Hash> link_hashes(const ledger::ObjectId& allocation) const override;
  std::optional<rpc::LinkPosition> link_of_tree(const ledger::ObjectId& batch,
                                                std::uint64_t index) const override;
  std::optional<rpc::LinkPosition> link_of_unit(const ledger::ObjectId& redeem,
                                                std::uint64_t index) const override;
  std::optional<std::pair<ledger::ObjectId, std::uint64_t>> find_commitment(
      const crypto::Hash& commitment) const override;

 private:
  std::vector<std::pair<std::string, ledger::SharedBytes>> unlisted_of_type(
      std::string_view type, std::string_view cursor, std::size_t limit) const;
  std::optional<rpc::LinkPosition> last_link(const std::vector<rpc::LinkPosition>& links) const;
  ViewSources sources_;
  Moment moment_;
  Snapshot snapshot_;
};

}  // namespace treeproof::store
