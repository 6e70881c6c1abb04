#include "consensus/ledger/redacted_attachment.h"

#include <algorithm>
#include <cassert>
#include <functional>

#include "crypto/merkle.h"

namespace treeproof::ledger {

namespace {

using LeafOf = std::function<std::optional<crypto::ByteSpan>(std::uint64_t index)>;

// Those of both within [0, members), joined where they meet.
std::vector<Range> joined(std::span<const Range> some, std::span<const Range> more,
                          std::uint64_t members) {
  std::vector<Range> all(some.begin(), some.end());
  all.insert(all.end(), more.begin(), more.end());
  std::ranges::sort(all, {}, &Range::from);
  std::vector<Range> ranges;
  for (const Range& range : all) {
    if (range.from >= members) continue;
    const std::uint64_t end = range.from + std::min(range.count, members - range.from);
    const bool meets = !ranges.empty() && range.from <= ranges.back().from + ranges.back().count;
    if (!meets) ranges.push_back({range.from, 0});
    ranges.back().count = std::max(ranges.back().count, end - ranges.back().from);
  }
  return ranges;
}

crypto::Bytes encode(const AttachmentRef& announced, std::span<const Range> redacted,
                     std::span<const crypto::Hash> hashes, const LeafOf& leaf) {
  crypto::CborWriter out(announced.bytes);
  out.array(6).bytes(announced.root).uint(announced.count).uint(announced.bytes);
  out.array(2 * redacted.size());
  for (const Range& range : redacted) out.uint(range.from).uint(range.count);
  crypto::Bytes joined_hashes;
  joined_hashes.reserve(hashes.size() * sizeof(crypto::Hash));
  for (const crypto::Hash& hash : hashes) {
    joined_hashes.insert(joined_hashes.end(), hash.begin(), hash.end());
  }
  out.bytes(joined_hashes).array(announced.count);
  for (std::uint64_t i = 0; i < announced.count; ++i) {
    if (contains(redacted, i)) {
      out.null();
    } else {
      out.raw(leaf(i).value());
    }
  }
  return out.finish();
}

RedactedAttachment made(const AttachmentRef& announced, std::span<const Range> redacted,
                        std::span<const crypto::Hash> all_hashes, const LeafOf& leaf) {
  std::vector<crypto::Hash> hashes;
  for (const Range& range : redacted) {
    const auto part = all_hashes.subspan(range.from, range.count);
    hashes.insert(hashes.end(), part.begin(), part.end());
  }
  auto remains = RedactedAttachment::decode(encode(announced, redacted, hashes, leaf));
  assert(remains.has_value());
  return *std::move(remains);
}

std::vector<Range> read_ranges(crypto::CborReader& in, std::uint64_t members) {
  std::vector<Range> ranges;
  const std::size_t items = in.array(2 * kAttachmentLeavesMax);
  for (std::size_t i = 0; i + 1 < items && in.ok(); i += 2) {
    const std::uint64_t from = in.uint();
    ranges.push_back({from, in.uint()});
  }
  const bool holds = items > 0 && items % 2 == 0 && !first_invalid(ranges, members);
  if (in.ok() && !holds) in.fail(crypto::CborError::out_of_range);
  return ranges;
}

}  // namespace

RedactedAttachment RedactedAttachment::of(const Attachment& whole,
                                          std::span<const Range> redacted) {
  std::vector<crypto::Hash> hashes;
  for (std::size_t i = 0; i < whole.leaf_count(); ++i) {
    hashes.push_back(crypto::leaf_hash(whole.leaf(i)));
  }
  return made(whole.announced(), joined(redacted, {}, whole.leaf_count()), hashes,
              [&](std::uint64_t index) { return std::optional(whole.leaf(index)); });
}

RedactedAttachment RedactedAttachment::without(std::span<const Range> redacted) const {
  return made(announced_, joined(redacted_, redacted, announced_.count), leaf_hashes(),
              [&](std::uint64_t index) { return leaf(index); });
}

std::expected<RedactedAttachment, crypto::CborError> RedactedAttachment::decode(
    crypto::Bytes bytes) {
  RedactedAttachment remains;
  remains.bytes_ = std::move(bytes);
  crypto::CborReader in(remains.bytes_);
  in.array_exact(6);
  AttachmentRef& announced = remains.announced_;
  announced.root = in.hash();
  announced.count = in.uint(kAttachmentLeavesMax);
  announced.bytes = in.uint(kAttachmentBytesMax);
  remains.redacted_ = read_ranges(in, announced.count);
  const std::uint64_t gone = in.ok() ? members_in(remains.redacted_) : 0;
  const crypto::ByteSpan hashes = in.bytes_exact(gone * sizeof(crypto::Hash));
  for (std::size_t at = 0; at < hashes.size(); at += sizeof(crypto::Hash)) {
    std::ranges::copy(hashes.subspan(at, sizeof(crypto::Hash)),
                      remains.hashes_.emplace_back().begin());
  }
  in.array_exact(announced.count);
  for (std::uint64_t i = 0; i < announced.count && in.ok(); ++i) {
    const std::size_t at = in.offset();
    if (contains(remains.redacted_, i)) {
      in.null();
      remains.leaves_.emplace_back();
    } else {
      remains.leaves_.push_back({at, in.item().size()});
    }
  }
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  if (crypto::merkle_root(remains.leaf_hashes()) != announced.root) {
    return std::unexpected(crypto::CborError::out_of_range);
  }
  return remains;
}

std::optional<crypto::ByteSpan> RedactedAttachment::leaf(std::uint64_t index) const {
  assert(index < leaves_.size());
  const Stretch& stretch = leaves_[index];
  if (stretch.count == 0) return std::nullopt;
  return crypto::ByteSpan(bytes_).subspan(stretch.at, stretch.count);
}

std::vector<crypto::Hash> RedactedAttachment::leaf_hashes() const {
  std::vector<crypto::Hash> all;
  all.reserve(leaves_.size());
  auto gone = hashes_.begin();
  for (std::uint64_t i = 0; i < leaves_.size(); ++i) {
    const auto held = leaf(i);
    all.push_back(held ? crypto::leaf_hash(*held) : *gone++);
  }
  return all;
}

}  // namespace treeproof::ledger
