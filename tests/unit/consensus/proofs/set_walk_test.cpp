#include "consensus/proofs/set_walk.h"

#include <gtest/gtest.h>

#include "tests/simulation/consortium.h"

namespace treeproof::proofs {
namespace {

class SetWalkTest : public testing::Test {
 protected:
  SetWalkTest() : first_(ledger::genesis_validators(consortium_.genesis())) {}

  ValidatorSet fewer() const {
    return ValidatorSet::make({first_.all().begin(), first_.all().begin() + 3}).value();
  }
  crypto::Bytes header(Height height, const ValidatorSet& own, const ValidatorSet& next) const {
    ledger::Header made;
    made.chain_id = consortium_.chain_id();
    made.height = height;
    made.proposer = {"platform"};
    made.log_size = 7;
    made.validators_hash = own.hash();
    made.next_validators_hash = next.hash();
    return ledger::encode_header(made);
  }
  // By all of `signers`.
  bft::CommitCertificate certify(const crypto::Bytes& bytes, const ValidatorSet& signers) const {
    const auto decoded = ledger::decode_header(bytes).value();
    bft::CommitCertificate certificate{
        decoded.height,
        Round{0},
        {ledger::header_hash(bytes), decoded.log_size, decoded.log_root},
        {}};
    for (const Validator& validator : signers.all()) {
      const auto& key = consortium_.member(validator.org).node_key;
      bft::Vote vote{bft::VoteType::precommit,
                     decoded.height,
                     Round{0},
                     certificate.block,
                     kNoRound,
                     validator.org,
                     key.public_key().kid(),
                     {}};
      vote.signature = key.sign(bft::sign_digest(vote, consortium_.chain_id()));
      certificate.signatures.push_back({vote.org, vote.kid, vote.signature});
    }
    return certificate;
  }

  simulation::Consortium consortium_{4};
  ValidatorSet first_;
};

TEST_F(SetWalkTest, GoesFromSetToCertifiedSet) {
  SetWalk walk(consortium_.chain_id(), first_, Height{1});
  const auto leave = header({5}, first_, fewer());
  ASSERT_TRUE(walk.take(leave, certify(leave, first_), fewer().encode()).has_value());
  EXPECT_EQ(walk.set(), fewer());
  EXPECT_EQ(walk.since(), Height{6});
  const auto join = header({6}, fewer(), first_);
  ASSERT_TRUE(walk.take(join, certify(join, fewer()), first_.encode()).has_value());
  EXPECT_EQ(walk.set(), first_);
}

TEST_F(SetWalkTest, StaysWhereTheSetBeforeDidNotSign) {
  SetWalk walk(consortium_.chain_id(), first_, Height{1});
  const auto leave = header({5}, first_, fewer());
  auto few = certify(leave, first_);
  few.signatures.resize(2);
  EXPECT_FALSE(walk.take(leave, few, fewer().encode()).has_value());
  EXPECT_FALSE(walk.take(leave, certify(leave, first_), first_.encode()).has_value());
  const auto other = header({4}, first_, fewer());
  EXPECT_FALSE(walk.take(leave, certify(other, first_), fewer().encode()).has_value());
  const auto foreign = header({5}, fewer(), first_);
  EXPECT_FALSE(walk.take(foreign, certify(foreign, fewer()), first_.encode()).has_value());
  EXPECT_EQ(walk.set(), first_);
  EXPECT_EQ(walk.since(), Height{1});
}

TEST_F(SetWalkTest, NeverGoesBackInHeight) {
  SetWalk walk(consortium_.chain_id(), first_, Height{9});
  const auto leave = header({8}, first_, fewer());
  EXPECT_FALSE(walk.take(leave, certify(leave, first_), fewer().encode()).has_value());
}

TEST_F(SetWalkTest, AnotherChainIsNoPath) {
  const auto bytes = header({5}, first_, fewer());
  EXPECT_TRUE(
      certified_header(bytes, certify(bytes, first_), consortium_.chain_id(), first_).has_value());
  EXPECT_FALSE(certified_header(bytes, certify(bytes, first_), "another", first_).has_value());
}

}  // namespace
}  // namespace treeproof::proofs
