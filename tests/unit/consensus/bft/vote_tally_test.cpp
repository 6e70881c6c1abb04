#include "consensus/bft/vote_tally.h"

#include <gtest/gtest.h>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft {
namespace {

using testing::block;
using testing::four;
using testing::kHeight;
using testing::precommit;
using testing::prevote;

const BlockId kRed = block("red");
const BlockId kBlue = block("blue");

VoteTally tally_with(std::initializer_list<Vote> votes, Round current = {0}) {
  VoteTally tally(kHeight, four());
  for (const Vote& vote : votes) tally.add(vote, current);
  return tally;
}

TEST(VoteTally, CountsOneVotePerValidator) {
  const VoteTally tally = tally_with({prevote("v1", 0, kRed), prevote("v1", 0, kRed),
                                      prevote("v1", 0, kRed), prevote("v2", 0, kRed)});
  EXPECT_TRUE(tally.polkas({0}).empty());
  EXPECT_FALSE(tally.has_any_prevotes({0}));
}

TEST(VoteTally, AQuorumIsStrictlyMoreThanTwoThirds) {
  VoteTally tally(kHeight, testing::validators_of({{"v1", 1}, {"v2", 1}, {"v3", 1}}));
  tally.add(prevote("v1", 0, kRed), {0});
  tally.add(prevote("v2", 0, kRed), {0});
  EXPECT_TRUE(tally.polkas({0}).empty());  // exactly two thirds
  tally.add(prevote("v3", 0, kRed), {0});
  EXPECT_EQ(tally.polkas({0}).size(), 1u);
}

TEST(VoteTally, APolkaIsEqualInValueAndValidRound) {
  VoteTally tally = tally_with(
      {prevote("v1", 2, kRed, 0), prevote("v2", 2, kRed, 0), prevote("v3", 2, kRed, 1)}, {2});
  EXPECT_TRUE(tally.polkas({2}).empty());
  EXPECT_TRUE(tally.has_any_prevotes({2}));
  tally.add(prevote("v4", 2, kRed, 0), {2});
  ASSERT_EQ(tally.polkas({2}).size(), 1u);
  EXPECT_EQ(tally.polkas({2})[0].valid_round, Round{0});
  EXPECT_TRUE(tally.has_polka_for({2}, kRed.header_hash));
  EXPECT_FALSE(tally.has_polka_for({2}, kBlue.header_hash));
}

TEST(VoteTally, PrevotesAndPrecommitsAreCountedApart) {
  const VoteTally tally =
      tally_with({prevote("v1", 0, kRed), prevote("v2", 0, kRed), precommit("v3", 0, kRed)});
  EXPECT_TRUE(tally.polkas({0}).empty());
  EXPECT_FALSE(tally.has_any_precommits({0}));
}

TEST(VoteTally, ANilPolkaIsNoPolkaForAValue) {
  const VoteTally tally =
      tally_with({prevote("v1", 0, std::nullopt), prevote("v2", 0, std::nullopt),
                  prevote("v3", 0, std::nullopt)});
  EXPECT_TRUE(tally.has_nil_polka({0}));
  EXPECT_TRUE(tally.polkas({0}).empty());
}

TEST(VoteTally, KeepsTheFirstAndOneConflictingVote) {
  VoteTally tally(kHeight, four());
  EXPECT_FALSE(tally.add(prevote("v1", 0, kRed), {0}).has_value());
  const auto evidence = tally.add(prevote("v1", 0, kBlue), {0});
  ASSERT_TRUE(evidence.has_value());
  EXPECT_EQ(*evidence, (DoubleVote{prevote("v1", 0, kRed), prevote("v1", 0, kBlue)}));
  EXPECT_FALSE(tally.add(prevote("v1", 0, std::nullopt), {0}).has_value());
  EXPECT_TRUE(tally.holds(prevote("v1", 0, kRed)));
  EXPECT_TRUE(tally.holds(prevote("v1", 0, kBlue)));
  EXPECT_FALSE(tally.holds(prevote("v1", 0, std::nullopt)));
}

TEST(VoteTally, ADoubleVoterCountsOnceTowardsAnyQuorum) {
  const VoteTally tally =
      tally_with({prevote("v1", 0, kRed), prevote("v1", 0, kBlue), prevote("v2", 0, std::nullopt)});
  EXPECT_FALSE(tally.has_any_prevotes({0}));
}

TEST(VoteTally, AConflictingVoteCountsForItsOwnValue) {
  const VoteTally tally = tally_with({prevote("v1", 0, kRed), prevote("v1", 0, kBlue),
                                      prevote("v2", 0, kBlue), prevote("v3", 0, kBlue)});
  EXPECT_TRUE(tally.has_polka_for({0}, kBlue.header_hash));
}

TEST(VoteTally, HoldsOnlyTheVeryBytes) {
  const VoteTally tally = tally_with({prevote("v1", 0, kRed), precommit("v2", 9, kRed)});
  EXPECT_TRUE(tally.holds(prevote("v1", 0, kRed)));
  EXPECT_TRUE(tally.holds(precommit("v2", 9, kRed)));
  Vote other = prevote("v1", 0, kRed);
  other.signature[0] = 1;
  EXPECT_FALSE(tally.holds(other));
  EXPECT_FALSE(tally.holds(prevote("v9", 0, kRed)));
}

TEST(VoteTally, PrecommitsCountPerTriple) {
  BlockId forged = kRed;
  forged.log_size += 1;
  VoteTally tally =
      tally_with({precommit("v1", 0, kRed), precommit("v2", 0, kRed), precommit("v3", 0, forged)});
  EXPECT_TRUE(tally.committed().empty());
  EXPECT_EQ(tally.precommits_forging(kRed), std::vector{precommit("v3", 0, forged)});
  tally.add(precommit("v4", 0, kRed), {0});
  ASSERT_EQ(tally.committed().size(), 1u);
  EXPECT_EQ(tally.committed()[0].block, kRed);
}

TEST(VoteTally, SkipCountsDistinctSendersOfBothTypes) {
  VoteTally tally = tally_with({prevote("v1", 1, kRed), precommit("v1", 1, kRed)});
  EXPECT_EQ(tally.skip_target({0}), kNoRound);
  tally.add(precommit("v2", 1, std::nullopt), {0});
  EXPECT_EQ(tally.skip_target({0}), Round{1});
  EXPECT_EQ(tally.skip_target({1}), kNoRound);
}

TEST(VoteTally, SkipGoesToTheHighestRoundThatOneThirdHaveReached) {
  const VoteTally tally =
      tally_with({prevote("v1", 100, kRed), prevote("v2", 200, kRed), prevote("v3", 300, kRed)});
  EXPECT_EQ(tally.skip_target({0}), Round{200});
}

TEST(VoteTally, FarAheadOnlyEachValidatorsHighestRoundIsKept) {
  VoteTally tally(kHeight, four());
  for (std::int32_t round = 2; round < 1'000; ++round) {
    tally.add(prevote("v1", round, kRed), {0});
    tally.add(precommit("v1", round, kRed), {0});
  }
  EXPECT_TRUE(tally.holds(precommit("v1", 999, kRed)));
  EXPECT_FALSE(tally.holds(precommit("v1", 998, kRed)));
  EXPECT_FALSE(tally.add(prevote("v1", 5, kBlue), {0}).has_value());
  EXPECT_FALSE(tally.holds(prevote("v1", 5, kBlue)));
  tally.add(prevote("v2", 9, kRed), {0});
  tally.add(precommit("v2", 8, kRed), {0});
  EXPECT_FALSE(tally.holds(precommit("v2", 8, kRed)));
}

TEST(VoteTally, VotesAheadCountOnceTheirRoundIsNear) {
  VoteTally tally =
      tally_with({precommit("v1", 7, kRed), precommit("v2", 7, kRed), precommit("v3", 7, kRed)});
  EXPECT_TRUE(tally.committed().empty());
  tally.advance({6});
  ASSERT_EQ(tally.committed().size(), 1u);
  EXPECT_EQ(tally.committed()[0].round, Round{7});
}

TEST(VoteTally, ReportsOneConflictAhead) {
  VoteTally tally(kHeight, four());
  tally.add(prevote("v1", 7, kRed), {0});
  EXPECT_TRUE(tally.add(prevote("v1", 7, kBlue), {0}).has_value());
  EXPECT_FALSE(tally.add(prevote("v1", 7, std::nullopt), {0}).has_value());
}

TEST(VoteTally, CertificatesCountInAnyRound) {
  VoteTally tally(kHeight, four());
  const std::vector<CertificateSignature> signers{{"v1", {}, {}}, {"v2", {}, {}}, {"v4", {}, {}}};
  tally.add(PolkaCertificate{kHeight, {50}, kRed.header_hash, {3}, signers});
  EXPECT_TRUE(tally.has_polka_for({50}, kRed.header_hash));
  EXPECT_EQ(tally.skip_target({0}), Round{50});
  tally.add(CommitCertificate{kHeight, {60}, kBlue, signers});
  ASSERT_EQ(tally.committed().size(), 1u);
  EXPECT_EQ(tally.committed()[0].block, kBlue);
}

TEST(VoteTally, ACertificateBesideItsVotesNamesEachSignerOnce) {
  VoteTally tally = tally_with({prevote("v1", 0, kRed), prevote("v2", 0, kRed)});
  const std::vector<CertificateSignature> signers{{"v1", {}, {}}, {"v2", {}, {}}, {"v3", {}, {}}};
  tally.add(PolkaCertificate{kHeight, {0}, kRed.header_hash, kNoRound, signers});
  const auto polka = tally.polka_certificate({0});
  ASSERT_TRUE(polka.has_value());
  EXPECT_EQ(polka->signatures.size(), 3u);
}

TEST(VoteTally, ACertificateCountsOverConflictingVotes) {
  VoteTally tally = tally_with({prevote("v1", 0, kBlue), prevote("v1", 0, std::nullopt)});
  tally.add(PolkaCertificate{
      kHeight, {0}, kRed.header_hash, kNoRound, {{"v1", {}, {}}, {"v2", {}, {}}, {"v3", {}, {}}}});
  EXPECT_TRUE(tally.has_polka_for({0}, kRed.header_hash));
}

// Whoever tells two halves different things is given away by the certificate of the other half.
TEST(VoteTally, ACertificateConvictsWhoVotedOtherwise) {
  VoteTally tally = tally_with({precommit("v1", 0, kRed), precommit("v2", 0, std::nullopt)});
  const std::vector<CertificateSignature> signers{{"v1", {}, {}}, {"v2", {}, {}}, {"v4", {}, {}}};
  const CommitCertificate certificate{kHeight, {0}, kRed, signers};
  const auto evidence = tally.add(certificate);
  ASSERT_EQ(evidence.size(), 1u);
  EXPECT_EQ(evidence[0].first, precommit("v2", 0, std::nullopt));
  EXPECT_EQ(evidence[0].second.value, kRed);
  EXPECT_EQ(evidence[0].second.org, "v2");
  EXPECT_TRUE(tally.add(certificate).empty());  // said once
  EXPECT_FALSE(tally.add(precommit("v2", 0, kBlue), {0}).has_value());
  const PolkaCertificate polka{kHeight, {0}, kRed.header_hash, kNoRound, signers};
  EXPECT_TRUE(tally.add(polka).empty());
  EXPECT_TRUE(tally.add(prevote("v4", 0, kBlue), {0}).has_value());
}

TEST(VoteTally, MakesCertificatesAscendingByOrganisation) {
  const VoteTally tally =
      tally_with({precommit("v4", 0, kRed), precommit("v1", 0, kRed), precommit("v3", 0, kRed)});
  const CommitCertificate certificate = tally.commit_certificate(tally.committed()[0]);
  ASSERT_EQ(certificate.signatures.size(), 3u);
  EXPECT_EQ(certificate.signatures[0].org, "v1");
  EXPECT_EQ(certificate.signatures[1].org, "v3");
  EXPECT_EQ(certificate.signatures[2].org, "v4");
}

TEST(VoteTally, ARoundCertificateIsAQuorumOfPrecommitsOrOneThirdBeyond) {
  const VoteTally before = tally_with({precommit("v1", 4, kRed), precommit("v2", 4, std::nullopt),
                                       precommit("v3", 4, std::nullopt)},
                                      {4});
  ASSERT_TRUE(before.round_certificate({5}).has_value());
  EXPECT_EQ(before.round_certificate({5})->votes.size(), 3u);

  const VoteTally beyond = tally_with({prevote("v1", 8, kRed), precommit("v2", 9, kRed)});
  ASSERT_TRUE(beyond.round_certificate({8}).has_value());
  EXPECT_EQ(beyond.round_certificate({8})->votes.size(), 2u);
  EXPECT_FALSE(beyond.round_certificate({9}).has_value());
  EXPECT_FALSE(beyond.round_certificate({0}).has_value());
}

TEST(VoteTally, RoundsFarBehindTakeCertificatesOnly) {
  VoteTally tally(kHeight, four());
  for (const char* org : {"v1", "v2", "v3"}) tally.add(precommit(org, 1, kRed), {5'000});
  EXPECT_TRUE(tally.committed().empty());
  tally.add(
      CommitCertificate{kHeight, {1}, kRed, {{"v1", {}, {}}, {"v2", {}, {}}, {"v3", {}, {}}}});
  EXPECT_EQ(tally.committed().size(), 1u);
}

TEST(VoteTally, ForgetsRoundsFarBehindUnlessAQuorumStandsInThem) {
  VoteTally tally(kHeight, four());
  tally.add(prevote("v1", 0, kRed), {0});
  for (const char* org : {"v1", "v2", "v3"}) tally.add(prevote(org, 1, kBlue), {0});
  tally.advance({5'000});
  EXPECT_FALSE(tally.holds(prevote("v1", 0, kRed)));
  EXPECT_TRUE(tally.has_polka_for({1}, kBlue.header_hash));
}

TEST(VoteTally, AVoteAheadConflictsWithTheCertificateOfItsRoundWhenThatRoundComes) {
  VoteTally tally(kHeight, four());
  EXPECT_FALSE(tally.add(prevote("v1", 5, kRed), {0}).has_value());
  PolkaCertificate polka{kHeight, {5}, kBlue.header_hash, kNoRound, {}};
  for (const char* org : {"v1", "v2", "v3"}) polka.signatures.push_back({org, {}, {}});
  EXPECT_TRUE(tally.add(polka).empty());
  const auto evidence = tally.advance({5});
  ASSERT_EQ(evidence.size(), 1u);
  EXPECT_EQ(evidence[0].first.org, "v1");
  EXPECT_EQ(evidence[0].second.value, prevote_value(kRed.header_hash));
  EXPECT_TRUE(tally.advance({6}).empty());
}

}  // namespace
}  // namespace treeproof::bft
