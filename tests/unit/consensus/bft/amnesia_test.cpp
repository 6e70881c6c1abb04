// Who forgot a lock is found out, and who may vote for another block is not accused. [rule 25]
#include <gtest/gtest.h>

#include "consensus/bft/vote_tally.h"
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
using testing::refusal_of;
using testing::sign;

const BlockId kRed = block("red");
const BlockId kBlue = block("blue");

// Locked in round 2, and voting against it in round 5.
Amnesia forgotten() {
  return {{sign(precommit("v4", 2, kRed)), sign(precommit("v4", 3, std::nullopt)),
           sign(precommit("v4", 4, std::nullopt))},
          sign(prevote("v4", 5, kBlue, 1))};
}

std::optional<Refusal> verdict_on(const Amnesia& evidence) {
  return refusal_of(VerifiedEvidence::verify(evidence, kChain, four()));
}

// What the last vote shows after the others.
std::optional<Amnesia> shown_by(const std::vector<Vote>& votes, Round current) {
  VoteTally tally(kHeight, four());
  for (const Vote& vote : votes) tally.add(vote, current);
  return tally.forgotten_lock(votes.back());
}

TEST(Amnesia, IsOneOffenceThatComesBackFromItsBytes) {
  const Amnesia evidence = forgotten();
  EXPECT_EQ(verdict_on(evidence), std::nullopt);
  EXPECT_EQ(offence_of(evidence), (Offence{"v4", kHeight, {5}, SignedStep::prevote}));
  const auto back = decode_evidence(encode(evidence, kChain), kChain);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, Evidence(evidence));
}

TEST(Amnesia, IsNotToVoteForTheLockedBlock) {
  Amnesia evidence = forgotten();
  evidence.prevote = sign(prevote("v4", 5, kRed, 1));
  EXPECT_EQ(verdict_on(evidence), Refusal::no_conflict);
}

TEST(Amnesia, IsNotToFollowAPolkaOfTheLocksRoundOrALaterOne) {
  for (const std::int32_t valid_round : {2, 3, 4}) {
    Amnesia evidence = forgotten();
    evidence.prevote = sign(prevote("v4", 5, kBlue, valid_round));
    EXPECT_EQ(verdict_on(evidence), Refusal::no_conflict) << valid_round;
  }
}

TEST(Amnesia, IsNotShownWhereAnotherLockMayStandInBetween) {
  Amnesia relocked = forgotten();
  relocked.precommits[1] = sign(precommit("v4", 3, kBlue));
  EXPECT_EQ(verdict_on(relocked), Refusal::no_conflict);
  Amnesia gap = forgotten();
  gap.precommits.erase(gap.precommits.begin() + 1);
  EXPECT_EQ(verdict_on(gap), Refusal::no_conflict);
  Amnesia end = forgotten();
  end.precommits.pop_back();
  EXPECT_EQ(verdict_on(end), Refusal::no_conflict);
}

TEST(Amnesia, NeedsALockAndAVoteForABlock) {
  Amnesia evidence = forgotten();
  evidence.precommits.front() = sign(precommit("v4", 2, std::nullopt));
  EXPECT_EQ(verdict_on(evidence), Refusal::no_conflict);
  evidence = forgotten();
  evidence.prevote = sign(prevote("v4", 5, std::nullopt));
  EXPECT_EQ(verdict_on(evidence), Refusal::no_conflict);
  evidence = forgotten();
  evidence.prevote = sign(precommit("v4", 5, kBlue));
  EXPECT_EQ(verdict_on(evidence), Refusal::no_conflict);
  evidence = forgotten();
  evidence.precommits.clear();
  EXPECT_EQ(verdict_on(evidence), Refusal::no_conflict);
}

TEST(Amnesia, IsOfOneValidatorAtOneHeightByItsOwnHand) {
  Amnesia evidence = forgotten();
  evidence.precommits.front() = sign(precommit("v3", 2, kRed));
  EXPECT_EQ(verdict_on(evidence), Refusal::no_conflict);
  evidence = forgotten();
  ++evidence.precommits.front().height.value;
  EXPECT_EQ(verdict_on(evidence), Refusal::no_conflict);
  for (std::size_t i = 0; i < 3; ++i) {
    evidence = forgotten();
    evidence.precommits[i].signature[0] ^= 1;
    EXPECT_EQ(verdict_on(evidence), Refusal::bad_signature) << i;
  }
  evidence = forgotten();
  evidence.prevote.signature[0] ^= 1;
  EXPECT_EQ(verdict_on(evidence), Refusal::bad_signature);
}

TEST(Amnesia, ReachesBackOverABoundedNumberOfRounds) {
  const auto over = [](std::size_t rounds) {
    Amnesia evidence{{sign(precommit("v4", 0, kRed))}, {}};
    while (evidence.precommits.size() < rounds) {
      const auto next = static_cast<std::int32_t>(evidence.precommits.size());
      evidence.precommits.push_back(sign(precommit("v4", next, std::nullopt)));
    }
    evidence.prevote = sign(prevote("v4", static_cast<std::int32_t>(rounds), kBlue));
    return evidence;
  };
  const Amnesia most = over(kForgottenRoundsMax);
  EXPECT_EQ(verdict_on(most), std::nullopt);
  EXPECT_TRUE(decode_evidence(encode(most, kChain), kChain).has_value());
  EXPECT_LT(encode(most, kChain).size(), kEvidenceBytesMax);
  const Amnesia more = over(kForgottenRoundsMax + 1);
  EXPECT_EQ(verdict_on(more), Refusal::no_conflict);
  EXPECT_FALSE(decode_evidence(encode(more, kChain), kChain).has_value());
}

TEST(Amnesia, IsFoundInTheTallyInWhateverOrderItsVotesCome) {
  const Amnesia evidence = forgotten();
  std::vector<Vote> votes = evidence.precommits;
  votes.push_back(evidence.prevote);
  for (std::size_t last = 0; last < votes.size(); ++last) {
    std::rotate(votes.begin(), votes.begin() + 1, votes.end());
    EXPECT_EQ(shown_by(votes, {5}), evidence) << last;
    EXPECT_EQ(shown_by({votes.begin() + 1, votes.end()}, {5}), std::nullopt) << last;
  }
}

TEST(Amnesia, IsNotFoundInTheVotesOfWhoRelocked) {
  EXPECT_EQ(
      shown_by({precommit("v4", 0, kRed), precommit("v4", 1, kBlue), prevote("v4", 2, kBlue)}, {2}),
      std::nullopt);
  EXPECT_EQ(shown_by({precommit("v4", 0, kRed), prevote("v4", 2, kBlue)}, {2}), std::nullopt);
  EXPECT_EQ(shown_by({precommit("v4", 0, kRed), prevote("v4", 1, kBlue, 0)}, {2}), std::nullopt);
  EXPECT_EQ(shown_by({prevote("v4", 0, kBlue), precommit("v4", 0, kRed)}, {2}), std::nullopt);
}

TEST(Amnesia, IsFoundInCertificatesToo) {
  VoteTally tally(kHeight, four());
  tally.add(precommit("v4", 0, kRed), {1});
  PolkaCertificate polka{kHeight, {1}, kBlue.header_hash, kNoRound, {}};
  for (const char* org : {"v1", "v2", "v4"}) {
    const Vote vote = sign(prevote(org, 1, kBlue));
    polka.signatures.push_back({vote.org, vote.kid, vote.signature});
  }
  tally.add(polka);
  std::vector<std::string> accused;
  for (const Vote& vote : votes_of(polka)) {
    if (const auto found = tally.forgotten_lock(vote)) accused.push_back(found->prevote.org);
  }
  EXPECT_EQ(accused, std::vector<std::string>{"v4"});
}

}  // namespace
}  // namespace treeproof::bft
