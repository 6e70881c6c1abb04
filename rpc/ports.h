// The two doors between the API and the node: records go in through RecordSink, everything that is
// read comes out of a ChainReader's snapshots. Handlers know nothing else of the node.
// Owns nothing. Implemented by node/host (sink) and node/store (reader). Thread rules at each.
// Source: docs/architecture.md "The path of a signed record"; docs/api.md.
#pragma once

#include <functional>

#include "consensus/replica/effects.h"

namespace treeproof::rpc {

// Callable from any thread. Callbacks run on the replica's thread and must only hand over.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // The answer may come as pending first, more than once; refusals and commits are final, and none
  // comes after `wait_ms`.
  virtual void submit(ledger::StatementPtr statement, std::uint32_t wait_ms,
                      std::function<void(const replica::Answer&)> answer) = 0;
  virtual void pending(
      std::function<void(const std::vector<replica::PendingStatement>&)> answer) = 0;
  // Bytes of an attachment that a pending statement announces.
  virtual void upload(const crypto::Hash& root, crypto::Bytes bytes,
                      std::function<void(std::expected<void, ledger::Refusal>)> answer) = 0;
};

// Where a member of an allocation is: derived from its ranges.
struct LinkPosition {
  ledger::ObjectId allocation;
  std::uint64_t link_index = 0;
};

// Everything as of one decided height; immutable; safe from any thread.
class ChainView : public ledger::StateReader {
 public:
  virtual Height height() const = 0;
  virtual const ledger::Header& header() const = 0;
  virtual const crypto::Hash& header_hash() const = 0;
  // Where a node that was restored from a snapshot begins; 0: at genesis. Blocks and the states of
  // objects below it are not held: whoever asks for one is told `pruned`.
  virtual Height base() const { return {}; }
  // An object as it was at a height from base() to height(); object() is that of height().
  virtual ledger::SharedBytes object_at(const ledger::ObjectKey& key, Height at) const = 0;
  // Objects of a namespace in id order from `cursor` (exclusive; empty: the first) with this
  // prefix of the id, at most `limit`; as of height().
  virtual std::vector<std::pair<std::string, ledger::SharedBytes>> objects(
      std::string_view name_space, std::string_view id_prefix, std::string_view cursor,
      std::size_t limit) const = 0;
  // Objects of namespace "object" by their type, such as "campaign": slowly where there are many of
  // that type, one by one (pledges, evidence, consents).
  virtual std::vector<std::pair<std::string, ledger::SharedBytes>> objects_of_type(
      std::string_view type, std::string_view cursor, std::size_t limit) const = 0;

  virtual std::shared_ptr<const ledger::Block> block(Height height) const = 0;  // null: not held
  // Below the base there are header and certificate of heights at which the validators changed.
  virtual std::optional<crypto::Bytes> header_bytes(Height height) const {
    const auto held = block(height);
    return held ? std::optional(held->header_bytes) : std::nullopt;
  }
  virtual std::optional<bft::CommitCertificate> certificate(Height height) const = 0;
  // The validators that certified a height, and that of the height after it.
  virtual replica::ValidatorsPtr validators(Height height) const = 0;
  // The height whose block holds this log index; entries 0 and 1 are of height 0. Nothing, and no
  // entry, where that block is not held; subtrees are known from entry 0 on.
  virtual std::optional<Height> height_of_log_index(std::uint64_t index) const = 0;
  virtual std::optional<crypto::Bytes> log_entry(std::uint64_t index) const = 0;
  // Full subtrees of the log, for proofs and tiles.
  virtual crypto::Hash log_subtree(std::uint32_t level, std::uint64_t index) const = 0;

  // One leaf of an attachment; also where others of it were redacted, and attachment() has nothing.
  virtual std::optional<crypto::Bytes> leaf(const crypto::Hash& root, std::uint64_t index) const {
    const auto held = attachment(root);
    if (!held || index >= held->leaf_count()) return std::nullopt;
    return crypto::to_bytes(held->leaf(index));
  }
  // The hashes of the link leaves of an allocation, once leaves behind them were redacted; empty
  // where they can be made.
  virtual std::vector<crypto::Hash> link_hashes(const ledger::ObjectId&) const { return {}; }

  // The derived links of an allocation, and the allocations that touch a batch or a redemption.
  virtual std::vector<ledger::LinkRange> links(const ledger::ObjectId& allocation) const = 0;
  virtual std::optional<LinkPosition> link_of_tree(const ledger::ObjectId& batch,
                                                   std::uint64_t index) const = 0;
  virtual std::optional<LinkPosition> link_of_unit(const ledger::ObjectId& redeem,
                                                   std::uint64_t index) const = 0;
  // The unit that holds a commitment.
  virtual std::optional<std::pair<ledger::ObjectId, std::uint64_t>> find_commitment(
      const crypto::Hash& commitment) const = 0;
};
using ChainViewPtr = std::shared_ptr<const ChainView>;

struct NodeStatus {
  std::string org;
  bool validator = false;
  Height highest_seen;  // that more than 1/3 of the power says is decided
  std::vector<std::string> connected;
  std::size_t validators = 0;
  std::string version;
};

// Callable from any thread.
class ChainReader {
 public:
  virtual ~ChainReader() = default;
  virtual ChainViewPtr latest() const = 0;
  // ICS-23 proof (existence or absence) for the state root of this height; nothing when pruned.
  struct StateProof {
    crypto::Bytes ics23;
    ledger::SharedBytes value;  // null: absence is proven
  };
  virtual std::optional<StateProof> state_proof(const ledger::ObjectKey& key, Height at) const = 0;
  virtual NodeStatus status() const = 0;
  // Calls back on each commit, from the replica's thread, until the returned handle is destroyed.
  virtual std::shared_ptr<void> on_commit(std::function<void(Height)> notify) = 0;
};

}  // namespace treeproof::rpc
