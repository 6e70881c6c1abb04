// What a restarted validator hears of its own votes, and what its peers tell. [rule 23]
#include <gtest/gtest.h>

#include "consensus/types/limits.h"
#include "tests/unit/consensus/replica/among_puppets.h"

namespace treeproof::replica {
namespace {

using bft::SignStep;
using bft::VoteType;

class OwnVotes : public AmongPuppets {
 protected:
  OwnVotes() { start(config_of("platform")); }
  std::vector<bft::SignPosition> floors() const {
    std::vector<bft::SignPosition> found;
    for (const RaiseFloor& raise : all<RaiseFloor>()) {
      found.push_back({raise.height, raise.round, raise.step});
    }
    return found;
  }
  // The replica proposes, and therefore signs, when it may.
  bool signs() {
    fire(TimerKind::heartbeat);
    return !all<Sign>().empty();
  }
};
using Floors = std::vector<bft::SignPosition>;

TEST_F(OwnVotes, OfAHeightAboveAnEmptiedHomeAreNotFollowedByMoreOfThatHeight) {
  ReplicaConfig config = config_of("platform");
  config.node_key->guard = Height{3};
  start(config);
  settle();
  EXPECT_EQ(floors(), (Floors{{Height{3}, Round{kRoundMax}, SignStep::precommit}}));
}

TEST_F(OwnVotes, ThatTheJournalHoldsAreFollowedByMoreOfTheirHeight) {
  const bft::Vote prevote = vote("platform", VoteType::prevote, Height{1}, Round{0});
  journal_.push_back({Height{1}, kind_of(prevote), encode(prevote, consortium_.chain_id())});
  start(config_of("platform"));
  receive("desert-ngo", OwnVoteHeld{{}, prevote});
  receive("river-ngo", OwnVoteHeld{});
  EXPECT_EQ(floors(), (Floors{{Height{1}, Round{0}, SignStep::prevote}}));
}

TEST_F(OwnVotes, ThatComeUnaskedSilenceItToo) {
  settle();
  receive("verifier", vote("platform", VoteType::precommit, Height{1}, Round{0}));
  EXPECT_EQ(floors(), (Floors{{Height{1}, Round{kRoundMax}, SignStep::precommit}}));
}

// What it does not remember may have locked it: a vote in a later round could go against the lock.
TEST_F(OwnVotes, ThatItForgotSilenceItToTheEndOfTheirHeight) {
  const bft::Vote precommit = vote("platform", VoteType::precommit, Height{6}, Round{2});
  receive("desert-ngo", OwnVoteHeld{Height{5}, precommit});
  receive("river-ngo", OwnVoteHeld{});
  EXPECT_EQ(floors(), (Floors{{Height{6}, Round{kRoundMax}, SignStep::precommit}}));
}

TEST_F(OwnVotes, OfAHeightThatNobodyReachedSilenceNobody) {
  receive("desert-ngo", OwnVoteHeld{Height{1ull << 60}, {}});
  receive("river-ngo", OwnVoteHeld{});
  EXPECT_EQ(floors(), Floors{});
  EXPECT_TRUE(signs());
}

TEST_F(OwnVotes, NeedNotBeGivenAgainUpToWhereMoreThanAThirdHaveDecided) {
  receive("desert-ngo", OwnVoteHeld{Height{7}, {}});
  receive("river-ngo", OwnVoteHeld{Height{5}, {}});
  EXPECT_EQ(floors(), (Floors{{Height{5}, Round{kRoundMax}, SignStep::precommit}}));
}

TEST_F(OwnVotes, CountOnlyWithASignatureThatHolds) {
  bft::Vote forged = vote("platform", VoteType::prevote, Height{6}, Round{2});
  forged.round = Round{3};
  receive("desert-ngo", OwnVoteHeld{{}, forged});
  receive("river-ngo", OwnVoteHeld{});
  ASSERT_EQ(all<DropPeer>().size(), 1u);
  EXPECT_EQ(all<DropPeer>().front().org, "desert-ngo");
  EXPECT_FALSE(signs());  // nor has desert-ngo answered
  receive("verifier", OwnVoteHeld{});
  EXPECT_EQ(floors(), Floors{});
  EXPECT_FALSE(all<Sign>().empty());
}

TEST_F(OwnVotes, OfOthersOrByAnEarlierKeySayNothing) {
  receive("desert-ngo", OwnVoteHeld{{}, vote("verifier", VoteType::prevote, Height{9}, Round{0})});
  bft::Vote earlier = vote("desert-ngo", VoteType::prevote, Height{9}, Round{0});
  earlier.org = "platform";
  receive("river-ngo", OwnVoteHeld{{}, earlier});
  EXPECT_EQ(floors(), Floors{});
  EXPECT_TRUE(all<DropPeer>().empty());
  EXPECT_TRUE(signs());
}

TEST_F(OwnVotes, ThatCountLateStillHoldItBack) {
  receive("desert-ngo", OwnVoteHeld{});
  receive("river-ngo", OwnVoteHeld{});
  EXPECT_TRUE(signs());
  const bft::Proposal proposal =
      signed_by("platform", bft::Proposal{Height{5}, Round{0}, {}, kNoRound, {}, {}, {}});
  receive("verifier", OwnVoteHeld{{}, proposal});
  EXPECT_EQ(floors(), (Floors{{Height{5}, Round{kRoundMax}, SignStep::precommit}}));
}

TEST_F(OwnVotes, ComeBackToTheirSignerAsTheyWereSigned) {
  const bft::Vote prevote = vote("verifier", VoteType::prevote, Height{1}, Round{3});
  receive("river-ngo", vote("verifier", VoteType::prevote, Height{1}, Round{2}));
  receive("river-ngo", prevote);
  seen_.clear();
  receive("verifier", OwnVoteWanted{});
  ASSERT_EQ(sent_to("verifier").size(), 1u);
  const auto held = std::get<OwnVoteHeld>(sent_to("verifier").front());
  EXPECT_EQ(held.message, SignedMessage(prevote));
  EXPECT_EQ(held.decided, Height{0});
}

// A vote that came before the question counts, even while its signature is being checked.
TEST_F(OwnVotes, ThatAreBeingCheckedAreWaitedForBeforeAPeerIsAnswered) {
  const bft::Vote first = vote("verifier", VoteType::prevote, Height{1}, Round{0});
  const bft::Vote second = vote("verifier", VoteType::precommit, Height{1}, Round{0});
  const auto checks = [&](const bft::Vote& vote) {
    for (Effect& effect : replica_->step(Received{"river-ngo", vote}, now())) {
      if (auto* run = std::get_if<RunJobs>(&effect)) return std::move(run->jobs);
    }
    return std::vector<Job>{};
  };
  const auto finish = [&](const std::vector<Job>& jobs) {
    JobsDone done;
    for (const Job& job : jobs) done.results.push_back(run(job, consortium_.chain_id()));
    step(std::move(done));
  };
  const std::vector<Job> before = checks(first);
  receive("verifier", OwnVoteWanted{});
  const std::vector<Job> after = checks(second);
  EXPECT_TRUE(sent_to("verifier").empty());
  finish(before);
  ASSERT_EQ(sent_to("verifier").size(), 1u);
  EXPECT_EQ(std::get<OwnVoteHeld>(sent_to("verifier").front()).message, SignedMessage(first));

  seen_.clear();
  receive("verifier", OwnVoteWanted{});  // again, by a later life
  EXPECT_TRUE(sent_to("verifier").empty());
  finish(after);
  ASSERT_EQ(sent_to("verifier").size(), 1u);
  EXPECT_EQ(std::get<OwnVoteHeld>(sent_to("verifier").front()).message, SignedMessage(second));
}

TEST_F(OwnVotes, AreKnownFromCertificatesToo) {
  bft::RoundCertificate certificate{Height{1}, Round{4}, {}};
  for (const char* org : {"desert-ngo", "river-ngo", "verifier"}) {
    certificate.votes.push_back(vote(org, VoteType::precommit, Height{1}, Round{3}));
  }
  receive("river-ngo", certificate);
  seen_.clear();
  receive("verifier", OwnVoteWanted{});
  const auto held = std::get<OwnVoteHeld>(sent_to("verifier").front());
  EXPECT_EQ(held.message, SignedMessage(certificate.votes.back()));
}

TEST_F(OwnVotes, OfADecisionAreToldAfterARestartOfWhoHoldsIt) {
  const Decided first = decided(block(1'000), {"desert-ngo", "river-ngo", "verifier"});
  receive("river-ngo", first);
  ASSERT_EQ(store_.tip().height, Height{1});
  start(config_of("platform"));
  receive("verifier", OwnVoteWanted{});
  const auto held = std::get<OwnVoteHeld>(sent_to("verifier").front());
  EXPECT_EQ(held.decided, Height{1});
  EXPECT_EQ(held.message, SignedMessage(bft::votes_of(first.certificate).back()));
}

}  // namespace
}  // namespace treeproof::replica
