#include "tests/unit/consensus/replica/lone_validator.h"

namespace treeproof::replica {
namespace {

using bft::VoteType;

const std::vector<std::string> kOthers{"platform", "river-ngo", "verifier"};
constexpr Round kFirst{0};
constexpr Round kSecond{1};

class DesertNgo : public LoneValidator {
 protected:
  void begin() {
    start("desert-ngo");
    answer({"platform", "verifier"});
  }
  // Nobody proposes; all precommit nil and wait for the timer.
  void leave_the_first_round() {
    fire(TimerKind::propose, kFirst);
    vote_all(kOthers, VoteType::precommit, kFirst, std::nullopt);
    fire(TimerKind::precommit, kFirst);
  }
  // Locked in the second round on a block that river-ngo proposed.
  ExecutedBlockPtr lock_in_the_second_round() {
    leave_the_first_round();
    const ExecutedBlockPtr block = block_of("river-ngo");
    propose("river-ngo", kSecond, block);
    vote_all({"platform", "river-ngo"}, VoteType::prevote, kSecond, block->id());
    return block;
  }
};

TEST_F(DesertNgo, SignsOnceMoreThanTwoThirdsHaveSaidWhatTheyHoldOfIt) {
  start("desert-ngo");
  fire(TimerKind::propose, kFirst);
  EXPECT_EQ(signatures_, 0u);
  answer({"platform"});
  EXPECT_EQ(signatures_, 0u);
  answer({"verifier"});
  EXPECT_EQ(signatures_, 1u);
  EXPECT_EQ(sent<bft::Vote>().size(), 1u);
}

// [rule 17]
TEST_F(DesertNgo, SaysWhyItEnteredALaterRound) {
  begin();
  leave_the_first_round();
  ASSERT_EQ(agreement().round(), kSecond);
  const auto certificates = sent<bft::RoundCertificate>();
  ASSERT_EQ(certificates.size(), 1u);
  EXPECT_EQ(certificates.front().round, kSecond);
}

// [rule 17]
TEST_F(DesertNgo, APrecommitOfALaterRoundBringsItsPolka) {
  begin();
  const ExecutedBlockPtr block = lock_in_the_second_round();
  ASSERT_EQ(agreement().step(), bft::Step::precommit);
  const auto polkas = sent<bft::PolkaCertificate>();
  ASSERT_EQ(polkas.size(), 1u);
  EXPECT_EQ(polkas.front().round, kSecond);
  EXPECT_EQ(polkas.front().header_hash, block->header_hash);
}

// [rule 17]
TEST_F(DesertNgo, SaysItsVotesAgainWhileNothingMoves) {
  begin();
  fire(TimerKind::propose, kFirst);
  step(TimerFired{{TimerKind::resend, {}, {}}});
  const std::size_t before = sent<bft::Vote>().size();
  step(TimerFired{{TimerKind::resend, {}, {}}});
  EXPECT_EQ(sent<bft::Vote>().size(), before + 1);
}

// [rule 29] "empty before the heartbeat" is held against the first round only.
TEST_F(DesertNgo, AnEmptyBlockIsInTimeInALaterRound) {
  begin();
  leave_the_first_round();
  const ExecutedBlockPtr block = block_of("river-ngo");
  propose("river-ngo", kSecond, block);
  const auto votes = sent<bft::Vote>();
  ASSERT_FALSE(votes.empty());
  EXPECT_EQ(votes.back().type, VoteType::prevote);
  EXPECT_EQ(votes.back().value, bft::prevote_value(block->header_hash));
}

// [rule 29]
TEST_F(DesertNgo, TheHeartbeatWakesTheTimerOfTheFirstProposal) {
  begin();
  EXPECT_FALSE(has_timer(TimerKind::propose));
  fire(TimerKind::heartbeat, Round{});
  EXPECT_TRUE(has_timer(TimerKind::propose));
}

// [rule 20] a timeout is in the journal: after a restart the step is the one that it led to.
TEST_F(DesertNgo, ARestartGoesOnInTheStepAfterATimeout) {
  begin();
  fire(TimerKind::propose, kFirst);
  ASSERT_EQ(agreement().step(), bft::Step::prevote);
  start("desert-ngo");
  EXPECT_EQ(agreement().step(), bft::Step::prevote);
}

// [rules 20 and 22] lock, valid block and round are those of before, from the journal alone.
TEST_F(DesertNgo, ARestartRemembersItsLock) {
  begin();
  const ExecutedBlockPtr block = lock_in_the_second_round();
  ASSERT_EQ(agreement().locked().block, block->id());
  start("desert-ngo");
  EXPECT_EQ(agreement().round(), kSecond);
  EXPECT_EQ(agreement().step(), bft::Step::precommit);
  EXPECT_EQ(agreement().locked().block, block->id());
  EXPECT_EQ(agreement().locked().round, kSecond);
  EXPECT_EQ(agreement().own_votes().size(), 2u);
}

// [rule 22] what was said is not said again by the replay, and nothing is signed anew.
TEST_F(DesertNgo, AReplayIsSilent) {
  begin();
  lock_in_the_second_round();
  const std::size_t records = journal_.size();
  start("desert-ngo");
  EXPECT_EQ(journal_.size(), records);
  EXPECT_TRUE(sent<bft::Vote>().empty());
  EXPECT_TRUE(sent<bft::RoundCertificate>().empty());
  EXPECT_TRUE(sent<bft::PolkaCertificate>().empty());
  answer({"platform", "verifier"});
  EXPECT_EQ(signatures_, 0u);
}

// [rules 27 and 28] from the first block on.
TEST_F(DesertNgo, GivesTheBlocksThatItDecidedFromTheFirstOn) {
  begin();
  const ExecutedBlockPtr block = lock_in_the_second_round();
  vote_all({"platform", "river-ngo"}, VoteType::precommit, kSecond, block->id());
  ASSERT_EQ(store_.tip().height, Height{1});
  say("river-ngo", DecidedWanted{Height{1}, 16});
  ASSERT_EQ(served_.size(), 1u);
  EXPECT_EQ(served_.front().org, "river-ngo");
  EXPECT_EQ(served_.front().from, Height{1});
}

// [rule 27] a block of a peer enters by its certificate only.
TEST_F(DesertNgo, ADecisionThatNobodySignedIsNone) {
  begin();
  say("verifier", Status{Height{9}});
  ASSERT_FALSE(sent<DecidedWanted>().empty());
  const ExecutedBlockPtr block = block_of("platform");
  Decided decided{{height_, kFirst, block->id(), {}}, block->block};
  for (const std::string& org : kOthers) {
    const crypto::Kid kid = consortium_.member(org).node_key.public_key().kid();
    decided.certificate.signatures.push_back({org, kid, {}});
  }
  say("verifier", decided);
  EXPECT_EQ(store_.tip().height, Height{0});
}

// [rule 27] a peer that does not answer costs its request, not the sync.
TEST_F(DesertNgo, AsksAnotherPeerWhenOneDoesNotAnswer) {
  begin();
  for (const char* peer : {"platform", "verifier"}) say(peer, Status{Height{9}});
  for (int tick = 0; tick < 6; ++tick) {
    ms_ += 60'000;
    step(TimerFired{{TimerKind::resend, {}, {}}});
  }
  EXPECT_EQ(receivers<DecidedWanted>(), (std::set<std::string>{"platform", "verifier"}));
}

// [rule 14] a clock that is behind the last block: the next time is one millisecond after it.
TEST_F(LoneValidator, ALeaderWithASlowClockProposesATimeAfterTheLastBlock) {
  ms_ = -60'000;
  start("platform");
  answer({"verifier", "river-ngo"});
  fire(TimerKind::heartbeat, Round{});
  ASSERT_EQ(sent<bft::Proposal>().size(), 1u);
  const auto bodies = sent<Body>();
  ASSERT_EQ(bodies.size(), 1u);
  const auto header = ledger::decode_header(bodies.front().block->header_bytes);
  EXPECT_EQ(header->time.value, store_.tip().time.value + 1);
}

}  // namespace
}  // namespace treeproof::replica
