// Bulk data beside a statement: a deterministic CBOR array of leaves under an RFC 9162 root.
// Owns no storage. Callers: the worker pool (check), rules (leaves), rpc (proofs). Pure.
// Source: docs/protocol.md section 4 "Attachments".
#pragma once

#include <expected>
#include <memory>
#include <vector>

#include "consensus/ledger/attachment_facts.h"
#include "consensus/ledger/leaves.h"
#include "consensus/ledger/reason.h"
#include "consensus/ledger/tree_columns.h"
#include "crypto/bytes.h"

namespace treeproof::ledger {

// Bytes whose form and root were checked. Immutable; safe to share between threads.
class Attachment {
 public:
  // Refuses: bytes, leaves or a leaf above the limits, none at all (empty), non-canonical CBOR,
  // another size, count or root than announced.
  static std::expected<std::shared_ptr<const Attachment>, Refusal> check(
      crypto::Bytes bytes, const AttachmentRef& announced);
  // The announcement of these leaves and the bytes that carry it. Requires: each leaf is one
  // canonical CBOR item, and they are within the limits.
  static std::shared_ptr<const Attachment> build(std::span<const crypto::Bytes> leaves);

  const AttachmentRef& announced() const noexcept { return announced_; }
  crypto::ByteSpan bytes() const noexcept { return bytes_; }
  std::size_t leaf_count() const noexcept { return offsets_.size() - 1; }
  crypto::ByteSpan leaf(std::size_t index) const noexcept;
  // Computed when the attachment was made: a function of its bytes, whatever they were sent for.
  const std::expected<RedeemFacts, Refusal>& redeem_facts() const noexcept { return redeem_; }
  const std::expected<TreeColumns, Refusal>& trees() const noexcept { return trees_; }

 private:
  explicit Attachment(crypto::Bytes bytes) : bytes_(std::move(bytes)) {}
  std::expected<void, Refusal> find_leaves();
  void announce();
  AttachmentRef announced_;
  crypto::Bytes bytes_;
  std::vector<std::uint32_t> offsets_;  // leaf i is bytes_[offsets_[i], offsets_[i + 1])
  std::expected<RedeemFacts, Refusal> redeem_;
  std::expected<TreeColumns, Refusal> trees_;
};
using AttachmentPtr = std::shared_ptr<const Attachment>;

}  // namespace treeproof::ledger
