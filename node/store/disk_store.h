// The Store on a disk: opens it, checks it, commits to it and hands out views.
// Owns all parts of one folder. Caller: Store::open. Thread rules are Store's.
// Source: docs/consensus.md rule 24; docs/protocol.md sections 4 to 6.
//
//   <folder>/ledger       LevelDB (key_layout.h)
//   <folder>/blocks       segments of blocks and certificates (block_files.h)
//   <folder>/attachments  segments of attachments (attachment_files.h)
//   <folder>/lookups      sorted runs (lookup_indexes.h)
//
// A commit appends the block to its segment and syncs, then writes everything else in one synced
// batch. The segments are the independent tail marker: on opening, blocks that LevelDB lacks, by
// a crash between the two or because it lost what it had acknowledged, are executed again.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "node/store/file.h"
#include "node/store/proof_map.h"
#include "node/store/store.h"
#include "node/store/store_view.h"

namespace treeproof::store {

// The folders of a store.
struct StoreFolders {
  std::filesystem::path all;
  std::filesystem::path ledger() const { return all / "ledger"; }
  std::filesystem::path blocks() const { return all / "blocks"; }
  std::filesystem::path attachments() const { return all / "attachments"; }
  std::filesystem::path lookups() const { return all / "lookups"; }
  std::filesystem::path restoring() const { return all / "restoring"; }  // restoration.h
  std::filesystem::path restored() const { return all / "restored"; }
};
// Exclusive until the file goes; an error where a node or a check has the store open.
std::expected<File, std::string> claim(const StoreFolders& folders);

// Key and value hashes of every object, from the database alone; `visit` sees each stored key.
using StateHashes = std::vector<crypto::StateMapChange>;
std::expected<StateHashes, std::string> hash_objects(
    const Database& database, const std::function<void(std::string_view object_key)>& visit);
// The sets of the next height and of this one, as the tip says.
replica::Tip make_tip(const TipRecord& record, replica::ValidatorsPtr validators,
                      replica::ValidatorsPtr previous_validators);

class DiskStore final : public Store {
 public:
  static std::expected<std::unique_ptr<Store>, StoreError> open(const StoreFolders& folders,
                                                                const ledger::Genesis& genesis);
  ~DiskStore() override;

  const ledger::StateReader& state() const override { return *state_; }
  replica::Tip tip() const override;
  crypto::StateMap build_state_map() const override;
  std::expected<void, StoreError> commit(const replica::Commit& commit) override;
  std::expected<void, StoreError> put_attachments(
      std::span<const PackedAttachment> attachments) override;
  std::expected<void, StoreError> drop_attachments(std::span<const crypto::Hash> roots) override;
  std::expected<void, StoreError> give_back_space() override;
  std::vector<crypto::Hash> unclaimed_attachments() const override;
  std::expected<void, StoreError> erase_redacted() override;
  std::expected<void, StoreError> put_evidence(const bft::VerifiedEvidence& evidence) override;
  std::expected<void, StoreError> forget_evidence(std::span<const crypto::Hash> offences) override;
  std::vector<bft::Evidence> evidence() const override;
  std::expected<void, StoreError> put_alarm(const replica::RecordAlarm& alarm) override;
  std::optional<Height> fork() const override;
  std::optional<replica::PastDecision> past(Height height) const override;
  std::expected<void, StoreError> write_snapshot(const rpc::ChainView& of, SnapshotContent content,
                                                 const SnapshotOut& out) const override;
  std::optional<replica::Decided> decided(Height height) const override;
  rpc::ChainViewPtr latest() const override;
  std::optional<rpc::ChainReader::StateProof> state_proof(const ledger::ObjectKey& key,
                                                          Height at) const override;

 private:
  explicit DiskStore(StoreFolders folders) : folders_(std::move(folders)) {}
  // disk_store_opening.cpp, in this order
  std::expected<void, std::string> open_all(const ledger::Genesis& genesis);
  std::expected<void, std::string> open_files();
  std::expected<void, std::string> create(const ledger::Genesis& genesis);
  std::expected<void, std::string> load_tip(const ledger::Genesis& genesis);
  std::expected<void, std::string> check_tail(const ledger::Genesis& genesis);
  std::expected<StateHashes, std::string> check_state();
  std::expected<bool, std::string> execute_rest();
  void start_followers(StateHashes objects);

  std::expected<void, std::string> apply(const replica::Commit& commit, const BlockPlaces& places);
  void publish(const ledger::Header& header);
  std::unexpected<StoreError> fail(const std::string& why);
  std::expected<void, StoreError> writable() const;  // refuses after the first failure

  StoreFolders folders_;
  File claim_;
  std::string chain_id_;
  std::vector<crypto::Bytes> genesis_log_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<BlockFiles> blocks_;
  std::unique_ptr<AttachmentFiles> attachments_;
  std::unique_ptr<StoredState> state_;
  HeightWriter writer_{{}, {}};
  BaseRecord base_;
  ledger::Header header_;  // of the tip; of height 0 while there is none
  replica::ValidatorsPtr validators_;
  replica::ValidatorsPtr previous_validators_;
  // The map that opening checked, for whoever asks first; gone with the first commit.
  mutable std::optional<crypto::StateMap> checked_map_;
  mutable std::mutex failure_lock_;
  std::optional<StoreError> failure_;  // the first one is final
  std::unique_ptr<LookupIndexes> lookups_;
  std::unique_ptr<ProofMap> proofs_;
  std::atomic<std::shared_ptr<const StoreView>> latest_;
};

}  // namespace treeproof::store
