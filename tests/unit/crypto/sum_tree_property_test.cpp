#include <gtest/gtest.h>
// rapidcheck's gtest glue needs gtest before it
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "crypto/sum_tree.h"

namespace treeproof::crypto {
namespace {

std::vector<SumLeaf> any_leaves() {
  std::vector<SumLeaf> leaves;
  std::set<Hash> taken;
  const int count = *rc::gen::inRange(1, 40);
  for (int i = 0; i < count; ++i) {
    Hash commitment{};
    for (const std::size_t at : {0u, 15u, 31u})
      commitment[at] = *rc::gen::arbitrary<std::uint8_t>();
    if (!taken.insert(commitment).second) continue;
    leaves.push_back({commitment, *rc::gen::inRange<std::uint64_t>(1, std::uint64_t{1} << 53)});
  }
  return leaves;
}

// A leaf's claim, all of it.
struct Claim {
  SumLeaf leaf;
  std::uint64_t index = 0;
  std::uint64_t count = 0;
  std::vector<SumNode> path;

  bool leads_to(const SumNode& root) const {
    const auto reached = sum_root_from_path(leaf, index, count, path);
    return reached && *reached == root;
  }
};

struct Drawn {
  SumTree tree;
  Claim claim;
};

Drawn any_claim() {
  const auto leaves = any_leaves();
  SumTree tree = *SumTree::build(leaves);
  const SumLeaf leaf = *rc::gen::elementOf(leaves);
  const std::uint64_t index = *tree.index_of(leaf.commitment);
  Claim claim{leaf, index, tree.count(), tree.path(index)};
  return {std::move(tree), std::move(claim)};
}

RC_GTEST_PROP(SumTreeProperty, EveryLeafProvesAndTheSumIsTheTotal, ()) {
  const auto leaves = any_leaves();
  const SumTree tree = *SumTree::build(leaves);
  std::uint64_t total = 0;
  for (const SumLeaf& leaf : leaves) {
    total += leaf.amount;
    const std::uint64_t index = *tree.index_of(leaf.commitment);
    const Claim claim{leaf, index, tree.count(), tree.path(index)};
    RC_ASSERT(claim.leads_to(tree.root()));
  }
  RC_ASSERT(tree.root().sum == total);
}

RC_GTEST_PROP(SumTreeProperty, EveryChangedBitIsRefused, ()) {
  auto [tree, claim] = any_claim();
  const auto flip = [](auto& bytes) {
    const auto bit = *rc::gen::inRange<std::size_t>(0, bytes.size() * 8);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
  };
  const auto flip_number = [](std::uint64_t& number) {
    number ^= std::uint64_t{1} << *rc::gen::inRange(0, 64);
  };
  const auto part = *rc::gen::inRange(0, claim.path.empty() ? 2 : 4);
  if (part == 0) flip(claim.leaf.commitment);
  if (part == 1) flip_number(claim.leaf.amount);
  if (part >= 2) {
    SumNode& sibling = claim.path[*rc::gen::inRange<std::size_t>(0, claim.path.size())];
    part == 2 ? flip(sibling.hash) : flip_number(sibling.sum);
  }
  RC_ASSERT(!claim.leads_to(tree.root()));
}

RC_GTEST_PROP(SumTreeProperty, AmountsMovedBetweenLeafAndSiblingsAreRefused, ()) {
  auto [tree, claim] = any_claim();
  RC_PRE(!claim.path.empty());
  SumNode& sibling = claim.path[*rc::gen::inRange<std::size_t>(0, claim.path.size())];
  const std::uint64_t moved = *rc::gen::inRange<std::uint64_t>(1, claim.leaf.amount + 1);
  // The totals above stay the same: a tree that hashed only those would take this.
  claim.leaf.amount -= moved;
  sibling.sum += moved;
  RC_ASSERT(!claim.leads_to(tree.root()));
}

RC_GTEST_PROP(SumTreeProperty, NoOtherIndexIsTaken, ()) {
  auto [tree, claim] = any_claim();
  const std::uint64_t own = claim.index;
  for (claim.index = 0; claim.index <= claim.count; ++claim.index) {
    RC_ASSERT(claim.leads_to(tree.root()) == (claim.index == own));
  }
}

RC_GTEST_PROP(SumTreeProperty, NoOtherOrderOrLengthOfThePathIsTaken, ()) {
  auto [tree, claim] = any_claim();
  const auto path = claim.path;
  std::ranges::reverse(claim.path);
  RC_ASSERT(claim.leads_to(tree.root()) == (claim.path == path));
  claim.path = path;
  claim.path.push_back(*rc::gen::elementOf(std::vector{tree.root(), sum_leaf(claim.leaf)}));
  RC_ASSERT(!claim.leads_to(tree.root()));
  if (path.empty()) return;
  claim.path.assign(path.begin(), path.end() - 1);
  RC_ASSERT(!claim.leads_to(tree.root()));
}

RC_GTEST_PROP(SumTreeProperty, AnotherLeafChangesTheRoot, ()) {
  auto leaves = any_leaves();
  const SumNode root = SumTree::build(leaves)->root();
  leaves.back().amount += 1;
  const SumNode more = SumTree::build(leaves)->root();
  RC_ASSERT(more.hash != root.hash && more.sum == root.sum + 1);
}

}  // namespace
}  // namespace treeproof::crypto
