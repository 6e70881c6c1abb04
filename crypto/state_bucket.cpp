#include "crypto/state_bucket.h"

#include <algorithm>
#include <bit>

#include "crypto/state_map.h"

namespace treeproof::crypto {

std::uint32_t first_difference(const Hash& a, const Hash& b) noexcept {
  for (std::uint32_t i = 0; i < a.size(); ++i) {
    const auto difference = static_cast<std::uint8_t>(a[i] ^ b[i]);
    if (difference != 0) return i * 8 + static_cast<std::uint32_t>(std::countl_zero(difference));
  }
  return kNoDifference;
}

std::size_t split_at(std::span<const StateLeaf> leaves, std::uint32_t bit) noexcept {
  const auto middle = std::ranges::partition_point(
      leaves, [&](const StateLeaf& leaf) { return bit_of(leaf.key, bit) == 0; });
  return static_cast<std::size_t>(middle - leaves.begin());
}

std::size_t lower_bound(std::span<const StateLeaf> leaves, const Hash& key) noexcept {
  const auto found = std::ranges::lower_bound(leaves, key, {}, &StateLeaf::key);
  return static_cast<std::size_t>(found - leaves.begin());
}

bool has_key_at(std::span<const StateLeaf> leaves, std::size_t index, const Hash& key) noexcept {
  return index < leaves.size() && leaves[index].key == key;
}

Hash bucket_root(std::span<const StateLeaf> leaves) {
  if (leaves.size() == 1) return leaves.front().hash;
  const std::uint32_t bit = first_difference(leaves.front().key, leaves.back().key);
  const std::size_t middle = split_at(leaves, bit);
  return state_inner_hash(bucket_root(leaves.first(middle)), bucket_root(leaves.subspan(middle)));
}

void append_bucket_path(std::vector<StatePathStep>& path, std::span<const StateLeaf> leaves,
                        std::size_t index) {
  if (leaves.size() == 1) return;
  const std::uint32_t bit = first_difference(leaves.front().key, leaves.back().key);
  const std::size_t middle = split_at(leaves, bit);
  const auto left = leaves.first(middle);
  const auto right = leaves.subspan(middle);
  if (index < middle) {
    append_bucket_path(path, left, index);
    path.push_back({Side::left, bucket_root(right)});
  } else {
    append_bucket_path(path, right, index - middle);
    path.push_back({Side::right, bucket_root(left)});
  }
}

}  // namespace treeproof::crypto
