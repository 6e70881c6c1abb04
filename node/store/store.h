// What a node keeps on disk: blocks, certificates, objects with their versions, pages, the log's
// full subtrees and lookups in LevelDB (key_layout.h); attachments in segment files beside it.
// Owns the folder it opened. One writer, the replica's thread, beside which one other may put
// attachments; views may be read from any thread.
// Does not own the journal and the sign guard: they have files of their own.
// Source: docs/protocol.md sections 4 to 6; docs/consensus.md rule 24.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "consensus/ledger/genesis.h"
#include "consensus/replica/replica_types.h"
#include "rpc/ports.h"

namespace treeproof::store {

// An attachment as it lies on disk: the bytes in one zstd frame.
struct PackedAttachment {
  ledger::AttachmentPtr attachment;
  crypto::Bytes frame;
};
// Costs time (about 2 ns a byte) and touches nothing: from any thread.
PackedAttachment pack(ledger::AttachmentPtr attachment);

// A sentence for the operator: what is wrong and which command helps.
using StoreError = std::string;

// What a snapshot carries (docs/protocol.md section 12). Peers ask one another for attachments by
// their roots, so only a file needs them.
enum class SnapshotContent : std::uint8_t { state, with_attachments };
// Takes the next bytes of a snapshot; an error ends it.
using SnapshotOut = std::function<std::expected<void, std::string>(crypto::ByteSpan bytes)>;

class Store {
 public:
  // Opens or, in an empty folder, creates the store of this genesis. Checks itself: the tail's
  // hash links, the tip beside the independent tail marker, the state root over all objects. A
  // snapshot that was restored (restoration.h) is put in its place first.
  static std::expected<std::unique_ptr<Store>, StoreError> open(const std::filesystem::path& folder,
                                                                const ledger::Genesis& genesis);
  virtual ~Store() = default;

  // For the replica, on its thread: the state after the last commit.
  virtual const ledger::StateReader& state() const = 0;
  virtual replica::Tip tip() const = 0;
  virtual crypto::StateMap build_state_map() const = 0;

  // One atomic synced batch. An error is final: the node stops and never writes again.
  virtual std::expected<void, StoreError> commit(const replica::Commit& commit) = 0;
  // All durable when it returns, by one sync. Content-addressed: the same root again is no write.
  // On one thread at a time, which need not be the replica's.
  virtual std::expected<void, StoreError> put_attachments(
      std::span<const PackedAttachment> attachments) = 0;
  // Those of them that no committed statement announces are not held any more when it returns.
  virtual std::expected<void, StoreError> drop_attachments(std::span<const crypto::Hash> roots) = 0;
  // Gives back the space of what was dropped. On the thread of put_attachments.
  virtual std::expected<void, StoreError> give_back_space() = 0;
  virtual std::vector<crypto::Hash> unclaimed_attachments() const = 0;
  // Erases the bytes of leaves that a committed block redacted; done when the store is opened, too.
  // Nothing shows them from that block on. On the thread of put_attachments.
  virtual std::expected<void, StoreError> erase_redacted() = 0;

  // Evidence that no block holds yet: one piece for each offence.
  virtual std::expected<void, StoreError> put_evidence(const bft::VerifiedEvidence& evidence) = 0;
  virtual std::expected<void, StoreError> forget_evidence(
      std::span<const crypto::Hash> offences) = 0;
  virtual std::vector<bft::Evidence> evidence() const = 0;

  // What cannot be and was seen all the same. [rule 25]
  virtual std::expected<void, StoreError> put_alarm(const replica::RecordAlarm& alarm) = 0;
  // A height in which two quorums were seen: the node votes no more.
  virtual std::optional<Height> fork() const = 0;

  // A decided height, for comparing; nothing above the tip. On the replica's thread.
  virtual std::optional<replica::PastDecision> past(Height height) const = 0;
  // The snapshot of one of this store's views: with the certificate that the next block carries,
  // where there is one by now, the same bytes on every node. From any thread. Requires: the view is
  // not of height 0.
  virtual std::expected<void, StoreError> write_snapshot(const rpc::ChainView& of,
                                                         SnapshotContent content,
                                                         const SnapshotOut& out) const = 0;

  // For peers that catch up; nothing above the tip, and nothing below where the store begins. From
  // any thread.
  virtual std::optional<replica::Decided> decided(Height height) const = 0;

  // For the API, from any thread. Views stay valid while the store lives.
  virtual rpc::ChainViewPtr latest() const = 0;
  virtual std::optional<rpc::ChainReader::StateProof> state_proof(const ledger::ObjectKey& key,
                                                                  Height at) const = 0;
};

// Recomputes everything from the blocks: hash links, log, state root of each height, indexes. Of a
// store that was restored from a snapshot: what check_restored.h says.
struct CheckReport {
  Height tip;
  Height base;  // where the store begins; 0: at genesis
  std::uint64_t blocks = 0;
  std::uint64_t statements = 0;
  std::vector<std::string> findings;
};
std::expected<CheckReport, StoreError> check_store(
    const std::filesystem::path& folder, const ledger::Genesis& genesis,
    const std::function<void(Height done, Height of)>& progress);

}  // namespace treeproof::store
