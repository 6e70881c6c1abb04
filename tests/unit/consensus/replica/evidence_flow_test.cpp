#include <algorithm>

#include "consensus/replica/block_evidence.h"
#include "tests/simulation/offender.h"
#include "tests/unit/consensus/replica/lonely_replica.h"

namespace treeproof::replica {
namespace {

using simulation::Offender;

// Evidence as it comes to one replica among five validators, before the first block.
class EvidenceFlow : public LonelyReplica {
 protected:
  static constexpr Height kFirst{1};

  Offender offender(std::string org) const { return Offender(consortium_, std::move(org)); }
  void show(const std::string& peer, const bft::Evidence& evidence) {
    step(Received{peer, EvidenceShown{evidence}});
    run_jobs();
  }
  // To whom evidence was sent; an empty name is everybody.
  std::vector<std::string> shown_to() const {
    std::vector<std::string> orgs;
    const std::uint8_t kind = kind_of(EvidenceShown{offender("verifier").double_vote(kFirst)});
    for (const Send& message : sent_) {
      if (message.kind == kind) orgs.push_back(message.org);
    }
    return orgs;
  }
  // A block of another proposer that carries these bytes as its evidence.
  std::shared_ptr<const ledger::Block> block_with(const bft::Evidence& evidence) const {
    Chain chain(consortium_.chain_id(), store_, store_.build_state_map(), store_.tip());
    const TimeMs time{store_.tip().time.value + 1'000};
    const auto verified =
        bft::VerifiedEvidence::verify(evidence, consortium_.chain_id(), *store_.tip().validators);
    std::vector<bft::VerifiedEvidence> pieces;
    if (verified) pieces.push_back(*verified);
    const auto draft = chain.build(time, {"desert-ngo"}, {}, pieces);
    ledger::Block block = *draft.block->block;
    const bool is_taken = block.evidence != ledger::Block{}.evidence;
    if (is_taken) return std::make_shared<const ledger::Block>(block);
    crypto::CborWriter forged;
    forged.array(1).raw(bft::encode(evidence, consortium_.chain_id()));
    block.evidence = forged.finish();
    ledger::Header header = draft.block->header;
    header.evidence_hash = ledger::evidence_hash(block);
    block.header_bytes = ledger::encode_header(header);
    return std::make_shared<const ledger::Block>(block);
  }
  bft::Validity verdict_on(const std::shared_ptr<const ledger::Block>& block) {
    const crypto::Hash hash = ledger::header_hash(block->header_bytes);
    step(Received{"desert-ngo", Body{block, hash}});
    run_jobs();
    return replica_->agreement().validity(hash);
  }
};

TEST_F(EvidenceFlow, IsVerifiedKeptAndShownToAllOnce) {
  const bft::Evidence evidence = offender("verifier").double_vote(kFirst);
  step(Received{"regulator", EvidenceShown{evidence}});
  EXPECT_TRUE(recorded_.empty());  // nothing before it is verified
  run_jobs();
  ASSERT_EQ(recorded_.size(), 1u);
  EXPECT_EQ(recorded_[0].bytes(), bft::encode(evidence, consortium_.chain_id()));
  EXPECT_EQ(shown_to(), std::vector<std::string>{""});
  show("desert-ngo", evidence);
  show("desert-ngo", offender("verifier").double_vote(kFirst));
  EXPECT_EQ(recorded_.size(), 1u);
  EXPECT_EQ(shown_to().size(), 1u);
}

TEST_F(EvidenceFlow, ThatIsForgedCostsTheConnection) {
  show("regulator", offender("verifier").forged(kFirst));
  EXPECT_EQ(dropped_, std::set<std::string>{"regulator"});
  EXPECT_TRUE(recorded_.empty() && shown_to().empty());
  show("desert-ngo", offender("verifier").double_vote(kFirst));
  EXPECT_EQ(recorded_.size(), 1u);  // what was forged keeps nothing true away
}

TEST_F(EvidenceFlow, OfAHeightToComeIsPassedOver) {
  show("regulator", offender("verifier").double_vote({2}));
  EXPECT_TRUE(jobs_.empty() && recorded_.empty() && dropped_.empty());
}

TEST_F(EvidenceFlow, AProposalOutOfTurnConvictsWhoSignedIt) {
  const auto proposal = offender("verifier").out_of_turn(kFirst, *store_.tip().validators);
  step(Received{"verifier", Message(proposal)});
  run_jobs();
  ASSERT_EQ(recorded_.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<bft::WrongProposer>(recorded_[0].evidence()));
  EXPECT_EQ(dropped_, std::set<std::string>{"verifier"});
}

TEST_F(EvidenceFlow, AProposalThatNobodySignedConvictsNobody) {
  auto proposal = offender("verifier").out_of_turn(kFirst, *store_.tip().validators);
  proposal.signature[0] ^= 1;
  step(Received{"regulator", Message(proposal)});
  run_jobs();
  EXPECT_TRUE(recorded_.empty());
  EXPECT_EQ(dropped_, std::set<std::string>{"regulator"});
}

TEST_F(EvidenceFlow, TwoVotesOfOneRoundConvict) {
  const Offender who = offender("verifier");
  for (const char* block : {"one", "other"}) {
    step(Received{"verifier", Message(who.prevote(kFirst, {0}, block))});
    run_jobs();
  }
  ASSERT_EQ(recorded_.size(), 1u);
  EXPECT_EQ(bft::offence_of(recorded_[0].evidence()),
            (Offence{"verifier", kFirst, {0}, SignedStep::prevote}));
}

TEST_F(EvidenceFlow, WhoConnectsIsShownWhatNoBlockHolds) {
  show("regulator", offender("verifier").double_vote(kFirst));
  sent_.clear();
  step(PeerConnected{"desert-ngo"});
  EXPECT_EQ(shown_to(), std::vector<std::string>{"desert-ngo"});
}

TEST_F(EvidenceFlow, ComesBackAfterARestart) {
  const bft::Evidence evidence = offender("verifier").double_vote(kFirst);
  step(EvidenceKept{{evidence, offender("verifier").double_vote({2})}});
  run_jobs();
  ASSERT_EQ(recorded_.size(), 1u);
  EXPECT_EQ(shown_to(), std::vector<std::string>{""});
  const Offence settled = bft::offence_of(offender("verifier").double_vote({2}));
  EXPECT_EQ(forgotten_, std::set<crypto::Hash>{offence_id(settled)});  // nothing can record it
}

TEST_F(EvidenceFlow, OfABodyIsVerifiedBeforeTheBodyIsJudged) {
  const auto block = block_with(offender("verifier").double_vote(kFirst));
  const crypto::Hash hash = ledger::header_hash(block->header_bytes);
  step(Received{"desert-ngo", Body{block, hash}});
  EXPECT_EQ(replica_->agreement().validity(hash), bft::Validity::unknown);
  ASSERT_EQ(jobs_.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<VerifyEvidence>(jobs_[0]));
  run_jobs();
  const bft::Validity verdict = replica_->agreement().validity(hash);
  EXPECT_TRUE(verdict == bft::Validity::valid || verdict == bft::Validity::untimely);
}

TEST_F(EvidenceFlow, OfABodyThatIsKnownIsNotVerifiedAgain) {
  const bft::Evidence evidence = offender("verifier").double_vote(kFirst);
  show("regulator", evidence);
  const auto block = block_with(evidence);
  step(Received{"desert-ngo", Body{block, ledger::header_hash(block->header_bytes)}});
  EXPECT_TRUE(jobs_.empty());
  EXPECT_NE(verdict_on(block), bft::Validity::unknown);
}

TEST_F(EvidenceFlow, OfABodyThatIsForgedMakesItInvalid) {
  EXPECT_EQ(verdict_on(block_with(offender("verifier").forged(kFirst))), bft::Validity::invalid);
  EXPECT_EQ(verdict_on(block_with(offender("verifier").double_vote({2}))), bft::Validity::invalid);
}

}  // namespace
}  // namespace treeproof::replica
