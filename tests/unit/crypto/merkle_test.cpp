#include "crypto/merkle.h"

#include <gtest/gtest.h>

#include <map>

#include "crypto/hash.h"

namespace treeproof::crypto {
namespace {

constexpr std::uint64_t kSizesMax = 70;

Hash leaf(std::uint64_t index) {
  Bytes bytes;
  append_u64be(bytes, index);
  return leaf_hash(bytes);
}

std::vector<Hash> leaves_of(std::uint64_t size) {
  std::vector<Hash> leaves;
  for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(leaf(i));
  return leaves;
}

// RFC 9162 section 2.1.1, word for word.
Hash defined_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return sha256(ByteSpan{});
  if (leaves.size() == 1) return leaves.front();
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  return node_hash(defined_root(leaves.first(split)), defined_root(leaves.subspan(split)));
}

// A growing tree with every full subtree kept, as a store does.
struct GrownTree {
  Frontier frontier;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Hash> subtrees;

  void grow_to(std::uint64_t size) {
    while (frontier.size() < size) {
      frontier.append(leaf(frontier.size()),
                      [this](std::uint32_t level, std::uint64_t index, const Hash& hash) {
                        subtrees[{level, index}] = hash;
                      });
    }
  }
  HashSource source() const {
    return [this](std::uint32_t level, std::uint64_t index) { return subtrees.at({level, index}); };
  }
};

TEST(MerkleHash, PrefixesLeavesAndNodes) {
  EXPECT_EQ(leaf_hash(as_bytes("a")), sha256({Bytes{0}, as_bytes("a")}));
  EXPECT_EQ(node_hash(Hash{1}, Hash{2}), sha256({Bytes{1}, Hash{1}, Hash{2}}));
  EXPECT_EQ(empty_tree_root(), sha256(ByteSpan{}));
}

TEST(MerkleRoot, FollowsTheDefinition) {
  for (std::uint64_t size = 0; size <= kSizesMax; ++size) {
    EXPECT_EQ(merkle_root(leaves_of(size)), defined_root(leaves_of(size))) << size;
  }
}

TEST(Frontier, HasTheRootOfEverySize) {
  Frontier frontier;
  for (std::uint64_t size = 0; size <= kSizesMax; ++size) {
    EXPECT_EQ(frontier.root(), merkle_root(leaves_of(size))) << size;
    const auto roots = frontier.subtree_roots();
    EXPECT_EQ(Frontier(size, {roots.begin(), roots.end()}).root(), frontier.root());
    frontier.append(leaf(size));
  }
}

TEST(Frontier, ReportsEveryFullSubtreeOnce) {
  GrownTree tree;
  tree.grow_to(kSizesMax);
  std::size_t expected = 0;
  const auto leaves = leaves_of(kSizesMax);
  for (std::uint32_t level = 0; kSizesMax >> level > 0; ++level) {
    for (std::uint64_t index = 0; index < kSizesMax >> level; ++index, ++expected) {
      const auto part = std::span(leaves).subspan(index << level, std::size_t{1} << level);
      EXPECT_EQ(tree.subtrees.at({level, index}), merkle_root(part));
    }
  }
  EXPECT_EQ(tree.subtrees.size(), expected);
}

TEST(FrontierDeathTest, NeedsOneRootPerSetBit) { EXPECT_DEATH(Frontier(3, {Hash{}}), ""); }

TEST(Inclusion, VerifiesEveryIndexOfEverySize) {
  GrownTree tree;
  for (std::uint64_t size = 1; size <= kSizesMax; ++size) {
    tree.grow_to(size);
    const Hash root = tree.frontier.root();
    const auto leaves = leaves_of(size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = inclusion_path(index, size, tree.source());
      EXPECT_EQ(path, inclusion_path(index, leaves));
      EXPECT_EQ(path.size(), inclusion_path_length(index, size));
      EXPECT_TRUE(verify_inclusion(leaf(index), index, size, path, root)) << index << "/" << size;
    }
  }
}

TEST(Inclusion, RefusesEveryTamperedProof) {
  for (const std::uint64_t size : {1u, 2u, 3u, 7u, 8u, 33u, 70u}) {
    const auto leaves = leaves_of(size);
    const Hash root = merkle_root(leaves);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = inclusion_path(index, leaves);
      for (std::size_t at = 0; at < path.size(); ++at) {
        auto changed = path;
        changed[at][31] ^= 1;
        EXPECT_FALSE(verify_inclusion(leaf(index), index, size, changed, root));
      }
      auto longer = path;
      longer.push_back(root);
      EXPECT_FALSE(verify_inclusion(leaf(index), index, size, longer, root));
      if (!path.empty()) {
        const auto shorter = std::span(path).first(path.size() - 1);
        EXPECT_FALSE(verify_inclusion(leaf(index), index, size, shorter, root));
      }
      EXPECT_FALSE(verify_inclusion(leaf(size), index, size, path, root));
      for (std::uint64_t other = 0; other < size + 3; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(verify_inclusion(leaf(index), other, size, path, root));
      }
    }
  }
}

TEST(Inclusion, RefusesAnIndexOutsideTheTree) {
  EXPECT_FALSE(root_from_inclusion(leaf(0), 0, 0, {}));
  EXPECT_FALSE(root_from_inclusion(leaf(0), 1, 1, {}));
  EXPECT_FALSE(root_from_inclusion(leaf(0), UINT64_MAX, UINT64_MAX, {}));
  EXPECT_EQ(root_from_inclusion(leaf(0), 0, 1, {}), leaf(0));
}

TEST(Inclusion, WorksAtTheEdgeOf64Bits) {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
  EXPECT_EQ(inclusion_path_length(0, kHalf), 63u);
  EXPECT_EQ(inclusion_path_length(0, kHalf + 1), 64u);
  EXPECT_EQ(inclusion_path_length(kHalf, kHalf + 1), 1u);
  EXPECT_EQ(inclusion_path_length(kHalf - 1, kHalf), 63u);
  EXPECT_EQ(inclusion_path_length(UINT64_MAX - 1, UINT64_MAX), 63u);
  const std::vector<Hash> path(64, Hash{5});
  const auto root = root_from_inclusion(leaf(0), 0, kHalf + 1, path);
  ASSERT_TRUE(root);
  EXPECT_TRUE(verify_inclusion(leaf(0), 0, kHalf + 1, path, *root));
  EXPECT_FALSE(verify_inclusion(leaf(0), 1, kHalf + 1, path, *root));
  EXPECT_FALSE(root_from_inclusion(leaf(0), 0, kHalf, path));
}

TEST(Consistency, VerifiesEveryPairOfSizes) {
  GrownTree tree;
  tree.grow_to(kSizesMax);
  std::vector<Hash> roots;
  for (std::uint64_t size = 0; size <= kSizesMax; ++size)
    roots.push_back(merkle_root(leaves_of(size)));
  for (std::uint64_t to = 1; to <= kSizesMax; ++to) {
    for (std::uint64_t from = 1; from <= to; ++from) {
      const auto path = consistency_path(from, to, tree.source());
      EXPECT_TRUE(verify_consistency(from, to, path, roots[from], roots[to])) << from << "-" << to;
      EXPECT_FALSE(verify_consistency(from, to, path, roots[from], roots[to - 1]));
      EXPECT_FALSE(verify_consistency(from, to, path, roots[from - 1], roots[to]));
      auto longer = path;
      longer.push_back(roots[to]);
      EXPECT_FALSE(verify_consistency(from, to, longer, roots[from], roots[to]));
      for (std::size_t at = 0; at < path.size(); ++at) {
        auto changed = path;
        changed[at][0] ^= 0x80;
        EXPECT_FALSE(verify_consistency(from, to, changed, roots[from], roots[to]));
        const auto shorter = std::span(path).first(at);
        EXPECT_FALSE(verify_consistency(from, to, shorter, roots[from], roots[to]));
      }
    }
  }
}

TEST(Consistency, RefusesAnEmptyOrShrinkingTree) {
  EXPECT_FALSE(verify_consistency(0, 5, {}, empty_tree_root(), leaf(1)));
  EXPECT_FALSE(verify_consistency(0, 0, {}, empty_tree_root(), empty_tree_root()));
  EXPECT_FALSE(verify_consistency(2, 1, {}, leaf(1), leaf(1)));
  EXPECT_TRUE(verify_consistency(3, 3, {}, leaf(1), leaf(1)));
  EXPECT_FALSE(verify_consistency(3, 3, {}, leaf(1), leaf(2)));
}

TEST(Consistency, SurvivesHostileSizes) {
  const std::vector<Hash> path(64, Hash{1});
  for (const std::uint64_t from : {std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{1} << 62,
                                   std::uint64_t{1} << 63, UINT64_MAX - 1, UINT64_MAX}) {
    for (const std::uint64_t to : {std::uint64_t{1} << 63, UINT64_MAX - 1, UINT64_MAX}) {
      EXPECT_FALSE(verify_consistency(from, to, path, Hash{2}, Hash{3}));
    }
  }
}

}  // namespace
}  // namespace treeproof::crypto
