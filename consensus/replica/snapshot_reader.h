// Reads a snapshot from front to back and believes nothing in it: validator sets from a trusted one
// on, the block's certificate by more than 2/3 of its set, the log's leaf hashes by the header's
// log root, pages by their objects, all objects by the header's state root.
// Owns the hashes of what it read (64 bytes an object); no value. Callers: node/store, the
// simulator. Pure. Source: docs/consensus.md rule 28; docs/protocol.md section 12.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "consensus/proofs/set_walk.h"
#include "consensus/proofs/verify.h"
#include "consensus/replica/chain.h"
#include "consensus/replica/snapshot_records.h"

namespace treeproof::replica {

enum class SnapshotRefusal : std::uint8_t {
  record_malformed,
  record_out_of_order,
  wrong_chain,         // chain id, or entry 0 of the log
  foreign_validators,  // the sets are not those that the trust names
  set_change_invalid,  // one that the set before it did not certify
  not_certified,       // the block, by its set
  policy_unmet,
  too_old,        // below the trust
  wrong_block,    // the body is not that of the header
  wrong_log,      // the leaf hashes do not lead to the log root
  wrong_pages,    // of an object
  links_missing,  // of an object that has some, or of one that has none
  wrong_state,    // the objects do not lead to the state root
  wrong_links,    // not those that their object committed to
  attachment_missing,
  cut_short,
  another_height  // than it was offered as
};
// Stable, such as "snapshot_wrong_state".
std::string_view to_string(SnapshotRefusal refusal) noexcept;

struct SnapshotFault {
  SnapshotRefusal reason{};
  std::string detail;  // may be empty
};
// "snapshot_wrong_state: detail".
std::string to_string(const SnapshotFault& fault);

class SnapshotReader {
 public:
  explicit SnapshotReader(proofs::Trust trust);

  // Takes the next bytes, cut anywhere; returns the whole records among them, each checked as far
  // as what stands before it allows. After a fault it is of no use.
  template <class T>
  using Read = std::expected<T, SnapshotFault>;
  Read<std::vector<SnapshotRecord>> take(crypto::ByteSpan bytes);
  // After the last byte: the roots over everything. What is left to check needs the attachments.
  Read<void> finish();

  bool has_block() const noexcept { return header_.has_value(); }
  // Requires: finish() held. Where the chain stands after the snapshot's block.
  Tip tip() const;
  const ledger::Header& header() const { return *header_; }  // Requires: has_block()
  const ValidatorSet& first_validators() const { return *first_; }
  // The set of the height after the block is in force from here.
  Height validators_since() const { return walk_->since(); }

 private:
  Read<void> judge(const SnapshotRecord& record);
  Read<void> judge(const SnapshotHead& head);
  Read<void> judge(const SnapshotSetChange& change);
  Read<void> judge(const SnapshotBlock& block);
  Read<void> judge(const SnapshotLog& log);
  Read<void> judge(const SnapshotObject& object);
  Read<void> judge(const SnapshotAttachment&) { return {}; }
  Read<void> judge(const SnapshotEnd&);
  Read<void> check_body(const ledger::Block& block);
  Read<void> check_log() const;
  bool is_trusted(Height until) const;

  proofs::Trust trust_;
  crypto::Bytes rest_;    // of a record that is not whole yet
  std::size_t kind_ = 0;  // of the record before
  bool has_begun_ = false;
  bool has_ended_ = false;
  std::optional<ValidatorSet> first_;
  std::optional<proofs::SetWalk> walk_;
  std::optional<ValidatorSet> before_;  // the set before the last change
  std::optional<ledger::Header> header_;
  crypto::Hash header_hash_{};
  crypto::Bytes commit_;
  std::vector<crypto::Hash> block_leaves_;
  crypto::Frontier log_;
  std::string last_key_;
  std::vector<crypto::StateMapChange> objects_;
};

}  // namespace treeproof::replica
