// Whose key a seat has, and whether the guard beside it belongs to the chain. [rule 23]
#include "consensus/replica/vote_right.h"

#include <gtest/gtest.h>

#include "consensus/types/limits.h"
#include "crypto/hash.h"
#include "tests/unit/consensus/replica/among_puppets.h"

namespace treeproof::replica {
namespace {

const std::vector<std::string> kOthers{"desert-ngo", "river-ngo", "verifier"};

class VoteRightOf : public AmongPuppets {
 protected:
  // A block that the others decided; with our signature or without.
  void decide(bool with_ours) {
    auto signers = kOthers;
    if (with_ours) signers.front() = "platform";
    const auto next = block(1'000);
    store_.commit({next, decided(next, signers).certificate});
  }
  Voting voting(Height guard) {
    ReplicaConfig config = config_of("platform");
    config.node_key->guard = guard;
    start(config);
    settle();
    fire(TimerKind::heartbeat);
    EXPECT_TRUE(replica_->voting() == Voting::yes || all<Sign>().empty());
    return replica_->voting();
  }
};

TEST_F(VoteRightOf, AGuardAsHighAsTheChainVotes) {
  EXPECT_EQ(voting(Height{0}), Voting::yes);
  decide(true);
  EXPECT_EQ(voting(Height{1}), Voting::yes);
  EXPECT_EQ(voting(Height{9}), Voting::yes);
}

TEST_F(VoteRightOf, AGuardThatSignedAndIsLowerOnlyFollows) {
  decide(false);
  decide(false);
  EXPECT_EQ(voting(Height{1}), Voting::older_guard);
}

TEST_F(VoteRightOf, ANewGuardVotesWhereTheChainHoldsNothingByItsKey) {
  decide(false);
  EXPECT_EQ(voting(Height{0}), Voting::yes);
  decide(true);
  EXPECT_EQ(voting(Height{0}), Voting::older_guard);
}

// It may have signed where nothing is held: a guard that is as high is needed there.
TEST_F(VoteRightOf, ANewGuardOnlyFollowsWhereTheChainIsNotHeldFromItsKeyOn) {
  decide(false);
  decide(false);
  ReplicaConfig config = config_of("platform");
  config.node_key->guard = Height{0};
  const auto begins_at = [&](std::uint64_t base) {
    config.past = [this, base](Height height) {
      return height.value < base ? std::nullopt : store_.past(height);
    };
    start(config);
    return replica_->voting();
  };
  EXPECT_EQ(begins_at(1), Voting::yes);
  EXPECT_EQ(begins_at(2), Voting::older_guard);
  config.node_key->guard = Height{2};
  EXPECT_EQ(begins_at(2), Voting::yes);
}

TEST_F(VoteRightOf, AnotherKeyThanThatOfTheSeatOnlyFollows) {
  const auto other = crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes("rotated")));
  ReplicaConfig config = config_of("platform");
  config.node_key->key = other->public_key();
  start(config);
  settle();
  fire(TimerKind::heartbeat);
  EXPECT_EQ(replica_->voting(), Voting::another_key);
  EXPECT_TRUE(all<Sign>().empty());
  config.node_key.reset();
  start(config);
  EXPECT_EQ(replica_->voting(), Voting::no_guard);
  config.org = "stranger";
  start(config);
  EXPECT_EQ(replica_->voting(), Voting::no_seat);
}

TEST_F(VoteRightOf, AGuardFollowsTheDecisionsOfOthersUnlessItIsOlder) {
  start(config_of("platform"));
  receive("river-ngo", decided(block(1'000), kOthers));
  ASSERT_EQ(store_.tip().height, Height{1});
  EXPECT_EQ(guard_.height(), Height{1});
  EXPECT_EQ(guard_.round(), Round{kRoundMax});
  decide(false);
  start(config_of("platform"));  // of a backup: its guard has stayed behind
  receive("river-ngo", decided(block(1'000), kOthers));
  ASSERT_EQ(store_.tip().height, Height{3});
  EXPECT_EQ(guard_.height(), Height{1});
}

}  // namespace
}  // namespace treeproof::replica
