// Golden bytes of points: the accounts of one issue, the root of their sum tree, and each proof
// file.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/proofs/points_proof.h"
#include "crypto/hash.h"
#include "tests/vectors/readable.h"

namespace treeproof::vectors {
namespace {

constexpr const char* kIssue = "platform/issue-1";

struct Holder {
  proofs::Opening opening;
  crypto::SumLeaf leaf;
};

// Five, so that one leaf has no sibling of its own level; in the order of the tree.
std::vector<Holder> holders() {
  std::vector<Holder> holders;
  for (const std::uint64_t grams : {120u, 70u, 1u, 99'809u, 150'000u}) {
    const std::string reference = "user " + std::to_string(holders.size());
    const crypto::Hash salt = crypto::sha256(crypto::as_bytes("salt of points of " + reference));
    const proofs::Opening opening{crypto::Bytes(salt.begin(), salt.begin() + 16), reference};
    holders.push_back({opening, {proofs::commitment_of(opening), grams}});
  }
  std::ranges::sort(holders, {}, &Holder::leaf);
  return holders;
}

crypto::SumTree tree_of(const std::vector<Holder>& holders) {
  std::vector<crypto::SumLeaf> leaves;
  for (const Holder& holder : holders) leaves.push_back(holder.leaf);
  return *crypto::SumTree::build(std::move(leaves));
}

Json account_json(const Holder& holder, std::uint64_t index, const crypto::SumTree& tree) {
  proofs::PointsProof proof;
  proof.issue = {kIssue};
  proof.salt = holder.opening.salt;
  proof.reference = holder.opening.reference;
  proof.grams = holder.leaf.amount;
  proof.index = index;
  proof.accounts = tree.count();
  for (const crypto::SumNode& node : tree.path(index)) proof.path.push_back({node.hash, node.sum});
  const crypto::Bytes bytes = proofs::encode(proof);
  return {{"commitment", crypto::to_hex(holder.leaf.commitment)},
          {"leaf_hash", crypto::to_hex(crypto::sum_leaf(holder.leaf).hash)},
          {"proof_file", readable(bytes)},
          {"proof_bytes", crypto::to_hex(bytes)}};
}

TEST(Golden, Points) {
  const auto accounts = holders();
  const crypto::SumTree tree = tree_of(accounts);
  Json rows = Json::array();
  for (std::uint64_t i = 0; i < accounts.size(); ++i) {
    rows.push_back(account_json(accounts[i], i, tree));
  }
  expect_golden("points.json", Json{{"issue", kIssue},
                                    {"accounts", std::move(rows)},
                                    {"count", tree.count()},
                                    {"grams", tree.root().sum},
                                    {"root", crypto::to_hex(tree.root().hash)}});
}

}  // namespace
}  // namespace treeproof::vectors
