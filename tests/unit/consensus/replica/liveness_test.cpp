// What is said again, to whom, and how long a proposer is waited for. [rules 15, 17]
#include <gtest/gtest.h>

#include "tests/unit/consensus/replica/among_puppets.h"

namespace treeproof::replica {
namespace {

using bft::VoteType;

class ProposeTimer : public AmongPuppets {
 protected:
  // Of height 1, round 0, whose proposer is platform.
  std::vector<std::uint64_t> delays() const {
    std::vector<std::uint64_t> found;
    for (const SetTimer& set : all<SetTimer>()) {
      if (set.timer.kind == TimerKind::propose) found.push_back(set.delay_ms);
    }
    return found;
  }
  using Delays = std::vector<std::uint64_t>;
};

TEST_F(ProposeTimer, IsShortForAProposerThatIsNotConnected) {
  start(config_of("verifier"));
  fire(TimerKind::heartbeat);
  EXPECT_EQ(delays(), Delays{200});
}

TEST_F(ProposeTimer, IsShortenedWhenTheProposerGoesAndNeverLengthened) {
  start(config_of("verifier"));
  step(PeerConnected{"platform"});
  step(PeerConnected{"river-ngo"});
  fire(TimerKind::heartbeat);
  step(PeerDisconnected{"river-ngo"});
  EXPECT_EQ(delays(), Delays{1'000});
  passed_ms_ = 100;
  step(PeerDisconnected{"platform"});
  EXPECT_EQ(delays(), (Delays{1'000, 200}));
  passed_ms_ = 200;
  step(PeerConnected{"platform"});
  step(PeerDisconnected{"platform"});
  EXPECT_EQ(delays(), (Delays{1'000, 200}));
}

TEST_F(ProposeTimer, IsLeftAloneWhenLessIsLeftOfIt) {
  start(config_of("verifier"));
  step(PeerConnected{"platform"});
  fire(TimerKind::heartbeat);
  passed_ms_ = 900;
  step(PeerDisconnected{"platform"});
  EXPECT_EQ(delays(), Delays{1'000});
}

TEST_F(ProposeTimer, OfTheProposerItselfIsTheOrdinaryOne) {
  start(config_of("platform"));
  fire(TimerKind::heartbeat);
  EXPECT_EQ(delays(), Delays{1'000});
}

class SaidAgain : public AmongPuppets {
 protected:
  // Platform proposes the first block, with its body.
  SaidAgain() {
    start(config_of("platform"));
    settle();
    fire(TimerKind::heartbeat);
    proposal_ = *replica_->agreement().own_proposal();
  }
  std::vector<Message> told_on_connecting(const std::string& org) {
    seen_.clear();
    step(PeerConnected{org});
    return sent_to(org);
  }
  bft::Proposal proposal_;
};

TEST_F(SaidAgain, ToWhoConnectsAreProposalBodyAndVotes) {
  const auto told = told_on_connecting("verifier");
  EXPECT_EQ(count<bft::Proposal>(told), 1u);
  EXPECT_EQ(count<Body>(told), 1u);
  EXPECT_EQ(count<bft::Vote>(told), 1u);
}

TEST_F(SaidAgain, ToWhoConnectsAreTheCertificatesOfPolkaAndRound) {
  const bft::BlockId block = bft::prevote_value(proposal_.header_hash);
  for (const char* org : {"desert-ngo", "river-ngo"}) {
    receive(org, vote(org, VoteType::prevote, Height{1}, Round{0}, block));
  }
  for (const char* org : {"desert-ngo", "river-ngo"}) {
    receive(org, vote(org, VoteType::precommit, Height{1}, Round{0}));
  }
  fire(TimerKind::precommit);
  ASSERT_EQ(replica_->agreement().round(), Round{1});
  const auto told = told_on_connecting("verifier");
  EXPECT_EQ(count<bft::Vote>(told), 2u);
  EXPECT_EQ(count<bft::PolkaCertificate>(told), 1u);
  EXPECT_EQ(count<bft::RoundCertificate>(told), 1u);
}

class VotesBelow : public AmongPuppets {
 protected:
  VotesBelow() {
    start(config_of("platform"));
    receive("desert-ngo", decided(block(1'000), {"desert-ngo", "river-ngo", "verifier"}));
    EXPECT_EQ(store_.tip().height, Height{1});
    seen_.clear();
  }
  std::size_t answers() const { return all<SendDecided>().size(); }
  void vote_below() {
    receive("verifier", vote("verifier", VoteType::precommit, Height{1}, Round{0}));
  }
};

TEST_F(VotesBelow, AreAnsweredWithTheDecisionOnceInAWhile) {
  passed_ms_ = 600;
  vote_below();
  vote_below();
  ASSERT_EQ(answers(), 1u);
  const SendDecided answer = all<SendDecided>().front();
  EXPECT_EQ(answer.org, "verifier");
  EXPECT_EQ(answer.from, Height{1});
  EXPECT_EQ(answer.count, 1u);
  passed_ms_ = 1'200;
  vote_below();
  EXPECT_EQ(answers(), 2u);
}

TEST_F(VotesBelow, ThatCrossedTheDecisionAreNotAnswered) {
  vote_below();
  EXPECT_EQ(answers(), 0u);
}

TEST_F(VotesBelow, OfOneThatHasTheDecisionAreNotAnswered) {
  receive("verifier", Status{Height{1}});
  passed_ms_ = 600;
  vote_below();
  EXPECT_EQ(answers(), 0u);
}

}  // namespace
}  // namespace treeproof::replica
