#include "consensus/ledger/execution.h"

#include <gtest/gtest.h>

#include "consensus/ledger/chain_objects.h"
#include "crypto/hash.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

Payload consent(std::string_view ref) {
  return Consent{{std::string(ref)}, crypto::sha256(crypto::as_bytes(ref))};
}

TEST(BlockExecution, CountsLogIndexesOfWhatItApplied) {
  Consortium consortium;
  BlockExecution execution(consortium.state, consortium.block());
  EXPECT_TRUE(execution.add(consortium.sign(kDesert, consent("a"))).has_value());
  EXPECT_FALSE(execution.add(consortium.sign(kDesert, consent("a"))).has_value());
  EXPECT_TRUE(execution.add(consortium.sign(kDesert, consent("b"))).has_value());
  const State& state = execution.state();
  EXPECT_EQ(state.find<Recorded<Consent>>({"desert-ngo/a"})->record.log_index, 2u);
  EXPECT_EQ(state.find<Recorded<Consent>>({"desert-ngo/b"})->record.log_index, 3u);
}

TEST(BlockExecution, DependsOnTheOrderOfStatementsOnly) {
  Consortium consortium;
  const auto run = [&] {
    BlockExecution execution(consortium.state, consortium.block());
    for (const auto ref : {"a", "b", "c"}) {
      EXPECT_TRUE(execution.add(consortium.sign(kDesert, consent(ref))).has_value());
    }
    return execution.finish();
  };
  EXPECT_TRUE(run().changes == run().changes);
}

TEST(BlockExecution, AppliesWhatWasChecked) {
  Consortium consortium;
  const VerifiedStatement statement = consortium.sign(kDesert, consent("a"));
  const auto checked = check_statement(statement, consortium.state, consortium.block());
  ASSERT_TRUE(checked.has_value());
  EXPECT_EQ(checked->statement()->id, statement->id);
  EXPECT_TRUE(consortium.record(statement).has_value());
}

TEST(BlockExecution, LaterStatementsSeeEarlierOnes) {
  Consortium consortium;
  const auto key = secret_key("new").public_key().bytes();
  BlockExecution execution(consortium.state, consortium.block());
  EXPECT_TRUE(
      execution.add(consortium.sign(kDesert, KeyPut{{"k"}, key, {KeyRole::plant}})).has_value());
  EXPECT_TRUE(execution.add(consortium.sign(kDesert, consent("a"), "new")).has_value());
}

TEST(Beacon, IsFilledByTheBlockThatNamesItsHeader) {
  Consortium consortium;
  const std::uint64_t next = consortium.block().height.value + 1;
  State overlay(consortium.state);
  overlay.put(std::to_string(next), BeaconObject{});
  consortium.state.all.merge(overlay.take_changes());
  const auto beacon = [&] { return *consortium.get<BeaconObject>(std::to_string(next)); };
  consortium.empty_block();
  consortium.empty_block();
  EXPECT_FALSE(beacon().header_hash.has_value());
  const crypto::Hash named = consortium.block().previous_header_hash;
  consortium.empty_block();
  EXPECT_EQ(beacon().header_hash, named);
  consortium.empty_block();
  EXPECT_EQ(beacon().header_hash, named);
}

TEST(Beacon, IsKeptOnlyWhereASampleNeedsIt) {
  Consortium consortium;
  consortium.empty_block();
  consortium.empty_block();
  EXPECT_FALSE(consortium.get<BeaconObject>("1").has_value());
}

}  // namespace
}  // namespace treeproof::ledger
