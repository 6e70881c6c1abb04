#include "node/store/tip_record.h"

#include <bit>

namespace treeproof::store {

namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kCommitBytesMax = 64u << 10;

void write(crypto::CborWriter& out, const SegmentPosition& position) {
  out.array(2).uint(position.segment).uint(position.offset);
}

SegmentPosition read_position(crypto::CborReader& in) {
  in.array_exact(2);
  const auto segment = static_cast<std::uint32_t>(in.uint(UINT32_MAX));
  return {segment, in.uint()};
}

}  // namespace

crypto::Bytes encode(const TipRecord& tip) {
  crypto::CborWriter out(1'024);
  out.array(13).uint(kVersion).uint(tip.height.value).bytes(tip.header_hash).uint(tip.time.value);
  out.bytes(tip.state_root).uint(tip.log.size()).array(tip.log.subtree_roots().size());
  for (const crypto::Hash& root : tip.log.subtree_roots()) out.bytes(root);
  out.bytes(tip.commit).uint(tip.validators_since.value).uint(tip.names).uint(tip.redemptions);
  write(out, tip.blocks_end);
  write(out, tip.attachments_end);
  return out.finish();
}

std::expected<TipRecord, crypto::CborError> decode_tip(crypto::ByteSpan bytes) {
  crypto::CborReader in(bytes);
  TipRecord tip;
  in.array_exact(13);
  if (in.uint() != kVersion) in.fail(crypto::CborError::out_of_range);
  tip.height = {in.uint()};
  tip.header_hash = in.hash();
  tip.time = {in.uint()};
  tip.state_root = in.hash();
  const std::uint64_t log_size = in.uint();
  std::vector<crypto::Hash> roots(in.array(64));
  for (crypto::Hash& root : roots) root = in.hash();
  const auto expected_roots = static_cast<std::size_t>(std::popcount(log_size));
  if (roots.size() != expected_roots) in.fail(crypto::CborError::out_of_range);
  tip.commit = crypto::to_bytes(in.bytes(kCommitBytesMax));
  tip.validators_since = {in.uint()};
  tip.names = static_cast<std::uint32_t>(in.uint(UINT32_MAX));
  tip.redemptions = static_cast<std::uint32_t>(in.uint(UINT32_MAX));
  tip.blocks_end = read_position(in);
  tip.attachments_end = read_position(in);
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  tip.log = crypto::Frontier(log_size, std::move(roots));
  return tip;
}

}  // namespace treeproof::store
