#include "crypto/sum_tree.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/merkle.h"

namespace treeproof::crypto {
namespace {

constexpr std::uint64_t kSizesMax = 70;

SumLeaf leaf(std::uint64_t number, std::uint64_t amount) {
  Bytes bytes;
  append_u64be(bytes, number);
  return {sha256(bytes), amount};
}

std::vector<SumLeaf> leaves_of(std::uint64_t size) {
  std::vector<SumLeaf> leaves;
  for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(leaf(i, 1 + i * i));
  return leaves;
}

SumTree tree_of(std::vector<SumLeaf> leaves) {
  auto tree = SumTree::build(std::move(leaves));
  EXPECT_TRUE(tree.has_value());
  return *std::move(tree);
}

// RFC 9162 section 2.1.1, with sums.
SumNode defined_root(std::span<const SumNode> nodes) {
  if (nodes.size() == 1) return nodes.front();
  std::size_t split = 1;
  while (split * 2 < nodes.size()) split *= 2;
  return *sum_node(defined_root(nodes.first(split)), defined_root(nodes.subspan(split)));
}

TEST(SumHash, CoversBothHashesAndBothSums) {
  Bytes amount;
  append_u64be(amount, 258);
  EXPECT_EQ(sum_leaf({Hash{7}, 258}).hash, sha256({Bytes{4}, Hash{7}, amount}));
  EXPECT_EQ(sum_leaf({Hash{7}, 258}).sum, 258u);
  Bytes other;
  append_u64be(other, 3);
  const SumNode node = *sum_node({Hash{1}, 258}, {Hash{2}, 3});
  EXPECT_EQ(node.hash, sha256({Bytes{5}, Hash{1}, amount, Hash{2}, other}));
  EXPECT_EQ(node.sum, 261u);
}

TEST(SumHash, TellsApartSplitsOfOneTotal) {
  // What "Broken Proofs of Solvency" plays against a tree that hashes the total alone.
  EXPECT_NE(sum_node({Hash{1}, 10}, {Hash{2}, 90})->hash,
            sum_node({Hash{1}, 90}, {Hash{2}, 10})->hash);
}

TEST(SumHash, RefusesSumsAboveSixtyFourBits) {
  EXPECT_TRUE(sum_node({Hash{1}, UINT64_MAX - 1}, {Hash{2}, 1}).has_value());
  EXPECT_EQ(sum_node({Hash{1}, UINT64_MAX}, {Hash{2}, 1}).error(), SumError::sum_overflow);
}

TEST(SumTree, HasTheShapeOfRfc9162) {
  for (std::uint64_t size = 1; size <= kSizesMax; ++size) {
    auto leaves = leaves_of(size);
    const SumTree tree = tree_of(leaves);
    std::ranges::sort(leaves);
    std::vector<SumNode> nodes;
    std::uint64_t total = 0;
    for (const SumLeaf& each : leaves) {
      nodes.push_back(sum_leaf(each));
      total += each.amount;
    }
    EXPECT_EQ(tree.root(), defined_root(nodes)) << size;
    EXPECT_EQ(tree.root().sum, total) << size;
    EXPECT_EQ(tree.count(), size);
    for (std::uint64_t i = 0; i < size; ++i) EXPECT_EQ(tree.index_of(leaves[i].commitment), i);
  }
}

TEST(SumTree, IsTheSameInAnyOrderOfItsLeaves) {
  auto leaves = leaves_of(9);
  const SumNode root = tree_of(leaves).root();
  std::ranges::reverse(leaves);
  EXPECT_EQ(tree_of(leaves).root(), root);
}

TEST(SumTree, RefusesWhatNoPeriodHas) {
  EXPECT_EQ(SumTree::build({}).error(), SumError::no_leaves);
  EXPECT_EQ(SumTree::build({leaf(1, 5), leaf(2, 0)}).error(), SumError::amount_zero);
  EXPECT_EQ(SumTree::build({leaf(1, 5), leaf(2, 5), leaf(1, 6)}).error(),
            SumError::commitment_repeated);
  EXPECT_EQ(SumTree::build({leaf(1, UINT64_MAX), leaf(2, 1)}).error(), SumError::sum_overflow);
  EXPECT_EQ(tree_of(leaves_of(3)).index_of(Hash{1}), std::nullopt);
}

TEST(SumPath, LeadsFromEveryLeafOfEverySizeToTheRoot) {
  for (std::uint64_t size = 1; size <= kSizesMax; ++size) {
    auto leaves = leaves_of(size);
    const SumTree tree = tree_of(leaves);
    for (const SumLeaf& each : leaves) {
      const std::uint64_t index = *tree.index_of(each.commitment);
      const auto path = tree.path(index);
      EXPECT_EQ(path.size(), inclusion_path_length(index, size));
      EXPECT_EQ(sum_root_from_path(each, index, size, path), tree.root()) << index << "/" << size;
    }
  }
}

TEST(SumPath, NamesWhatItRefuses) {
  auto leaves = leaves_of(6);
  const SumTree tree = tree_of(leaves);
  const SumLeaf own = leaves.front();
  const std::uint64_t index = *tree.index_of(own.commitment);
  const auto path = tree.path(index);
  const auto refused = [&](SumLeaf claimed, std::uint64_t at, std::vector<SumNode> siblings) {
    return sum_root_from_path(claimed, at, 6, siblings).error();
  };
  EXPECT_EQ(refused({own.commitment, 0}, index, path), SumError::amount_zero);
  EXPECT_EQ(refused(own, 6, path), SumError::index_out_of_range);
  EXPECT_EQ(refused(own, UINT64_MAX, path), SumError::index_out_of_range);
  EXPECT_EQ(refused(own, index, {}), SumError::path_length_wrong);
  auto longer = path;
  longer.push_back(path.back());
  EXPECT_EQ(refused(own, index, longer), SumError::path_length_wrong);
  auto empty = path;
  empty.back().sum = 0;
  EXPECT_EQ(refused(own, index, empty), SumError::subtree_empty);
  auto large = path;
  large.back().sum = UINT64_MAX;
  EXPECT_EQ(refused(own, index, large), SumError::sum_overflow);
  EXPECT_EQ(sum_root_from_path(own, 0, 0, {}).error(), SumError::index_out_of_range);
}

TEST(SumPath, HoldsAtTheEdgeOfTheLargestCount) {
  const std::uint64_t count = UINT64_MAX;  // its last leaf: right siblings nowhere
  const std::vector<SumNode> path(inclusion_path_length(count - 1, count), SumNode{Hash{1}, 1});
  const auto root = sum_root_from_path(leaf(1, 5), count - 1, count, path);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->sum, 5 + path.size());
}

TEST(SumPathDeathTest, IsOfALeafThatIsThere) {
  const SumTree tree = tree_of(leaves_of(3));
  EXPECT_DEATH(tree.path(3), "");
}

}  // namespace
}  // namespace treeproof::crypto
