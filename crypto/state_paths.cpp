#include <cassert>

#include "crypto/state_nodes.h"

namespace treeproof::crypto {

std::vector<StatePathStep> StateNodes::path_up(const Hash& key) const {
  assert(!empty() && !root_stale_);
  Descent descent;
  descend(key, descent);
  const auto bucket = leaves(descent.bucket);
  const std::size_t index = lower_bound(bucket, key);
  assert(has_key_at(bucket, index, key));
  std::vector<StatePathStep> path;
  append_bucket_path(path, bucket, index);
  for (std::size_t i = descent.depth; i > 0; --i) {
    const Step& step = descent.steps[i - 1];
    const Side child = step.side == 0 ? Side::left : Side::right;
    path.push_back({child, hash_of(step.inner->child[1 - step.side])});
  }
  return path;
}

const Hash& StateNodes::outermost_key(NodeRef ref, Side side) const {
  while (!ref.is_bucket()) ref = inner(ref).child[static_cast<std::size_t>(side)];
  const auto bucket = leaves(ref);
  return side == Side::left ? bucket.front().key : bucket.back().key;
}

// The key next to everything below `position`, on one side of it.
std::optional<Hash> StateNodes::key_beyond(const Descent& descent, std::size_t position,
                                           Side side) const {
  const auto beyond = static_cast<std::size_t>(side);
  const Side facing = side == Side::left ? Side::right : Side::left;
  for (; position > 0; --position) {
    const Step& step = descent.steps[position - 1];
    if (step.side != beyond) return outermost_key(step.inner->child[beyond], facing);
  }
  return std::nullopt;
}

StateNodes::Neighbours StateNodes::neighbours(const Hash& key) const {
  assert(!empty());
  Descent descent;
  descend(key, descent);
  const auto bucket = leaves(descent.bucket);
  const std::uint32_t bit = first_difference(key, bucket.front().key);
  assert(bit != kNoDifference);
  const std::size_t position = position_of_bit(descent, bit);
  Neighbours found{key_beyond(descent, position, Side::left),
                   key_beyond(descent, position, Side::right)};
  if (position == descent.depth) {
    const std::size_t index = lower_bound(bucket, key);
    if (index > 0) found.left = bucket[index - 1].key;
    if (index < bucket.size()) found.right = bucket[index].key;
    return found;
  }
  const Step& step = descent.steps[position];
  const auto outermost = [&](Side side) {
    return outermost_key(step.inner->child[static_cast<std::size_t>(side)], side);
  };
  if (bit_of(key, bit) == 1) {
    found.left = outermost(Side::right);
  } else {
    found.right = outermost(Side::left);
  }
  return found;
}

}  // namespace treeproof::crypto
