#include "consensus/proofs/points_proof.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace treeproof::proofs {
namespace {

constexpr std::uint64_t kAccounts = 5;

Opening opening_of(std::uint64_t number) {
  const std::string reference = "user " + std::to_string(number);
  const crypto::Hash salt = crypto::sha256(crypto::as_bytes("salt of " + reference));
  return {crypto::Bytes(salt.begin(), salt.begin() + 16), reference};
}

crypto::SumTree tree() {
  std::vector<crypto::SumLeaf> leaves;
  for (std::uint64_t i = 0; i < kAccounts; ++i) {
    leaves.push_back({commitment_of(opening_of(i)), 100 + i});
  }
  return *crypto::SumTree::build(std::move(leaves));
}

ledger::IssuePoints issue() {
  ledger::IssuePoints issue;
  issue.accounts = kAccounts;
  issue.grams = tree().root().sum;
  issue.root = tree().root().hash;
  return issue;
}

PointsProof proof_of(std::uint64_t number) {
  const Opening opening = opening_of(number);
  PointsProof proof;
  proof.issue = {"platform/points-1"};
  proof.salt = opening.salt;
  proof.reference = opening.reference;
  proof.grams = 100 + number;
  proof.index = *tree().index_of(commitment_of(opening));
  proof.accounts = kAccounts;
  for (const crypto::SumNode& node : tree().path(proof.index)) {
    proof.path.push_back({node.hash, node.sum});
  }
  return proof;
}

std::string states(const PointsVerdict& verdict) {
  std::string text;
  for (const PointsCheck& check : verdict.checks) {
    const char letter = "+-?"[static_cast<std::size_t>(check.state)];
    text += std::string(name(check.name)) + letter + " ";
  }
  return text;
}

TEST(PointsProof, HoldsForEveryAccountOfItsRecord) {
  for (std::uint64_t number = 0; number < kAccounts; ++number) {
    const auto decoded = decode_points_proof(encode(proof_of(number)));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(*decoded, proof_of(number));
    const PointsVerdict verdict = check_points(claim_of(*decoded), issue());
    EXPECT_TRUE(verdict.holds);
    EXPECT_EQ(states(verdict), "accounts+ path+ root+ grams+ ");
  }
}

TEST(PointsProof, IsOfTheUserThatItNames) {
  PointsProof proof = proof_of(2);
  proof.reference = "user 3";
  const PointsVerdict verdict = check_points(claim_of(proof), issue());
  EXPECT_FALSE(verdict.holds);
  EXPECT_EQ(states(verdict), "accounts+ path+ root- grams+ ");
}

TEST(PointsProof, SaysWhichCheckFails) {
  PointsProof more = proof_of(1);
  more.grams += 1;
  EXPECT_EQ(states(check_points(claim_of(more), issue())), "accounts+ path+ root- grams- ");
  PointsProof shorter = proof_of(1);
  shorter.path.pop_back();
  const PointsVerdict cut = check_points(claim_of(shorter), issue());
  EXPECT_EQ(states(cut), "accounts+ path- root? grams? ");
  EXPECT_EQ(cut.checks[1].detail, "sum_path_length_wrong");
  PointsProof nothing = proof_of(1);
  nothing.grams = 0;
  EXPECT_EQ(check_points(claim_of(nothing), issue()).checks[1].detail, "sum_amount_zero");
}

TEST(PointsProof, DoesNotHoldWhereTheRecordCountsOtherwise) {
  ledger::IssuePoints more_grams = issue();
  more_grams.grams += 1;
  EXPECT_EQ(states(check_points(claim_of(proof_of(0)), more_grams)),
            "accounts+ path+ root+ grams- ");
  ledger::IssuePoints more_accounts = issue();
  more_accounts.accounts = 9;
  EXPECT_FALSE(check_points(claim_of(proof_of(0)), more_accounts).holds);
  PointsProof more = proof_of(0);
  more.accounts = 9;
  EXPECT_EQ(states(check_points(claim_of(more), issue())), "accounts- path+ root+ grams+ ");
}

TEST(PointsProof, IsDecodedStrictly) {
  using crypto::CborError;
  const auto refused = [](const PointsProof& proof) {
    return decode_points_proof(encode(proof)).error();
  };
  PointsProof salt = proof_of(0);
  salt.salt.resize(15);
  EXPECT_EQ(refused(salt), CborError::out_of_range);
  salt.salt.resize(65);
  EXPECT_EQ(refused(salt), CborError::out_of_range);
  PointsProof deep = proof_of(0);
  deep.path.resize(kPointsPathMax + 1);
  EXPECT_EQ(refused(deep), CborError::too_long);
  PointsProof unnamed = proof_of(0);
  unnamed.issue = {"points-1"};
  EXPECT_EQ(refused(unnamed), CborError::out_of_range);
  crypto::Bytes bytes = encode(proof_of(0));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_points_proof(crypto::ByteSpan(bytes).first(size)).has_value()) << size;
  }
  bytes.push_back(0);
  EXPECT_EQ(decode_points_proof(bytes).error(), CborError::trailing_bytes);
  bytes.resize(kPointsProofBytesMax + 1);
  EXPECT_EQ(decode_points_proof(bytes).error(), CborError::too_long);
}

TEST(PointsProof, OfTheLargestTreeFitsItsBound) {
  PointsProof proof = proof_of(0);
  proof.salt.resize(64);
  proof.reference.assign(256, 'u');
  proof.issue = {std::string(16, 'o') + "/" + std::string(48, 'r')};
  proof.grams = proof.index = proof.accounts = UINT64_MAX;
  proof.path.assign(kPointsPathMax, {crypto::Hash{1}, UINT64_MAX});
  EXPECT_TRUE(decode_points_proof(encode(proof)).has_value());
}

TEST(PointsProof, NoChangedByteOfAFileHolds) {
  const crypto::Bytes bytes = encode(proof_of(3));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      crypto::Bytes changed = bytes;
      changed[at] ^= static_cast<std::uint8_t>(1 << bit);
      const auto decoded = decode_points_proof(changed);
      if (!decoded || decoded->issue != proof_of(3).issue) continue;
      EXPECT_FALSE(check_points(claim_of(*decoded), issue()).holds) << at << "." << bit;
    }
  }
}

}  // namespace
}  // namespace treeproof::proofs
