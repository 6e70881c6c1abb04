#include "crypto/sum_tree.h"

#include <algorithm>
#include <cassert>

#include "crypto/hash.h"
#include "crypto/merkle.h"

namespace treeproof::crypto {

namespace {

// Unlike every other leaf and node that is hashed here: see merkle.h, state_map.h.
constexpr std::uint8_t kLeafPrefix = 0x04;
constexpr std::uint8_t kNodePrefix = 0x05;

void append(Bytes& out, const Hash& hash, std::uint64_t amount) {
  out.insert(out.end(), hash.begin(), hash.end());
  append_u64be(out, amount);
}

using Level = std::vector<SumNode>;

std::expected<Level, SumError> level_above(const Level& below) {
  Level above;
  above.reserve((below.size() + 1) / 2);
  for (std::size_t i = 0; i + 1 < below.size(); i += 2) {
    const auto node = sum_node(below[i], below[i + 1]);
    if (!node) return std::unexpected(node.error());
    above.push_back(*node);
  }
  if (below.size() % 2 == 1) above.push_back(below.back());
  return above;
}

}  // namespace

std::string_view to_string(SumError error) noexcept {
  static constexpr std::array<std::string_view, 7> kNames{
      "sum_no_leaves",          "sum_amount_zero",       "sum_commitment_repeated", "sum_overflow",
      "sum_index_out_of_range", "sum_path_length_wrong", "sum_subtree_empty"};
  return kNames[static_cast<std::size_t>(error)];
}

SumNode sum_leaf(const SumLeaf& leaf) {
  Bytes bytes{kLeafPrefix};
  append(bytes, leaf.commitment, leaf.amount);
  return {sha256(bytes), leaf.amount};
}

std::expected<SumNode, SumError> sum_node(const SumNode& left, const SumNode& right) {
  if (left.sum > UINT64_MAX - right.sum) return std::unexpected(SumError::sum_overflow);
  Bytes bytes{kNodePrefix};
  append(bytes, left.hash, left.sum);
  append(bytes, right.hash, right.sum);
  return SumNode{sha256(bytes), left.sum + right.sum};
}

std::expected<SumTree, SumError> SumTree::build(std::vector<SumLeaf> leaves) {
  if (leaves.empty()) return std::unexpected(SumError::no_leaves);
  std::ranges::sort(leaves);
  SumTree tree;
  Level level;
  level.reserve(leaves.size());
  for (const SumLeaf& leaf : leaves) {
    if (leaf.amount == 0) return std::unexpected(SumError::amount_zero);
    const bool is_repeated =
        !tree.commitments_.empty() && tree.commitments_.back() == leaf.commitment;
    if (is_repeated) return std::unexpected(SumError::commitment_repeated);
    tree.commitments_.push_back(leaf.commitment);
    level.push_back(sum_leaf(leaf));
  }
  tree.levels_.push_back(std::move(level));
  while (tree.levels_.back().size() > 1) {
    auto above = level_above(tree.levels_.back());
    if (!above) return std::unexpected(above.error());
    tree.levels_.push_back(*std::move(above));
  }
  return tree;
}

std::optional<std::uint64_t> SumTree::index_of(const Hash& commitment) const {
  const auto place = std::ranges::lower_bound(commitments_, commitment);
  if (place == commitments_.end() || *place != commitment) return std::nullopt;
  return static_cast<std::uint64_t>(place - commitments_.begin());
}

std::vector<SumNode> SumTree::path(std::uint64_t index) const {
  assert(index < count());
  std::vector<SumNode> path;
  for (const Level& level : levels_) {
    const std::uint64_t sibling = index ^ 1;
    if (sibling < level.size()) path.push_back(level[sibling]);
    index >>= 1;
  }
  return path;
}

std::expected<SumNode, SumError> sum_root_from_path(const SumLeaf& leaf, std::uint64_t index,
                                                    std::uint64_t count,
                                                    std::span<const SumNode> path) {
  if (leaf.amount == 0) return std::unexpected(SumError::amount_zero);
  if (index >= count) return std::unexpected(SumError::index_out_of_range);
  if (path.size() != inclusion_path_length(index, count)) {
    return std::unexpected(SumError::path_length_wrong);
  }
  SumNode node = sum_leaf(leaf);
  std::uint64_t last = count - 1;  // of the level that the node is on
  for (const SumNode& sibling : path) {
    if (sibling.sum == 0) return std::unexpected(SumError::subtree_empty);
    // The last of a level, with nothing to its right, rises until it is a right child.
    while (index == last && index % 2 == 0) {
      assert(last > 0);
      index >>= 1;
      last >>= 1;
    }
    const auto above = index % 2 == 1 ? sum_node(sibling, node) : sum_node(node, sibling);
    if (!above) return above;
    node = *above;
    index >>= 1;
    last >>= 1;
  }
  return node;
}

}  // namespace treeproof::crypto
