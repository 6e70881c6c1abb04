#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/replica/block_evidence.h"
#include "consensus/replica/chain.h"
#include "consensus/types/limits.h"
#include "tests/simulation/offender.h"

namespace treeproof::replica {
namespace {

using simulation::Consortium;
using simulation::MemoryStore;
using simulation::Offender;

constexpr std::uint64_t kDayMs = 86'400'000;

ledger::Genesis short_memory(const Consortium& consortium) {
  ledger::Genesis genesis = consortium.genesis();
  genesis.parameters.evidence_max_age_heights = 2;
  genesis.parameters.evidence_max_age_days = 1;
  return genesis;
}

// Five validators, of whom one can be spared; evidence is judged for two heights or a day.
class ChainEvidence : public testing::Test {
 protected:
  using Pieces = std::vector<bft::VerifiedEvidence>;

  ChainEvidence() {
    chain_.emplace(consortium_.chain_id(), store_, store_.build_state_map(), store_.tip());
  }

  Offender offender(std::string org) const { return Offender(consortium_, std::move(org)); }
  bft::VerifiedEvidence against(const std::string& org, Height height, Round round = {0}) const {
    const Offender who = offender(org);
    return who.verified(who.double_vote(height, round), *chain_->validators_at(height));
  }
  ExecutedBlockPtr built(const Pieces& evidence, std::uint64_t later_ms = 1'000) {
    time_.value += later_ms;
    return chain_->build(time_, {"platform"}, {}, evidence).block;
  }
  void commit(const ExecutedBlockPtr& block) {
    const bft::CommitCertificate certificate{block->header.height, {0}, block->id(), {}};
    store_.commit({block, certificate});
    chain_->commit(block, certificate);
  }
  // The next block as somebody else could have made it, with this as its evidence.
  std::shared_ptr<ledger::Block> with(const crypto::Bytes& evidence) {
    const auto draft = built({});
    auto block = std::make_shared<ledger::Block>(*draft->block);
    block->evidence = evidence;
    ledger::Header header = draft->header;
    header.evidence_hash = ledger::evidence_hash(*block);
    block->header_bytes = ledger::encode_header(header);
    return block;
  }
  static crypto::Bytes array_of(const Pieces& pieces) {
    crypto::CborWriter out;
    out.array(pieces.size());
    for (const auto& piece : pieces) out.raw(piece.bytes());
    return out.finish();
  }
  static Pieces in_order(Pieces pieces) {
    std::ranges::sort(pieces, {}, [](const bft::VerifiedEvidence& piece) {
      return offence_id(bft::offence_of(piece.evidence()));
    });
    return pieces;
  }
  std::string refused(const crypto::Bytes& evidence, const Pieces& verified) {
    const auto executed = chain_->execute(with(evidence), {}, verified);
    return executed ? "" : std::string(to_string(executed.error()));
  }

  Consortium consortium_{5};
  MemoryStore store_{short_memory(consortium_)};
  std::optional<Chain> chain_;
  TimeMs time_ = consortium_.genesis().time;
};

TEST_F(ChainEvidence, ConvictsInTheBlockThatCarriesItAndShowsItInTheNextSet) {
  commit(built({}));
  const Pieces evidence = {against("verifier", {1})};
  const auto draft = built(evidence);
  EXPECT_EQ(draft->next_validators->find("verifier"), nullptr);
  EXPECT_EQ(draft->header.next_validators_hash, draft->next_validators->hash());
  EXPECT_EQ(draft->block->evidence, encode_evidence(evidence));
  const auto claims = chain_->claims_of(*draft->block);
  ASSERT_TRUE(claims.has_value());
  const auto verified = verify_all(*claims, consortium_.chain_id());
  ASSERT_TRUE(verified.has_value());
  const auto executed = chain_->execute(draft->block, {}, *verified);
  ASSERT_TRUE(executed.has_value()) << to_string(executed.error());
  EXPECT_EQ((*executed)->header_hash, draft->header_hash);
  commit(*executed);
  EXPECT_TRUE(ledger::is_convicted(store_, {"verifier"}));
  EXPECT_EQ(chain_->tip().validators->size(), 4u);
  EXPECT_EQ(chain_->validators_at({2})->size(), 5u);
  EXPECT_EQ(chain_->validators_at({3})->size(), 4u);
}

TEST_F(ChainEvidence, MayBeOfTheHeightThatIsBeingDecided) {
  commit(built({against("verifier", {1}, {0})}));
  EXPECT_TRUE(ledger::is_convicted(store_, {"verifier"}));
}

TEST_F(ChainEvidence, OfAmnesiaConvictsUnderItsName) {
  const Offender who = offender("verifier");
  const Pieces evidence = {who.verified(who.amnesia({1}), *chain_->tip().validators)};
  EXPECT_EQ(ledger::name(offence_kind(evidence.front().evidence())), "amnesia");
  commit(built(evidence));
  EXPECT_TRUE(ledger::is_convicted(store_, {"verifier"}));
}

TEST_F(ChainEvidence, ThatNobodyVerifiedIsRefused) {
  const Pieces evidence = {against("verifier", {1})};
  const crypto::Bytes bytes = encode_evidence(evidence);
  EXPECT_EQ(refused(bytes, {}), "evidence_unverified");
  EXPECT_EQ(refused(bytes, {against("regulator", {1})}), "evidence_unverified");
  EXPECT_EQ(refused({0x80}, evidence), "evidence_unverified");
}

TEST_F(ChainEvidence, ByTheValidatorsOfAnotherHeightIsRefused) {
  commit(built({against("regulator", {1})}));  // from height 2 on four sit
  const Offender who = offender("verifier");
  const auto wrong = who.verified(who.double_vote({1}), *chain_->tip().validators);
  const auto right = against("verifier", {1});
  EXPECT_EQ(wrong.bytes(), right.bytes());
  EXPECT_EQ(refused(encode_evidence({&right, 1}), {wrong}), "evidence_unverified");
  EXPECT_NE(refused(encode_evidence({&right, 1}), {right}), "evidence_unverified");
}

TEST_F(ChainEvidence, OfAnOffenceThatIsRecordedIsRefusedAndLeftOut) {
  commit(built({against("verifier", {1})}));
  const Pieces again = {against("verifier", {1})};
  EXPECT_EQ(refused(encode_evidence(again), again), "evidence_repeated");
  EXPECT_EQ(built(again)->block->evidence, ledger::Block{}.evidence);
}

TEST_F(ChainEvidence, ThatHasExpiredIsRefusedAndLeftOut) {
  const Pieces old = {against("verifier", {1})};
  for (int i = 0; i < 3; ++i) commit(built({}));
  EXPECT_NE(refused(encode_evidence(old), old), "evidence_expired");  // three heights, but a day
  commit(built({}, 2 * kDayMs));
  EXPECT_EQ(refused(encode_evidence(old), old), "evidence_expired");
  EXPECT_EQ(built(old)->block->evidence, ledger::Block{}.evidence);
}

TEST_F(ChainEvidence, OutOfOrderTwiceOrOfAHeightToComeIsMalformed) {
  const Pieces two = in_order({against("verifier", {1}), against("regulator", {1})});
  EXPECT_NE(refused(array_of(two), two), "evidence_malformed");
  EXPECT_EQ(refused(array_of({two[1], two[0]}), {two[1], two[0]}), "evidence_malformed");
  EXPECT_EQ(refused(array_of({two[0], two[0]}), {two[0], two[0]}), "evidence_malformed");
  const Offender who = offender("verifier");
  const auto early = who.verified(who.double_vote({2}), *chain_->tip().validators);
  EXPECT_EQ(refused(array_of({early}), {early}), "evidence_malformed");
  EXPECT_EQ(refused({0x81, 0x05}, {}), "evidence_malformed");
}

TEST_F(ChainEvidence, IsBoundedInABlock) {
  Pieces many;
  for (std::int32_t round = 0; round <= static_cast<std::int32_t>(kBlockEvidenceMax); ++round) {
    many.push_back(against("verifier", {1}, {round}));
  }
  many = in_order(many);
  EXPECT_EQ(refused(array_of(many), many), "evidence_too_much");
  many.pop_back();
  EXPECT_NE(refused(array_of(many), many), "evidence_too_much");
  EXPECT_EQ(chain_->execute(built(many)->block, {}, many).value()->next_validators->size(), 4u);
}

}  // namespace
}  // namespace treeproof::replica
