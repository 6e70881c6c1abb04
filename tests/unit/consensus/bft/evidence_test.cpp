#include "consensus/bft/evidence.h"

#include <gtest/gtest.h>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft {
namespace {

using testing::block;
using testing::four;
using testing::kChain;
using testing::kHeight;
using testing::precommit;
using testing::prevote;
using testing::proposal;
using testing::refusal_of;
using testing::sign;

const BlockId kRed = block("red");
const BlockId kBlue = block("blue");

BlockId forged_red() {
  BlockId forged = kRed;
  forged.log_root[0] ^= 1;
  return forged;
}

CommitCertificate committed_red() {
  CommitCertificate certificate{kHeight, {1}, kRed, {}};
  for (const char* org : {"v1", "v2", "v3"}) {
    const Vote vote = sign(precommit(org, 1, kRed));
    certificate.signatures.push_back({vote.org, vote.kid, vote.signature});
  }
  return certificate;
}

std::vector<Evidence> all_kinds() {
  return {DoubleVote{sign(prevote("v4", 2, kRed)), sign(prevote("v4", 2, std::nullopt))},
          DoubleVote{sign(precommit("v4", 2, kRed)), sign(precommit("v4", 2, forged_red()))},
          DoubleProposal{sign(proposal(0, kRed)), sign(proposal(0, kBlue))},
          ForgedRoot{sign(precommit("v4", 3, forged_red())), committed_red()}};
}

std::optional<Refusal> verdict_on(const Evidence& evidence) {
  return refusal_of(verify(evidence, kChain, four()));
}

TEST(Evidence, ComesBackFromItsBytesAndVerifies) {
  for (const Evidence& evidence : all_kinds()) {
    const auto back = decode_evidence(encode(evidence, kChain), kChain);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, evidence);
    EXPECT_TRUE(verify(*back, kChain, four()).has_value());
    EXPECT_EQ(accused_org(*back), "v4");
    EXPECT_EQ(height_of(*back), kHeight);
  }
}

TEST(Evidence, RefusesWhatDoesNotContradict) {
  const Vote vote = sign(prevote("v4", 2, kRed));
  EXPECT_EQ(verdict_on(DoubleVote{vote, vote}), Refusal::no_conflict);
  EXPECT_EQ(verdict_on(DoubleVote{vote, sign(prevote("v4", 3, kBlue))}), Refusal::no_conflict);
  EXPECT_EQ(verdict_on(DoubleVote{vote, sign(prevote("v3", 2, kBlue))}), Refusal::no_conflict);
  EXPECT_EQ(verdict_on(DoubleVote{vote, sign(precommit("v4", 2, kBlue))}), Refusal::no_conflict);
  EXPECT_EQ(verdict_on(ForgedRoot{sign(precommit("v4", 3, kRed)), committed_red()}),
            Refusal::no_conflict);
  EXPECT_EQ(verdict_on(ForgedRoot{sign(precommit("v4", 3, kBlue)), committed_red()}),
            Refusal::no_conflict);
}

TEST(Evidence, TwoSignaturesOfOneVoteAreNoContradiction) {
  const Vote vote = sign(prevote("v4", 2, kRed));
  Vote again = vote;
  again.signature[0] ^= 1;
  EXPECT_EQ(verdict_on(DoubleVote{vote, again}), Refusal::no_conflict);
}

TEST(Evidence, RefusesForgedParts) {
  DoubleVote votes{sign(prevote("v4", 2, kRed)), sign(prevote("v4", 2, kBlue))};
  votes.second.signature = votes.first.signature;
  EXPECT_EQ(verdict_on(votes), Refusal::bad_signature);
  ForgedRoot forged{sign(precommit("v4", 3, forged_red())), committed_red()};
  forged.committed.signatures.pop_back();
  EXPECT_EQ(verdict_on(forged), Refusal::no_quorum);
}

TEST(Evidence, RefusesUnknownKindsAndCuts) {
  for (const Evidence& evidence : all_kinds()) {
    crypto::Bytes bytes = encode(evidence, kChain);
    EXPECT_FALSE(decode_evidence(crypto::ByteSpan(bytes).first(bytes.size() - 1), kChain));
    bytes[1] = 9;  // the kind
    EXPECT_EQ(refusal_of(decode_evidence(bytes, kChain)), Refusal::wrong_type);
  }
}

}  // namespace
}  // namespace treeproof::bft
