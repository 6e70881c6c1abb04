#include "consensus/replica/mempool.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "tests/simulation/consortium.h"

namespace treeproof::replica {
namespace {

class MempoolTest : public ::testing::Test {
 protected:
  PoolEntry entry(const std::string& org, const std::string& ref) {
    ledger::Evidence evidence;
    evidence.ref = {ref};
    evidence.sha256 = crypto::sha256(crypto::as_bytes(ref));
    evidence.bytes = 1;
    const auto statement = consortium_.sign(org, evidence, 1'700'000'000);
    auto verified =
        ledger::VerifiedStatement::verify(statement, consortium_.member(org).work_key.public_key());
    return PoolEntry{*verified, Origin::client, {}, 0, {}, true, true, {}};
  }
  simulation::Consortium consortium_{4};
  Mempool pool_;
};

TEST_F(MempoolTest, HoldsAStatementOnceAndCollectsItsTickets) {
  PoolEntry first = entry("desert-ngo", "a");
  first.tickets = {Ticket{1}};
  PoolEntry again = first;
  again.tickets = {Ticket{2}};
  EXPECT_EQ(pool_.add(first), std::nullopt);
  EXPECT_EQ(pool_.add(again), std::nullopt);
  EXPECT_EQ(pool_.size(), 1u);
  EXPECT_EQ(pool_.find(first.statement->id)->tickets.size(), 2u);
}

TEST_F(MempoolTest, SelectRotatesOverOrganisations) {
  for (const char* ref : {"a", "b", "c"}) pool_.add(entry("desert-ngo", ref));
  pool_.add(entry("river-ngo", "z"));
  const auto chosen = pool_.select(1 << 20);
  ASSERT_EQ(chosen.size(), 4u);
  EXPECT_EQ(chosen[0]->issuer.text, "desert-ngo");
  EXPECT_EQ(chosen[1]->issuer.text, "river-ngo");
  EXPECT_EQ(chosen[2]->issuer.text, "desert-ngo");
}

TEST_F(MempoolTest, SelectKeepsWithinItsBytes) {
  const PoolEntry one = entry("desert-ngo", "a");
  const std::size_t bytes = one.statement->bytes.size();
  pool_.add(one);
  pool_.add(entry("desert-ngo", "b"));
  EXPECT_EQ(pool_.select(bytes).size(), 1u);
  EXPECT_TRUE(pool_.select(bytes - 1).empty());
}

TEST_F(MempoolTest, WaitingStatementsAreNotSelectedUntilTheyAreReady) {
  PoolEntry waiting = entry("desert-ngo", "a");
  waiting.consents_ready = false;
  pool_.add(waiting);
  EXPECT_FALSE(pool_.any_includable());
  EXPECT_EQ(pool_.waiting().size(), 1u);
  PoolEntry* held = pool_.find(waiting.statement->id);
  held->consents_ready = true;
  pool_.refresh(waiting.statement->id);
  EXPECT_TRUE(pool_.any_includable());
  EXPECT_TRUE(pool_.waiting().empty());
}

TEST_F(MempoolTest, FindsAStatementByItsLeafHashUntilItIsRemoved) {
  const PoolEntry one = entry("desert-ngo", "a");
  const crypto::Hash leaf = crypto::leaf_hash(one.statement->bytes);
  pool_.add(one);
  ASSERT_NE(pool_.find_leaf(leaf), nullptr);
  pool_.remove(one.statement->id);
  EXPECT_EQ(pool_.find_leaf(leaf), nullptr);
  EXPECT_EQ(pool_.bytes(), 0u);
  EXPECT_FALSE(pool_.any_includable());
}

}  // namespace
}  // namespace treeproof::replica
