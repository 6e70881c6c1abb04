// The rules within a round, each as a fact about one machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/consensus/bft/line_machine.h"

namespace treeproof::bft {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kBlue;
using testing::kRed;
using testing::Machine;
using testing::precommit;
using testing::prevote;
using testing::proposal;

TEST(Agreement, AsksTheProposerForAValueAndAlwaysForTheProposeTimer) {
  Machine proposer("v4");
  EXPECT_THAT(proposer.start(), ElementsAre("get 0", "timer propose 0"));
  EXPECT_THAT(proposer.value(0, kRed), ElementsAre("propose 0 red -1"));
  EXPECT_THAT(proposer.value(0, kBlue), IsEmpty());
  EXPECT_THAT(Machine().start(), ElementsAre("timer propose 0"));
}

TEST(Agreement, ProposerIsAStatelessFunctionOfHeightAndRound) {
  Machine machine;
  EXPECT_EQ(machine->proposer({0}), "v4");
  EXPECT_EQ(machine->proposer({1}), "v1");
  EXPECT_EQ(machine->proposer({4}), "v4");
  EXPECT_EQ(machine->proposer({0}), "v4");
}

TEST(Agreement, L22PrevotesAValidProposal) {
  Machine machine;
  machine.start();
  EXPECT_THAT(machine.receive(proposal(0, kRed)), IsEmpty());
  EXPECT_THAT(machine.valid(kRed), ElementsAre("prevote 0 red"));
}

TEST(Agreement, L22PrevotesNilForAnInvalidProposal) {
  Machine machine;
  machine.start();
  machine.receive(proposal(0, kRed));
  EXPECT_THAT(machine.invalid(kRed), ElementsAre("prevote 0 nil"));
}

TEST(Agreement, L22PrevotesNilForAnotherBlockThanTheLocked) {
  Machine machine;
  machine.lock_red();
  machine.leave_round(0);
  EXPECT_THAT(machine.receive(proposal(1, kBlue)), ElementsAre("prevote 1 nil"));
}

TEST(Agreement, L22PrevotesTheLockedBlockWhenProposedAfresh) {
  Machine machine;
  machine.lock_red();
  machine.leave_round(0);
  EXPECT_THAT(machine.receive(proposal(1, kRed)), ElementsAre("prevote 1 red"));
}

TEST(Agreement, NeverPrevotesTheLockedBlockWithoutAProposal) {
  Machine machine;
  machine.lock_red();
  machine.leave_round(0);
  EXPECT_THAT(machine.timeout(TimeoutKind::propose, 1), ElementsAre("prevote 1 nil"));
}

TEST(Agreement, UntimelinessCountsOnlyForFreshProposals) {
  Machine fresh;
  fresh.start();
  fresh.receive(proposal(0, kRed));
  EXPECT_THAT(fresh.untimely(kRed), ElementsAre("prevote 0 nil"));

  Machine again;
  again.start();
  again.timeout(TimeoutKind::propose, 0);
  again.prevotes({"v1", "v3", "v4"}, 0, kRed);
  again.leave_round(0);
  again.receive(proposal(1, kRed, 0));
  EXPECT_THAT(again.untimely(kRed), ElementsAre("prevote 1 red 0"));
}

TEST(Agreement, L28WaitsForTheProofOfLockAndKeepsTheProposeTimer) {
  Machine machine;
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.leave_round(0);
  machine.valid(kRed);
  EXPECT_THAT(machine.receive(proposal(1, kRed, 0)), IsEmpty());
  EXPECT_EQ(machine->step(), Step::propose);
  EXPECT_THAT(machine.timeout(TimeoutKind::propose, 1), ElementsAre("prevote 1 nil"));
}

TEST(Agreement, L28PrevotesOnceTheProofOfLockArrives) {
  Machine machine;
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.leave_round(0);
  machine.valid(kRed);
  machine.receive(proposal(1, kRed, 0));
  EXPECT_THAT(machine.prevotes({"v1", "v3", "v4"}, 0, kRed), ElementsAre("prevote 1 red 0"));
}

TEST(Agreement, L28PrevotesNilWhenLockedLaterOnAnotherBlock) {
  Machine machine;
  machine.start();
  machine.valid(kRed);
  machine.valid(kBlue);
  machine.timeout(TimeoutKind::propose, 0);
  machine.prevotes({"v1", "v3", "v4"}, 0, kBlue);
  machine.leave_round(0);
  machine.receive(proposal(1, kRed));
  machine.prevotes({"v1", "v3", "v4"}, 1, kRed);
  ASSERT_EQ(machine->locked().round, Round{1});
  machine.leave_round(1);
  machine.timeout(TimeoutKind::propose, 2);
  machine.leave_round(2);
  EXPECT_THAT(machine.receive(proposal(3, kBlue, 0)), ElementsAre("prevote 3 nil"));
}

TEST(Agreement, L28ReleasesALockThatIsNotNewerThanTheProof) {
  Machine machine;
  machine.lock_red();
  machine.leave_round(0);
  machine.valid(kBlue);
  machine.timeout(TimeoutKind::propose, 1);
  machine.prevotes({"v1", "v3", "v4"}, 1, kBlue);
  machine.leave_round(1);
  EXPECT_THAT(machine.receive(proposal(2, kBlue, 1)), ElementsAre("prevote 2 blue 1"));
  EXPECT_EQ(machine->locked().block, kRed);  // until a polka of this round
}

TEST(Agreement, L28ReleasesALockOfTheSameRoundAsTheProof) {
  Machine machine;
  machine.lock_red();
  machine.prevotes({"v1", "v3", "v4"}, 0, kBlue);  // more liars than the protocol allows
  machine.valid(kBlue);
  machine.leave_round(0);
  EXPECT_THAT(machine.receive(proposal(1, kBlue, 0)), ElementsAre("prevote 1 blue 0"));
}

TEST(Agreement, L34ArmsThePrevoteTimerOnceForAnyQuorum) {
  Machine machine;
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.prevotes({"v1"}, 0, kRed);
  EXPECT_THAT(machine.prevotes({"v2", "v3"}, 0, std::nullopt), ElementsAre("timer prevote 0"));
  EXPECT_THAT(machine.receive(prevote("v4", 0, kBlue)), IsEmpty());
}

TEST(Agreement, L34WaitsForThePrevoteStep) {
  Machine machine;
  machine.start();
  machine.prevotes({"v1", "v3"}, 0, kRed);
  EXPECT_THAT(machine.receive(prevote("v4", 0, std::nullopt)), IsEmpty());
  EXPECT_THAT(machine.timeout(TimeoutKind::propose, 0),
              ElementsAre("prevote 0 nil", "timer prevote 0"));
}

TEST(Agreement, L36LocksAndPrecommits) {
  Machine machine;
  machine.start();
  machine.receive(proposal(0, kRed));
  machine.valid(kRed);
  EXPECT_THAT(machine.prevotes({"v1", "v2", "v3"}, 0, kRed),
              ElementsAre("timer prevote 0", "precommit 0 red"));
  EXPECT_EQ(machine->locked().block, kRed);
  EXPECT_EQ(machine->locked().round, Round{0});
  EXPECT_EQ(machine->valid().block, kRed);
}

TEST(Agreement, L36ChangesOnlyTheValidBlockInThePrecommitStep) {
  Machine machine;
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.prevotes({"v1", "v3", "v4"}, 0, kRed);
  machine.timeout(TimeoutKind::prevote, 0);
  ASSERT_EQ(machine->step(), Step::precommit);
  machine.valid(kRed);
  EXPECT_THAT(machine.receive(proposal(0, kRed)), IsEmpty());
  EXPECT_EQ(machine->locked().block, std::nullopt);
  EXPECT_EQ(machine->valid().block, kRed);
}

TEST(Agreement, L36NeverLocksAnInvalidBlock) {
  Machine machine;
  machine.start();
  machine.receive(proposal(0, kRed));
  machine.invalid(kRed);
  EXPECT_THAT(machine.prevotes({"v1", "v3", "v4"}, 0, kRed), ElementsAre("timer prevote 0"));
  EXPECT_EQ(machine->locked().block, std::nullopt);
  EXPECT_EQ(machine->valid().block, std::nullopt);
}

TEST(Agreement, L36IsForTheCurrentRoundOnly) {
  Machine machine;
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.receive(proposal(0, kRed));
  machine.valid(kRed);
  machine.leave_round(0);
  machine.timeout(TimeoutKind::propose, 1);
  machine.prevotes({"v1", "v3", "v4"}, 0, kRed);
  EXPECT_EQ(machine->locked().block, std::nullopt);
  EXPECT_EQ(machine->valid().block, std::nullopt);
}

TEST(Agreement, L36RequiresTheProposalsValidRound) {
  Machine machine;
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.prevotes({"v1", "v3", "v4"}, 0, kRed);
  machine.leave_round(0);
  machine.valid(kRed);
  machine.receive(proposal(1, kRed, 0));
  machine.prevotes({"v1", "v3", "v4"}, 1, kRed, -1);  // answers to another proposal
  EXPECT_EQ(machine->locked().block, std::nullopt);
  machine.receive(proposal(1, kRed));  // the other one
  EXPECT_EQ(machine->locked().block, kRed);
}

TEST(Agreement, APolkaIsOfOneValidRound) {
  Machine machine;
  machine.start();
  machine.timeout(TimeoutKind::propose, 0);
  machine.prevotes({"v1", "v3", "v4"}, 0, kRed);
  machine.leave_round(0);
  machine.valid(kRed);
  machine.receive(proposal(1, kRed, 0));
  machine.receive(proposal(1, kRed));
  machine.receive(prevote("v1", 1, kRed, 0));
  machine.receive(prevote("v3", 1, kRed, 0));
  machine.receive(prevote("v4", 1, kRed, -1));
  EXPECT_EQ(machine->locked().block, std::nullopt);
}

TEST(Agreement, L44PrecommitsNilAndKeepsTheLock) {
  Machine machine;
  machine.lock_red();
  machine.leave_round(0);
  machine.timeout(TimeoutKind::propose, 1);
  EXPECT_THAT(machine.prevotes({"v1", "v3", "v4"}, 1, std::nullopt),
              ElementsAre("precommit 1 nil"));
  EXPECT_EQ(machine->locked().block, kRed);
  EXPECT_EQ(machine->valid().block, kRed);
}

TEST(Agreement, L47ArmsThePrecommitTimerOnceInAnyStep) {
  Machine machine;
  machine.start();
  machine.precommits({"v1", "v3"}, 0, std::nullopt);
  EXPECT_THAT(machine.receive(precommit("v4", 0, kRed)), ElementsAre("timer precommit 0"));
  EXPECT_THAT(machine.receive(precommit("v2", 0, std::nullopt)), IsEmpty());
}

TEST(Agreement, AnyPrecommitsDoNotShadowAPendingPolka) {
  Machine machine;
  machine.start();
  machine.prevotes({"v1", "v3", "v4"}, 0, kRed);
  machine.precommits({"v1", "v3"}, 0, std::nullopt);
  machine.receive(precommit("v4", 0, kBlue));
  machine.receive(proposal(0, kRed));
  EXPECT_THAT(machine.valid(kRed), ElementsAre("prevote 0 red", "precommit 0 red"));
}

}  // namespace
}  // namespace treeproof::bft
