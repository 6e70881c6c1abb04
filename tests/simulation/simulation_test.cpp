#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/simulation/world.h"

namespace treeproof::simulation {
namespace {

std::uint64_t seeds_to_run(std::uint64_t ordinary) {
  const char* wanted = std::getenv("TREEPROOF_SEEDS");
  return wanted == nullptr ? ordinary : std::strtoull(wanted, nullptr, 10);
}

WorldOptions faulty(std::uint64_t seed) {
  WorldOptions options;
  options.seed = seed;
  options.faults.loss_percent = static_cast<std::uint32_t>(seed % 4 * 10);
  options.faults.repeat_percent = static_cast<std::uint32_t>(seed % 3 * 20);
  options.faults.delay_max_us = seed % 5 == 0 ? 200'000 : 5'000;
  options.faults.crash_per_10k_steps = seed % 2 == 0 ? 20 : 0;
  options.faults.partition_percent = seed % 7 == 0 ? 60 : 10;
  return options;
}

TEST(Simulation, FourReplicasCommitEveryStatementWhenAllIsWell) {
  World world({});
  world.run_ms(3'000);
  EXPECT_TRUE(world.run_liveness_phase(1, 10'000));
  world.check_nothing_lost();
  EXPECT_EQ(world.violation(), std::nullopt);
  EXPECT_GT(world.acknowledged(), 30u);
}

// Whoever decided first goes on at once; what it sends then must wait for the others, not be lost.
TEST(Simulation, NothingWaitsForTheResendTimerWhenNothingIsLost) {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    WorldOptions options;
    options.seed = seed;
    options.statements_per_s = 200;
    World world(options);
    world.run_ms(1'000);
    EXPECT_GT(world.acknowledged(), 150u);
    EXPECT_LT(world.longest_wait_us(), 100'000u) << "seed " << seed;
    EXPECT_EQ(world.checks_repeated(), 0u) << "seed " << seed;
    EXPECT_EQ(world.violation(), std::nullopt);
  }
}

TEST(Simulation, OneSeedReplaysBitForBit) {
  const auto run = [](std::uint64_t seed) {
    World world(faulty(seed));
    world.run_safety_phase(2'000);
    return world.trace_hash();
  };
  EXPECT_EQ(run(6), run(6));
  EXPECT_NE(run(6), run(8));
}

TEST(Simulation, IdleChainOnlyBeats) {
  WorldOptions options;
  World world(options);
  world.run_liveness_phase(3, 30'000);
  // The heartbeat of the test genesis is 2 s: three empty blocks take at least six.
  EXPECT_GE(world.now_us(), 6'000'000u);
  EXPECT_EQ(world.violation(), std::nullopt);
}

TEST(Simulation, FaultySeedsKeepEveryPromise) {
  std::uint64_t crashes = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t simulated_us = 0;
  const std::uint64_t seeds = seeds_to_run(200);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    World world(faulty(seed));
    world.run_safety_phase(4'000);
    const bool lives = world.run_liveness_phase(2, 240'000);
    world.check_nothing_lost();
    ASSERT_EQ(world.violation(), std::nullopt) << "seed " << seed;
    ASSERT_TRUE(lives) << "no progress after healing, seed " << seed;
    crashes += world.crashes();
    acknowledged += world.acknowledged();
    simulated_us += world.now_us();
  }
  EXPECT_GT(crashes, seeds / 10);
  EXPECT_GT(acknowledged, seeds);
  RecordProperty("simulated_s", static_cast<int>(simulated_us / 1'000'000));
}

}  // namespace
}  // namespace treeproof::simulation
