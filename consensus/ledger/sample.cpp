#include "consensus/ledger/sample.h"

#include <cassert>
#include <numeric>
#include <utility>

#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof::ledger {

SampleDraw::SampleDraw(const crypto::Hash& header_hash, const ObjectId& batch,
                       std::uint64_t members)
    : prefix_(crypto::to_bytes(header_hash)), order_(members) {
  assert(members > 0 && members <= kAttachmentLeavesMax);
  const crypto::ByteSpan id = crypto::as_bytes(batch.text);
  prefix_.insert(prefix_.end(), id.begin(), id.end());
  std::iota(order_.begin(), order_.end(), 0u);
}

std::uint64_t SampleDraw::word() {
  crypto::Bytes number;
  crypto::append_u32be(number, words_++);
  return crypto::read_u64be(crypto::sha256({prefix_, number}));
}

std::uint64_t SampleDraw::next() {
  assert(drawn_ < order_.size());
  const std::uint64_t left = order_.size() - drawn_;
  const std::uint64_t spare = (UINT64_MAX % left + 1) % left;  // 2^64 mod left
  std::uint64_t drawn = word();
  while (spare != 0 && drawn >= UINT64_MAX - spare + 1) drawn = word();
  std::swap(order_[drawn_], order_[drawn_ + drawn % left]);
  return order_[drawn_++];
}

std::vector<std::uint64_t> sample_draw(const crypto::Hash& header_hash, const ObjectId& batch,
                                       std::uint64_t members, std::uint64_t size) {
  assert(size <= members);
  SampleDraw draw(header_hash, batch, members);
  std::vector<std::uint64_t> sample;
  sample.reserve(size);
  for (std::uint64_t i = 0; i < size; ++i) sample.push_back(draw.next());
  return sample;
}

}  // namespace treeproof::ledger
