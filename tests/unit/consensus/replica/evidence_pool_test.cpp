#include "consensus/replica/evidence_pool.h"

#include <gtest/gtest.h>

#include "consensus/replica/chain.h"
#include "consensus/types/limits.h"
#include "tests/simulation/offender.h"

namespace treeproof::replica {
namespace {

using simulation::Offender;

class Evidences : public testing::Test {
 protected:
  bft::VerifiedEvidence against(const std::string& org, Round round = {0}) const {
    const Offender who(consortium_, org);
    return who.verified(who.double_vote({1}, round), *store_.tip().validators);
  }
  static Offence offence(const bft::VerifiedEvidence& evidence) {
    return bft::offence_of(evidence.evidence());
  }
  bool offer(const bft::VerifiedEvidence& evidence) {
    if (!pool_.wants(offence(evidence), store_, {1})) return false;
    pool_.add(evidence, store_);
    return true;
  }
  // A block that records what is selected.
  void decide() {
    Chain chain(consortium_.chain_id(), store_, store_.build_state_map(), store_.tip());
    const TimeMs time{store_.tip().time.value + 1'000};
    const auto draft = chain.build(time, {"platform"}, {}, pool_.select());
    const bft::CommitCertificate certificate{{1}, {0}, draft.block->id(), {}};
    store_.commit({draft.block, certificate});
  }

  simulation::Consortium consortium_{5};
  simulation::MemoryStore store_{consortium_.genesis()};
  EvidencePool pool_;
};

TEST_F(Evidences, AreKeptOnceForEachOffence) {
  EXPECT_TRUE(offer(against("verifier")));
  EXPECT_FALSE(offer(against("verifier")));
  EXPECT_TRUE(offer(against("verifier", {1})));
  EXPECT_EQ(pool_.size(), 2u);
  EXPECT_EQ(*pool_.find(offence(against("verifier"))), against("verifier"));
  EXPECT_EQ(pool_.find(offence(against("regulator"))), nullptr);
}

TEST_F(Evidences, AreBoundedForEachAccused) {
  for (std::int32_t round = 0; round < 10; ++round) offer(against("verifier", {round}));
  EXPECT_EQ(pool_.size(), EvidencePool::kPerAccusedMax);
  EXPECT_TRUE(offer(against("regulator")));
}

TEST_F(Evidences, OfAHeightToComeAreNotKept) {
  Offence early = offence(against("verifier"));
  EXPECT_TRUE(pool_.wants(early, store_, {1}));
  early.height = {2};
  EXPECT_FALSE(pool_.wants(early, store_, {1}));
  early.org = "nobody";
  early.height = {1};
  EXPECT_FALSE(pool_.wants(early, store_, {1}));
}

TEST_F(Evidences, MakeABlockDueUntilTheAccusedIsConvicted) {
  EXPECT_FALSE(pool_.is_due());
  offer(against("verifier"));
  EXPECT_TRUE(pool_.is_due());
  const auto more = against("verifier", {1});
  decide();
  EXPECT_EQ(pool_.settle(store_, {2}).size(), 1u);
  EXPECT_EQ(pool_.size(), 0u);
  EXPECT_TRUE(pool_.wants(offence(more), store_, {2}));
  pool_.add(more, store_);
  EXPECT_FALSE(pool_.is_due());
  EXPECT_EQ(pool_.select().size(), 1u);  // it goes along with the next block
}

TEST_F(Evidences, AreSelectedInTheOrderOfABlock) {
  for (const char* org : {"platform", "verifier", "regulator", "river-ngo"}) {
    for (std::int32_t round = 0; round < 4; ++round) offer(against(org, {round}));
  }
  offer(against("desert-ngo"));
  const auto selected = pool_.select();
  EXPECT_EQ(pool_.size(), 17u);
  EXPECT_EQ(selected.size(), kBlockEvidenceMax);
  const auto ids = [](const bft::VerifiedEvidence& piece) { return offence_id(offence(piece)); };
  EXPECT_TRUE(std::ranges::is_sorted(selected, {}, ids));
}

}  // namespace
}  // namespace treeproof::replica
