// Agreement and termination under random schedules with one equivocating validator of four.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/consensus/bft/small_network.h"

namespace treeproof::bft {
namespace {

using testing::SmallNetwork;

void check_agreement(const SmallNetwork& network) {
  std::optional<BlockId> first;
  for (const std::optional<BlockId>& decision : network.decisions()) {
    if (!decision) continue;
    RC_ASSERT(!first || *first == *decision);
    first = decision;
  }
  RC_ASSERT(!network.correct_one_accused());
  RC_ASSERT(!network.alarmed());
}

RC_GTEST_PROP(AgreementProperty, NoTwoMachinesDecideDifferently, (std::uint64_t seed)) {
  SmallNetwork network(seed);
  network.run_hostile(*rc::gen::inRange<std::size_t>(0, 1'500));
  check_agreement(network);
}

RC_GTEST_PROP(AgreementProperty, AllDecideOnceMessagesArrive, (std::uint64_t seed)) {
  SmallNetwork network(seed);
  network.run_hostile(*rc::gen::inRange<std::size_t>(0, 600));
  network.run_synchronous(600'000);
  check_agreement(network);
  for (const std::optional<BlockId>& decision : network.decisions()) {
    RC_ASSERT(decision.has_value());
  }
}

// The schedules in which a lost lock leads to two decisions are about one in a thousand.
TEST(AgreementProperty, HoldsForThousandsOfSeeds) {
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    SmallNetwork network(seed);
    network.run_hostile(300);
    network.run_synchronous(600'000);
    const auto decisions = network.decisions();
    ASSERT_TRUE(decisions[0].has_value()) << "seed " << seed;
    ASSERT_EQ(decisions[0], decisions[1]) << "seed " << seed;
    ASSERT_EQ(decisions[0], decisions[2]) << "seed " << seed;
    ASSERT_FALSE(network.correct_one_accused()) << "seed " << seed;
  }
}

TEST(AgreementProperty, TheSameSeedGivesTheSameRun) {
  SmallNetwork first(42);
  SmallNetwork second(42);
  first.run_hostile(1'000);
  second.run_hostile(1'000);
  first.run_synchronous(60'000);
  second.run_synchronous(60'000);
  EXPECT_EQ(first.decisions(), second.decisions());
  EXPECT_EQ(first.highest_round(), second.highest_round());
  EXPECT_EQ(first.now_ms(), second.now_ms());
}

}  // namespace
}  // namespace treeproof::bft
