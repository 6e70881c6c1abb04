// More than f faulty validators: two quorums in one height, and a quorum for a block that is
// invalid. Both are kept, nothing is voted any more, and the node goes on serving. [rule 25]
#include <gtest/gtest.h>

#include "tests/unit/consensus/replica/among_puppets.h"

namespace treeproof::replica {
namespace {

const std::vector<std::string> kFaulty{"desert-ngo", "river-ngo", "verifier"};

class Alarms : public AmongPuppets {
 protected:
  Alarms() {
    start(config_of("platform"));
    settle();
    step(PeerConnected{"desert-ngo"});
    ours_ = decided(first_, kFaulty);
    theirs_ = decided(second_, kFaulty);
  }
  void expect_both_kept() {
    ASSERT_EQ(all<RecordAlarm>().size(), 1u);
    const RecordAlarm alarm = all<RecordAlarm>().front();
    EXPECT_EQ(alarm.kind, bft::AlarmKind::second_quorum);
    EXPECT_EQ(alarm.quorums,
              (std::vector<bft::CommitCertificate>{ours_.certificate, theirs_.certificate}));
    EXPECT_EQ(replica_->voting(), Voting::alarmed);
  }
  // It follows, answers, and signs nothing, whoever's turn it is.
  void expect_silent_service() {
    seen_.clear();
    fire(TimerKind::heartbeat);
    for (std::int32_t round = 0; round < 4; ++round) fire(TimerKind::propose, Round{round});
    receive("desert-ngo", DecidedWanted{Height{1}, 1});
    EXPECT_TRUE(all<Sign>().empty());
    EXPECT_EQ(all<SendDecided>().size(), 1u);
    const auto height = store_.tip().height;
    receive("desert-ngo", decided(block(1'000), kFaulty));
    EXPECT_EQ(store_.tip().height, height.next());
  }
  ExecutedBlockPtr first_ = block(1'000), second_ = block(2'000);
  Decided ours_, theirs_;
};

TEST_F(Alarms, SecondQuorumBelowTheTipIsKeptBesideTheFirst) {
  receive("desert-ngo", ours_);
  receive("desert-ngo", decided(block(1'000), kFaulty));
  ASSERT_EQ(store_.tip().height, Height{2});
  receive("river-ngo", theirs_);
  expect_both_kept();
  ASSERT_EQ(all<SendDecided>().size(), 1u);  // desert-ngo is shown ours
  EXPECT_EQ(all<SendDecided>().front().from, Height{1});
  receive("river-ngo", theirs_);
  EXPECT_EQ(all<RecordAlarm>().size(), 1u);
  expect_silent_service();
}

TEST_F(Alarms, SecondQuorumIsSeenWhileTheFirstIsOnItsWayToTheDisk) {
  commits_ = false;
  receive("desert-ngo", ours_);
  ASSERT_EQ(all<Commit>().size(), 1u);
  receive("river-ngo", theirs_);
  expect_both_kept();
}

TEST_F(Alarms, SecondQuorumIsSeenInTheBlockThatStandsOnIt) {
  receive("desert-ngo", ours_);
  simulation::MemoryStore other{consortium_.genesis()};
  other.commit({second_, theirs_.certificate});
  receive("river-ngo", decided(block_on(other, 1'000), kFaulty));
  expect_both_kept();
  EXPECT_EQ(store_.tip().height, Height{1});
}

TEST_F(Alarms, TheSameBlockByOthersOrLessThanAQuorumIsNoAlarm) {
  receive("desert-ngo", ours_);
  receive("river-ngo", decided(first_, {"platform", "river-ngo", "verifier"}));
  receive("river-ngo", decided(second_, {"river-ngo", "verifier"}));
  EXPECT_TRUE(all<RecordAlarm>().empty());
  ASSERT_EQ(all<DropPeer>().size(), 1u);
  EXPECT_EQ(replica_->voting(), Voting::yes);
}

TEST_F(Alarms, AfterARestartItStaysSilentAndTellsWhoConnects) {
  receive("desert-ngo", ours_);
  ReplicaConfig config = config_of("platform");
  config.fork = Height{1};
  start(config);
  EXPECT_EQ(replica_->voting(), Voting::alarmed);
  step(PeerConnected{"river-ngo"});
  ASSERT_EQ(all<SendDecided>().size(), 1u);
  EXPECT_EQ(all<SendDecided>().front().org, "river-ngo");
  settle();
  expect_silent_service();
}

TEST_F(Alarms, QuorumForAnInvalidBlockSilencesAndDoesNotStop) {
  auto wrong = std::make_shared<ExecutedBlock>(*second_);
  wrong->header.state_root[0] ^= 1;
  auto body = std::make_shared<ledger::Block>(*wrong->block);
  body->header_bytes = ledger::encode_header(wrong->header);
  wrong->header_hash = ledger::header_hash(body->header_bytes);
  wrong->block = body;
  receive("desert-ngo", decided(wrong, kFaulty));
  ASSERT_EQ(all<RecordAlarm>().size(), 1u);
  EXPECT_EQ(all<RecordAlarm>().front().kind, bft::AlarmKind::quorum_for_invalid);
  EXPECT_EQ(all<RecordAlarm>().front().quorums.size(), 1u);
  EXPECT_EQ(replica_->voting(), Voting::alarmed);
  receive("desert-ngo", ours_);  // and now there are two
  EXPECT_EQ(all<RecordAlarm>().back().kind, bft::AlarmKind::second_quorum);
  EXPECT_EQ(store_.tip().height, Height{1});
  expect_silent_service();
}

}  // namespace
}  // namespace treeproof::replica
