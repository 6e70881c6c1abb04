// Deciding, changing rounds, bounds, evidence and what is sent again, as facts about one machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/consensus/bft/line_machine.h"

namespace treeproof::bft {
namespace {

using testing::block;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using testing::kBlue;
using testing::kHeight;
using testing::kRed;
using testing::Machine;
using testing::precommit;
using testing::prevote;
using testing::proposal;

TEST(Agreement, L49DecidesInTheCurrentRound) {
  Machine machine;
  machine.lock_red();
  EXPECT_THAT(machine.precommits({"v1", "v2", "v3"}, 0, kRed),
              ElementsAre("cancel 0", "decide 0 red"));
  EXPECT_EQ(machine->step(), Step::commit);
  EXPECT_EQ(machine->decision()->certificate.signatures.size(), 3u);
}

TEST(Agreement, L49DecidesInAPastRound) {
  Machine machine;
  machine.lock_red();
  machine.leave_round(0);
  machine.receive(precommit("v2", 0, kRed));
  const CommitCertificate late{
      kHeight, {0}, kRed, {{"v1", {}, {}}, {"v2", {}, {}}, {"v3", {}, {}}}};
  // leave_round took nil precommits of v1 and v3 in that round: the certificate gives them away
  EXPECT_THAT(machine.receive(late),
              ElementsAre("evidence v1", "evidence v3", "cancel 1", "decide 0 red"));
}

TEST(Agreement, L49DecidesInAFutureRoundFarAhead) {
  Machine machine;
  machine.start();
  machine.valid(kRed);
  const CommitCertificate ahead{
      kHeight, {300}, kRed, {{"v1", {}, {}}, {"v3", {}, {}}, {"v4", {}, {}}}};
  EXPECT_THAT(machine.receive(ahead), ElementsAre("cancel 0", "decide 300 red"));
}

TEST(Agreement, L49DecidesBeforeTheMachineIsStarted) {
  Machine machine;
  machine.precommits({"v1", "v3", "v4"}, 0, kRed);
  EXPECT_THAT(machine.valid(kRed), ElementsAre("decide 0 red"));
  EXPECT_THAT(machine.start(), IsEmpty());
}

TEST(Agreement, PrecommitsOfDifferentRoundsNeverAddUp) {
  Machine machine;
  machine.lock_red();
  machine.precommits({"v1", "v2"}, 0, kRed);
  machine.timeout(TimeoutKind::precommit, 0);
  machine.precommits({"v3", "v4"}, 1, kRed);
  EXPECT_FALSE(machine->decision().has_value());
}

TEST(Agreement, L55SkipsWithOneThirdOfPrevotesAndPrecommitsTogether) {
  Machine machine;
  machine.start();
  machine.receive(prevote("v1", 1, kRed));
  EXPECT_THAT(machine.receive(precommit("v1", 1, kRed)), IsEmpty());  // the same sender
  EXPECT_THAT(machine.receive(precommit("v3", 1, std::nullopt)),
              ElementsAre("cancel 0", "timer propose 1"));
}

TEST(Agreement, NodesHundredsOfRoundsApartMeetAgain) {
  Machine machine;
  machine.start();
  machine.receive(precommit("v1", 399, std::nullopt));
  machine.receive(prevote("v3", 400, std::nullopt));
  EXPECT_EQ(machine->round(), Round{399});
  EXPECT_TRUE(machine->round_certificate().has_value());
}

TEST(Agreement, EntersALaterRoundOnARoundCertificate) {
  Machine behind;
  behind.start();
  const RoundCertificate certificate{kHeight,
                                     {58},
                                     {precommit("v1", 57, std::nullopt), precommit("v3", 57, kRed),
                                      precommit("v4", 57, std::nullopt)}};
  behind.receive(certificate);
  EXPECT_EQ(behind->round(), Round{57});
  behind.timeout(TimeoutKind::precommit, 57);
  EXPECT_EQ(behind->round(), Round{58});
}

TEST(Agreement, LateTimersDoNothing) {
  Machine machine;
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.leave_round(0);
  EXPECT_THAT(machine.timeout(TimeoutKind::propose, 0), IsEmpty());
  EXPECT_THAT(machine.timeout(TimeoutKind::prevote, 0), IsEmpty());
  EXPECT_THAT(machine.timeout(TimeoutKind::precommit, 0), IsEmpty());
  EXPECT_THAT(machine.timeout(TimeoutKind::prevote, 1), IsEmpty());
}

TEST(Agreement, AProposerWithAValidBlockProposesItWithItsRound) {
  Machine machine("v1");
  machine.start();
  machine.receive(proposal(0, kRed));
  machine.valid(kRed);
  machine.prevotes({"v2", "v3", "v4"}, 0, kRed);
  machine.precommits({"v2", "v3", "v4"}, 0, std::nullopt);
  EXPECT_THAT(machine.timeout(TimeoutKind::precommit, 0),
              ElementsAre("cancel 0", "propose 1 red 0", "timer propose 1"));
}

TEST(Agreement, AProposerProposesAValidBlockThatItNeverLocked) {
  Machine machine("v1");
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.prevotes({"v2", "v3", "v4"}, 0, kRed);
  machine.timeout(TimeoutKind::prevote, 0);
  machine.valid(kRed);
  machine.receive(proposal(0, kRed));
  ASSERT_FALSE(machine->locked().block.has_value());
  machine.precommits({"v2", "v3", "v4"}, 0, std::nullopt);
  EXPECT_THAT(machine.timeout(TimeoutKind::precommit, 0),
              ElementsAre("cancel 0", "propose 1 red 0", "timer propose 1"));
}

TEST(Agreement, DropsAProposalOfAnotherThanTheProposer) {
  Machine machine;
  machine.start();
  machine.valid(kRed);
  Proposal forged = proposal(0, kRed);
  forged.org = "v3";
  EXPECT_THAT(machine.receive(forged), IsEmpty());
  EXPECT_FALSE(machine->holds(forged));
  EXPECT_EQ(machine->step(), Step::propose);
}

TEST(Agreement, KeepsTwoProposalsOfARoundAndReportsTheirProposer) {
  Machine machine;
  machine.start();
  machine.receive(proposal(0, kRed));
  EXPECT_THAT(machine.receive(proposal(0, kBlue)), ElementsAre("evidence v4"));
  EXPECT_THAT(machine.receive(proposal(0, kBlue)), IsEmpty());
  EXPECT_THAT(machine.valid(kBlue), ElementsAre("prevote 0 blue"));
}

TEST(Agreement, KeepsAThirdProposalOnlyWithOneThirdOfThePrevotes) {
  const BlockId green = block("green");
  Machine machine;
  machine.start();
  machine.receive(proposal(0, kRed));
  machine.receive(proposal(0, kBlue));
  machine.receive(proposal(0, green));
  EXPECT_FALSE(machine->holds(proposal(0, green)));
  machine.prevotes({"v1", "v3"}, 0, green);
  machine.receive(proposal(0, green));
  EXPECT_TRUE(machine->holds(proposal(0, green)));
}

TEST(Agreement, FetchesTheBlockThatHasPrecommitsOnce) {
  Machine machine;
  machine.start();
  EXPECT_THAT(machine.receive(precommit("v1", 0, kRed)), IsEmpty());
  EXPECT_THAT(machine.receive(precommit("v3", 0, kRed)), ElementsAre("fetch red"));
  EXPECT_THAT(machine.receive(precommit("v4", 0, kRed)), ElementsAre("timer precommit 0"));
  EXPECT_THAT(machine.valid(kRed), ElementsAre("cancel 0", "decide 0 red"));
}

TEST(Agreement, FetchesTheBlockOfAPolka) {
  Machine machine;
  machine.start();
  EXPECT_THAT(machine.prevotes({"v1", "v3", "v4"}, 0, kRed), ElementsAre("fetch red"));
}

TEST(Agreement, ReportsDoubleVotesOnce) {
  Machine machine;
  machine.start();
  machine.receive(prevote("v3", 0, kRed));
  EXPECT_THAT(machine.receive(prevote("v3", 0, kBlue)), ElementsAre("evidence v3"));
  EXPECT_THAT(machine.receive(prevote("v3", 0, std::nullopt)), IsEmpty());
}

TEST(Agreement, ReportsAPrecommitOfAnotherRootUnderTheDecidedHeader) {
  BlockId forged = kRed;
  forged.log_root[0] = static_cast<std::uint8_t>(forged.log_root[0] ^ 1u);
  Machine machine;
  machine.lock_red();
  machine.receive(precommit("v4", 0, forged));
  EXPECT_THAT(machine.precommits({"v1", "v2", "v3"}, 0, kRed),
              ElementsAre("cancel 0", "decide 0 red", "evidence v4"));
}

TEST(Agreement, APrecommitOfAnotherRootDoesNotCountForTheBlock) {
  BlockId forged = kRed;
  forged.log_size += 1;
  Machine machine;
  machine.lock_red();
  machine.receive(precommit("v4", 0, forged));
  machine.precommits({"v1", "v2"}, 0, kRed);
  EXPECT_FALSE(machine->decision().has_value());
}

TEST(Agreement, AlarmsInsteadOfDecidingWhatItFindsInvalid) {
  Machine machine;
  machine.start();
  machine.invalid(kRed);
  EXPECT_THAT(machine.precommits({"v1", "v3", "v4"}, 0, kRed),
              ElementsAre("alarm invalid", "timer precommit 0"));
  EXPECT_FALSE(machine->decision().has_value());
}

TEST(Agreement, AlarmsOnceOnASecondQuorumAndIsSilentOtherwise) {
  Machine machine;
  machine.lock_red();
  machine.precommits({"v1", "v2", "v3"}, 0, kRed);
  const std::vector<CertificateSignature> signers{{"v1", {}, {}}, {"v3", {}, {}}, {"v4", {}, {}}};
  EXPECT_THAT(machine.receive(CommitCertificate{kHeight, {1}, kRed, signers}), IsEmpty());
  EXPECT_THAT(machine.receive(CommitCertificate{kHeight, {1}, kBlue, signers}),
              ElementsAre("alarm second quorum"));
  EXPECT_THAT(machine.receive(CommitCertificate{kHeight, {1}, kBlue, signers}), IsEmpty());
  EXPECT_THAT(machine.receive(prevote("v1", 3, kBlue)), IsEmpty());
  EXPECT_THAT(machine.timeout(TimeoutKind::precommit, 0), IsEmpty());
}

TEST(Agreement, AlarmsWhenItDecidesBesideAnotherQuorum) {
  Machine machine;
  machine.start();
  machine.invalid(kRed);
  machine.precommits({"v1", "v3", "v4"}, 0, kRed);
  machine.precommits({"v1", "v3", "v4"}, 1, kBlue);
  EXPECT_THAT(machine.valid(kBlue), Contains("alarm second quorum"));
  EXPECT_EQ(machine->decision()->block, kBlue);
}

TEST(Agreement, KeepsWhatIsSentAgainWhileStuck) {
  Machine machine;
  machine.lock_red();
  machine.receive(precommit("v2", 0, kRed));
  EXPECT_THAT(machine->own_votes(), ElementsAre(prevote("v2", 0, kRed), precommit("v2", 0, kRed)));
  const auto polka = machine->polka_certificate({0});
  ASSERT_TRUE(polka.has_value());
  EXPECT_EQ(polka->header_hash, kRed.header_hash);
  EXPECT_EQ(polka->signatures.size(), 3u);
  EXPECT_FALSE(machine->round_certificate().has_value());
  machine.leave_round(0);
  ASSERT_TRUE(machine->round_certificate().has_value());
  EXPECT_EQ(machine->round_certificate()->round, Round{1});
}

TEST(Agreement, KeepsItsOwnProposalOfTheRound) {
  Machine machine("v4");
  machine.start();
  machine.value(0, kRed);
  EXPECT_EQ(machine->own_proposal(), nullptr);
  machine.receive(proposal(0, kRed));
  ASSERT_NE(machine->own_proposal(), nullptr);
  EXPECT_EQ(*machine->own_proposal(), proposal(0, kRed));
}

TEST(Agreement, APolkaCertificateUnlocksAReproposal) {
  Machine machine;
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.leave_round(0);
  machine.valid(kRed);
  machine.receive(proposal(1, kRed, 0));
  const PolkaCertificate polka{
      kHeight, {0}, kRed.header_hash, kNoRound, {{"v1", {}, {}}, {"v3", {}, {}}, {"v4", {}, {}}}};
  EXPECT_THAT(machine.receive(polka), ElementsAre("prevote 1 red 0"));
}

TEST(Agreement, AFollowerDecidesInSilence) {
  Machine observer("");
  EXPECT_THAT(observer.start(), ElementsAre("timer propose 0"));
  observer.receive(proposal(0, kRed));
  EXPECT_THAT(observer.valid(kRed), IsEmpty());
  EXPECT_THAT(observer.prevotes({"v1", "v2", "v3"}, 0, kRed), ElementsAre("timer prevote 0"));
  EXPECT_THAT(observer.precommits({"v1", "v2", "v3"}, 0, kRed),
              ElementsAre("cancel 0", "decide 0 red"));
}

TEST(Agreement, QuorumIsByPowerNotByCount) {
  Machine machine("v2", testing::validators_of({{"v1", 10}, {"v2", 1}, {"v3", 1}, {"v4", 1}}));
  machine.start();
  machine.valid(kRed);
  EXPECT_THAT(machine.receive(precommit("v2", 0, kRed)), IsEmpty());
  EXPECT_THAT(machine.receive(precommit("v3", 0, kRed)), IsEmpty());
  EXPECT_THAT(machine.receive(precommit("v4", 0, kRed)), IsEmpty());
  EXPECT_THAT(machine.receive(precommit("v1", 0, kRed)), ElementsAre("cancel 0", "decide 0 red"));
}

}  // namespace
}  // namespace treeproof::bft
