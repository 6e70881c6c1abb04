#include "consensus/ledger/attachment.h"

#include <cassert>

#include "crypto/cbor.h"
#include "crypto/merkle.h"

namespace treeproof::ledger {

namespace {

std::unexpected<Refusal> refuse(Reason reason, std::uint64_t found, std::uint64_t limit) {
  return std::unexpected(
      Refusal{reason, {{"found", std::to_string(found)}, {"limit", std::to_string(limit)}}});
}

std::unexpected<Refusal> mismatch(Reason reason, std::string found, std::string announced) {
  return std::unexpected(
      Refusal{reason, {{"found", std::move(found)}, {"announced", std::move(announced)}}});
}

}  // namespace

std::expected<void, Refusal> Attachment::find_leaves() {
  crypto::CborReader in(bytes_);
  const std::size_t count = in.array(kAttachmentLeavesMax);
  if (in.ok() && count == 0) return std::unexpected(Refusal{Reason::empty, {}});
  offsets_.reserve(count + 1);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    offsets_.push_back(static_cast<std::uint32_t>(in.offset()));
    const std::size_t leaf_bytes = in.item().size();
    if (leaf_bytes > kLeafBytesMax) {
      return refuse(Reason::attachment_leaf_too_large, leaf_bytes, kLeafBytesMax);
    }
  }
  if (auto end = in.finish(); !end) {
    return std::unexpected(Refusal{reason_of(end.error()), {{"part", "attachment"}}});
  }
  offsets_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  return {};
}

void Attachment::announce() {
  crypto::Frontier tree;
  for (std::size_t i = 0; i < leaf_count(); ++i) tree.append(crypto::leaf_hash(leaf(i)));
  announced_ = {tree.root(), leaf_count(), bytes_.size()};
  const LeafAt leaf_at = [this](std::size_t index) { return leaf(index); };
  redeem_ = ledger::redeem_facts(leaf_count(), leaf_at);
  trees_ = tree_columns(leaf_count(), leaf_at);
}

std::expected<AttachmentPtr, Refusal> Attachment::check(crypto::Bytes bytes,
                                                        const AttachmentRef& announced) {
  if (bytes.size() > kAttachmentBytesMax) {
    return refuse(Reason::attachment_too_large, bytes.size(), kAttachmentBytesMax);
  }
  if (bytes.size() != announced.bytes) {
    return mismatch(Reason::attachment_bytes_mismatch, std::to_string(bytes.size()),
                    std::to_string(announced.bytes));
  }
  const std::shared_ptr<Attachment> attachment(new Attachment(std::move(bytes)));
  if (auto found = attachment->find_leaves(); !found) return std::unexpected(found.error());
  if (attachment->leaf_count() != announced.count) {
    return mismatch(Reason::attachment_count_mismatch, std::to_string(attachment->leaf_count()),
                    std::to_string(announced.count));
  }
  attachment->announce();
  if (attachment->announced_.root != announced.root) {
    return mismatch(Reason::attachment_root_mismatch, crypto::to_hex(attachment->announced_.root),
                    crypto::to_hex(announced.root));
  }
  return attachment;
}

AttachmentPtr Attachment::build(std::span<const crypto::Bytes> leaves) {
  crypto::CborWriter out;
  out.array(leaves.size());
  for (const crypto::Bytes& leaf : leaves) out.raw(leaf);
  const std::shared_ptr<Attachment> attachment(new Attachment(out.finish()));
  const auto found = attachment->find_leaves();
  assert(found.has_value() && attachment->bytes_.size() <= kAttachmentBytesMax);
  attachment->announce();
  return attachment;
}

crypto::ByteSpan Attachment::leaf(std::size_t index) const noexcept {
  assert(index + 1 < offsets_.size());
  return crypto::ByteSpan(bytes_).subspan(offsets_[index], offsets_[index + 1] - offsets_[index]);
}

}  // namespace treeproof::ledger
