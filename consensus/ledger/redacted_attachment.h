// What remains of an attachment whose leaves were redacted: the other leaves, and the hashes of
// those, so that everything still leads to its root.
// Owns its bytes; does not know why. Callers: the store (makes and keeps it), queries. Immutable;
// pure. Source: docs/ledger.md "Redaction"; docs/adr/0029.
//
//   remains = CBOR [root, leaves, bytes, [from, count, ...], hashes, [leaf or null, ...]]
//             root, number of leaves and bytes as announced; the ranges redacted, and as many
//             hashes of 32 bytes, one after the other, as they have leaves
#pragma once

#include <expected>
#include <optional>
#include <vector>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/ranges.h"
#include "crypto/cbor.h"

namespace treeproof::ledger {

class RedactedAttachment {
 public:
  // Every other leaf a range of its own at the worst.
  static constexpr std::size_t kBytesMax =
      kAttachmentBytesMax + kAttachmentLeavesMax * (sizeof(crypto::Hash) + 16);

  // The ranges in any order; leaves that the attachment does not have are no part of it.
  // Requires: it has one of them.
  static RedactedAttachment of(const Attachment& whole, std::span<const Range> redacted);
  // Without these, too.
  RedactedAttachment without(std::span<const Range> redacted) const;
  // Strict, and leads to the root that it names: out_of_range where it does not.
  static std::expected<RedactedAttachment, crypto::CborError> decode(crypto::Bytes bytes);

  crypto::ByteSpan bytes() const noexcept { return bytes_; }
  const AttachmentRef& announced() const noexcept { return announced_; }
  std::span<const Range> redacted() const noexcept { return redacted_; }
  // Nothing where it was redacted. Requires: index < announced().count.
  std::optional<crypto::ByteSpan> leaf(std::uint64_t index) const;

 private:
  struct Stretch {
    std::size_t at = 0;
    std::size_t count = 0;
  };
  std::vector<crypto::Hash> leaf_hashes() const;
  AttachmentRef announced_;
  std::vector<Range> redacted_;
  std::vector<crypto::Hash> hashes_;  // of the redacted leaves, in their order
  std::vector<Stretch> leaves_;       // of bytes_; nothing of what was redacted
  crypto::Bytes bytes_;
};

}  // namespace treeproof::ledger
