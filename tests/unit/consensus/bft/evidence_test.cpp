#include "consensus/bft/evidence.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/cbor.h"
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

// Of round 1, by the proposer of round 0.
Proposal out_of_turn() {
  Proposal wrong = proposal(0, kRed);
  wrong.round = {1};
  return wrong;
}

std::vector<Evidence> all_kinds() {
  return {DoubleVote{sign(prevote("v4", 2, kRed)), sign(prevote("v4", 2, std::nullopt))},
          DoubleVote{sign(precommit("v4", 2, kRed)), sign(precommit("v4", 2, forged_red()))},
          DoubleProposal{sign(proposal(0, kRed)), sign(proposal(0, kBlue))},
          ForgedRoot{sign(precommit("v4", 3, forged_red())), committed_red()},
          WrongProposer{sign(out_of_turn())},
          Amnesia{{sign(precommit("v4", 2, kRed))}, sign(prevote("v4", 3, kBlue))}};
}

std::optional<Refusal> verdict_on(const Evidence& evidence) {
  return refusal_of(VerifiedEvidence::verify(evidence, kChain, four()));
}

TEST(Evidence, ComesBackFromItsBytesAndVerifies) {
  for (const Evidence& evidence : all_kinds()) {
    const crypto::Bytes bytes = encode(evidence, kChain);
    const auto back = decode_evidence(bytes, kChain);
    ASSERT_TRUE(back.has_value());
    const auto verified = VerifiedEvidence::verify(*back, kChain, four());
    ASSERT_TRUE(verified.has_value());
    EXPECT_EQ(verified->bytes(), bytes);
    EXPECT_EQ(verified->validators_hash(), four().hash());
    EXPECT_EQ(offence_of(*back), offence_of(evidence));
    EXPECT_EQ(offence_of(*back).org, "v4");
    EXPECT_EQ(offence_of(*back).height, kHeight);
  }
}

TEST(Evidence, NamesTheSlotThatWasAbused) {
  const auto kinds = all_kinds();
  EXPECT_EQ(offence_of(kinds[0]), (Offence{"v4", kHeight, {2}, SignedStep::prevote}));
  EXPECT_EQ(offence_of(kinds[1]), (Offence{"v4", kHeight, {2}, SignedStep::precommit}));
  EXPECT_EQ(offence_of(kinds[2]), (Offence{"v4", kHeight, {0}, SignedStep::proposal}));
  EXPECT_EQ(offence_of(kinds[3]), (Offence{"v4", kHeight, {3}, SignedStep::precommit}));
  EXPECT_EQ(offence_of(kinds[4]), (Offence{"v4", kHeight, {1}, SignedStep::proposal}));
  std::set<crypto::Hash> ids;
  for (const Evidence& evidence : kinds) ids.insert(offence_id(offence_of(evidence)));
  EXPECT_EQ(ids.size(), kinds.size());
}

TEST(Evidence, HasOneEncodingWhicheverPartCameFirst) {
  const Vote red = sign(prevote("v4", 2, kRed));
  const Vote blue = sign(prevote("v4", 2, kBlue));
  const crypto::Bytes bytes = encode(DoubleVote{red, blue}, kChain);
  EXPECT_EQ(bytes, encode(DoubleVote{blue, red}, kChain));
  crypto::CborReader in(bytes);
  in.array_exact(3);
  (void)in.uint();
  const crypto::ByteSpan first = in.item();
  const crypto::ByteSpan second = in.item();
  crypto::CborWriter swapped;
  swapped.array(3).uint(1).raw(second).raw(first);
  EXPECT_EQ(refusal_of(decode_evidence(swapped.finish(), kChain)), Refusal::unsorted);
  crypto::CborWriter twice;
  twice.array(3).uint(1).raw(first).raw(first);
  EXPECT_EQ(refusal_of(decode_evidence(twice.finish(), kChain)), Refusal::unsorted);
}

TEST(Evidence, OfAProposalOutOfTurnNeedsAWrongProposerAndATrueSignature) {
  EXPECT_EQ(verdict_on(WrongProposer{sign(proposal(0, kRed))}), Refusal::no_conflict);
  Proposal forged = sign(out_of_turn());
  forged.signature[0] ^= 1;
  EXPECT_EQ(verdict_on(WrongProposer{forged}), Refusal::bad_signature);
  Proposal stranger = out_of_turn();
  stranger.org = "v9";
  EXPECT_EQ(verdict_on(WrongProposer{stranger}), Refusal::unknown_validator);
  const DoubleProposal both{sign(out_of_turn()), sign(out_of_turn())};
  EXPECT_EQ(verdict_on(both), Refusal::no_conflict);
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
    const bool pair = bytes[0] == 0x83;
    EXPECT_EQ(refusal_of(decode_evidence(bytes, kChain)),
              pair ? Refusal::wrong_type : Refusal::malformed);
  }
}

}  // namespace
}  // namespace treeproof::bft
