// One validator in its rounds: what it signs and sends, and what a restart keeps. Height 1 is led
// by platform, river-ngo, verifier and desert-ngo, in rounds 0 to 3.
#include <set>

#include "tests/unit/consensus/replica/among_puppets.h"

namespace treeproof::replica {
namespace {

using bft::VoteType;

const std::vector<std::string> kOthers{"platform", "river-ngo", "verifier"};
constexpr Round kFirst{0};
constexpr Round kSecond{1};

class DesertNgo : public AmongPuppets {
 protected:
  void begin() {
    start(config_of("desert-ngo"));
    for (const char* peer : {"platform", "verifier"}) step(PeerConnected{peer});
    settle();
  }
  const bft::Agreement& agreement() const { return replica_->agreement(); }
  bool waits_for_a_proposal() const {
    return std::ranges::any_of(
        all<SetTimer>(), [](const SetTimer& set) { return set.timer.kind == TimerKind::propose; });
  }
  std::size_t signatures() const { return all<Sign>().size(); }
  // Nobody proposes; all precommit nil and wait for the timer.
  void leave_the_first_round() {
    fire(TimerKind::propose, kFirst);
    receive_votes(kOthers, VoteType::precommit, kFirst, std::nullopt);
    fire(TimerKind::precommit, kFirst);
  }
  // Locked in the second round on a block that river-ngo proposed.
  ExecutedBlockPtr lock_in_the_second_round() {
    leave_the_first_round();
    const ExecutedBlockPtr block = block_on(store_, 60'000, "river-ngo");
    receive_proposal("river-ngo", kSecond, block);
    receive_votes({"platform", "river-ngo"}, VoteType::prevote, kSecond, block->id());
    return block;
  }
};

TEST_F(DesertNgo, SignsOnceMoreThanTwoThirdsHaveSaidWhatTheyHoldOfIt) {
  start(config_of("desert-ngo"));
  for (const char* peer : {"platform", "verifier"}) step(PeerConnected{peer});
  fire(TimerKind::propose, kFirst);
  EXPECT_EQ(signatures(), 0u);
  receive("platform", OwnVoteHeld{});
  EXPECT_EQ(signatures(), 0u);
  receive("verifier", OwnVoteHeld{});
  EXPECT_EQ(signatures(), 1u);
  EXPECT_EQ(sent<bft::Vote>().size(), 1u);
}

// Its journal must hold the verdict that it votes by: after a crash between guard and journal it
// would ask for another vote, which its guard refuses.
TEST_F(DesertNgo, HasNoDoubtOfItsOwnBlockHoweverFarItsClockIsOff) {
  passed_ms_ = -65'000;  // five seconds before genesis
  begin();
  receive_votes({"platform", "river-ngo"}, VoteType::prevote, Round{3}, std::nullopt);
  ASSERT_EQ(agreement().round(), Round{3});
  ASSERT_FALSE(sent<bft::Proposal>().empty());
  std::vector<Journal> verdicts = all<Journal>();
  std::erase_if(verdicts, [](const Journal& record) { return record.kind != kJournalVerdict; });
  ASSERT_FALSE(verdicts.empty());
  for (const Journal& record : verdicts) {
    EXPECT_EQ(record.payload.back(), static_cast<std::uint8_t>(bft::Validity::valid));
  }
}

// [rule 23] A body that comes last makes it prevote and precommit in one breath. The guard keeps
// one signature: the prevote must be in the journal before the precommit takes its place.
TEST_F(DesertNgo, LosesNoVoteWherePowerFailsBetweenTwoOfThem) {
  begin();
  leave_the_first_round();
  const ExecutedBlockPtr block = block_on(store_, 60'000, "river-ngo");
  receive_votes(kOthers, VoteType::prevote, kSecond, block->id());
  signatures_before_death_ = 2;
  receive_proposal("river-ngo", kSecond, block);
  begin();
  std::set<VoteType> voted;
  for (const Journal& record : journal_) {
    const bool is_message = record.kind != kJournalTimeout && record.kind != kJournalVerdict;
    if (!is_message) continue;
    const Message message = *decode(record.kind, record.payload, consortium_.chain_id());
    const auto* vote = std::get_if<bft::Vote>(&message);
    if (vote != nullptr && vote->org == own_ && vote->round == kSecond) voted.insert(vote->type);
  }
  EXPECT_EQ(voted, (std::set{VoteType::prevote, VoteType::precommit}));
}

// [rule 17]
TEST_F(DesertNgo, SaysWhyItEnteredALaterRound) {
  begin();
  leave_the_first_round();
  ASSERT_EQ(agreement().round(), kSecond);
  const auto certificates = sent<bft::RoundCertificate>();
  ASSERT_EQ(certificates.size(), 1u);
  EXPECT_EQ(certificates.front().second.round, kSecond);
}

// [rule 17]
TEST_F(DesertNgo, APrecommitOfALaterRoundBringsItsPolka) {
  begin();
  const ExecutedBlockPtr block = lock_in_the_second_round();
  ASSERT_EQ(agreement().step(), bft::Step::precommit);
  const auto polkas = sent<bft::PolkaCertificate>();
  ASSERT_EQ(polkas.size(), 1u);
  EXPECT_EQ(polkas.front().second.round, kSecond);
  EXPECT_EQ(polkas.front().second.header_hash, block->header_hash);
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
  const ExecutedBlockPtr block = block_on(store_, 60'000, "river-ngo");
  receive_proposal("river-ngo", kSecond, block);
  const auto votes = sent<bft::Vote>();
  ASSERT_FALSE(votes.empty());
  EXPECT_EQ(votes.back().second.type, VoteType::prevote);
  EXPECT_EQ(votes.back().second.value, bft::prevote_value(block->header_hash));
}

// [rule 29]
TEST_F(DesertNgo, TheHeartbeatWakesTheTimerOfTheFirstProposal) {
  begin();
  EXPECT_FALSE(waits_for_a_proposal());
  fire(TimerKind::heartbeat, Round{});
  EXPECT_TRUE(waits_for_a_proposal());
}

// [rule 20] a timeout is in the journal: after a restart the step is the one that it led to.
TEST_F(DesertNgo, ARestartGoesOnInTheStepAfterATimeout) {
  begin();
  fire(TimerKind::propose, kFirst);
  ASSERT_EQ(agreement().step(), bft::Step::prevote);
  start(config_of("desert-ngo"));
  EXPECT_EQ(agreement().step(), bft::Step::prevote);
}

// [rules 20 and 22] lock, valid block and round are those of before, from the journal alone.
TEST_F(DesertNgo, ARestartRemembersItsLock) {
  begin();
  const ExecutedBlockPtr block = lock_in_the_second_round();
  ASSERT_EQ(agreement().locked().block, block->id());
  start(config_of("desert-ngo"));
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
  start(config_of("desert-ngo"));
  EXPECT_EQ(journal_.size(), records);
  EXPECT_TRUE(sent<bft::Vote>().empty());
  EXPECT_TRUE(sent<bft::RoundCertificate>().empty());
  EXPECT_TRUE(sent<bft::PolkaCertificate>().empty());
  settle();
  EXPECT_EQ(signatures(), 0u);
}

// [rules 27 and 28] from the first block on.
TEST_F(DesertNgo, GivesTheBlocksThatItDecidedFromTheFirstOn) {
  begin();
  const ExecutedBlockPtr block = lock_in_the_second_round();
  receive_votes({"platform", "river-ngo"}, VoteType::precommit, kSecond, block->id());
  ASSERT_EQ(store_.tip().height, Height{1});
  receive("river-ngo", DecidedWanted{Height{1}, 16});
  const auto served = all<SendDecided>();
  ASSERT_EQ(served.size(), 1u);
  EXPECT_EQ(served.front().org, "river-ngo");
  EXPECT_EQ(served.front().from, Height{1});
}

// [rule 27] a block of a peer enters by its certificate only.
TEST_F(DesertNgo, ADecisionThatNobodySignedIsNone) {
  begin();
  receive("verifier", Status{Height{9}});
  ASSERT_FALSE(sent<DecidedWanted>().empty());
  const ExecutedBlockPtr block = block_on(store_, 60'000);
  Decided decided{{Height{1}, kFirst, block->id(), {}}, block->block};
  for (const std::string& org : kOthers) {
    const crypto::Kid kid = consortium_.member(org).node_key.public_key().kid();
    decided.certificate.signatures.push_back({org, kid, {}});
  }
  receive("verifier", decided);
  EXPECT_EQ(store_.tip().height, Height{0});
}

// [rule 27] a peer that does not answer costs its request, not the sync.
TEST_F(DesertNgo, AsksAnotherPeerWhenOneDoesNotAnswer) {
  begin();
  for (const char* peer : {"platform", "verifier"}) receive(peer, Status{Height{9}});
  for (int tick = 0; tick < 6; ++tick) {
    passed_ms_ += 60'000;
    step(TimerFired{{TimerKind::resend, {}, {}}});
  }
  std::set<std::string> asked;
  for (const auto& [org, request] : sent<DecidedWanted>()) asked.insert(org);
  EXPECT_EQ(asked, (std::set<std::string>{"platform", "verifier"}));
}

using Platform = AmongPuppets;

// [rule 14] a clock that is behind the last block: the next time is one millisecond after it.
TEST_F(Platform, ALeaderWithASlowClockProposesATimeAfterTheLastBlock) {
  passed_ms_ = -120'000;
  start(config_of("platform"));
  settle();
  fire(TimerKind::heartbeat, Round{});
  ASSERT_EQ(sent<bft::Proposal>().size(), 1u);
  const auto bodies = sent<Body>();
  ASSERT_EQ(bodies.size(), 1u);
  const auto header = ledger::decode_header(bodies.front().second.block->header_bytes);
  EXPECT_EQ(header->time.value, store_.tip().time.value + 1);
}

}  // namespace
}  // namespace treeproof::replica
