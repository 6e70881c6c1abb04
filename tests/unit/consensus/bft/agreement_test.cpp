// The rules of agreement, each as a fact about one machine.
#include "consensus/bft/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft {
namespace {

using testing::block;
using ::testing::ElementsAre;
using testing::four;
using ::testing::IsEmpty;
using testing::kHeight;
using testing::precommit;
using testing::prevote;
using testing::proposal;

const BlockId kRed = block("red");
const BlockId kBlue = block("blue");

// The proposers of rounds 0 to 3 are v4, v1, v2, v3.
class Machine {
 public:
  explicit Machine(std::string own_org = "v2", ValidatorSet validators = four())
      : own_org_(own_org), agreement_({kHeight, std::move(validators), std::move(own_org)}) {}

  template <typename Message>
  std::vector<std::string> receive(const Message& message) {
    return lines(agreement_.receive(message));
  }
  std::vector<std::string> start(std::int32_t round = 0) {
    return lines(agreement_.start({round}));
  }
  std::vector<std::string> valid(const BlockId& value) {
    return lines(agreement_.set_validity(value, Validity::valid));
  }
  std::vector<std::string> untimely(const BlockId& value) {
    return lines(agreement_.set_validity(value, Validity::untimely));
  }
  std::vector<std::string> invalid(const BlockId& value) {
    return lines(agreement_.set_validity(value, Validity::invalid));
  }
  std::vector<std::string> timeout(TimeoutKind kind, std::int32_t round) {
    return lines(agreement_.timeout(kind, {round}));
  }
  std::vector<std::string> value(std::int32_t round, const BlockId& value) {
    return lines(agreement_.value_to_propose({round}, value));
  }
  // Prevotes of all the given validators; what the last one causes.
  std::vector<std::string> prevotes(std::initializer_list<std::string> orgs, std::int32_t round,
                                    std::optional<BlockId> value, std::int32_t valid_round = -1) {
    std::vector<std::string> last;
    for (const std::string& org : orgs) last = receive(prevote(org, round, value, valid_round));
    return last;
  }
  std::vector<std::string> precommits(std::initializer_list<std::string> orgs, std::int32_t round,
                                      std::optional<BlockId> value) {
    std::vector<std::string> last;
    for (const std::string& org : orgs) last = receive(precommit(org, round, value));
    return last;
  }
  // Locks red in round 0: proposal, polka, own precommit.
  void lock_red() {
    start();
    receive(proposal(0, kRed));
    valid(kRed);
    prevotes({"v1", "v2", "v3"}, 0, kRed);
    ASSERT_EQ(agreement_.locked().block, kRed);
  }
  // Leaves a round with precommits for nil of all others.
  void leave_round(std::int32_t round) {
    precommits({"v1", "v3", "v4"}, round, std::nullopt);
    timeout(TimeoutKind::precommit, round);
    ASSERT_EQ(agreement_.round().value, round + 1);
  }
  const Agreement& operator*() const { return agreement_; }
  const Agreement* operator->() const { return &agreement_; }

 private:
  static std::string name(const crypto::Hash& hash) {
    if (hash == kRed.header_hash) return "red";
    return hash == kBlue.header_hash ? "blue" : "other";
  }
  static std::string line(const GetValue& o) { return "get " + std::to_string(o.round.value); }
  static std::string line(const SendProposal& o) {
    return "propose " + std::to_string(o.proposal.round.value) + " " +
           name(o.proposal.header_hash) + " " + std::to_string(o.proposal.valid_round.value);
  }
  static std::string line(const SendVote& o) {
    const std::string kind = o.vote.type == VoteType::prevote ? "prevote " : "precommit ";
    const std::string value = o.vote.value ? name(o.vote.value->header_hash) : "nil";
    const std::string proof =
        o.vote.valid_round.exists() ? " " + std::to_string(o.vote.valid_round.value) : "";
    return kind + std::to_string(o.vote.round.value) + " " + value + proof;
  }
  static std::string line(const ScheduleTimeout& o) {
    const char* kinds[] = {"propose", "prevote", "precommit"};
    return std::string("timer ") + kinds[static_cast<int>(o.kind)] + " " +
           std::to_string(o.round.value);
  }
  static std::string line(const CancelTimeouts& o) {
    return "cancel " + std::to_string(o.round.value);
  }
  static std::string line(const Decide& o) {
    return "decide " + std::to_string(o.round.value) + " " + name(o.block.header_hash);
  }
  static std::string line(const FetchBlock& o) { return "fetch " + name(o.header_hash); }
  static std::string line(const ReportEvidence& o) { return "evidence " + accused_org(o.evidence); }
  static std::string line(const Alarm& o) {
    return o.kind == AlarmKind::second_quorum ? "alarm second quorum" : "alarm invalid";
  }
  static std::vector<std::string> lines(const Outputs& outputs) {
    std::vector<std::string> all;
    for (const Output& output : outputs) {
      all.push_back(std::visit([](const auto& o) { return line(o); }, output));
    }
    return all;
  }

  std::string own_org_;
  Agreement agreement_;
};

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
  EXPECT_THAT(machine.receive(late), ElementsAre("cancel 1", "decide 0 red"));
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
