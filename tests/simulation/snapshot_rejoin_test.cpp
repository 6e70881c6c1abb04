// A node with an empty disk begins at a snapshot of its peers, by the node's own seeker, and votes
// again; among liars, through deaths, under every fault. [rule 28]
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/simulation/seed_run.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {
namespace {

constexpr std::uint64_t kEvery = 3;

WorldOptions calm(std::size_t validators) {
  WorldOptions options = plan_of(1, Profile::calm);
  options.validators = validators;
  options.faulty_max = (validators - 1) / 3;
  options.snapshot_every = kEvery;
  options.snapshot_ahead = kEvery + 1;
  return options;
}

// Runs until there is a snapshot to begin at, and gives one node a new disk.
void exchange_disk(World& world, const std::string& org) {
  world.run_ms(8'000);
  ASSERT_GT(world.store_of(org).tip().height, Height{2 * kEvery});
  world.crash(org);
  world.wipe(org);
  world.run_ms(1'000);
  world.restart(org);
}

bool signed_the_last_block(const World& world, const std::string& org) {
  const auto& signatures = world.invariants().reference().blocks().back().certificate.signatures;
  return std::ranges::any_of(signatures, [&](const auto& one) { return one.org == org; });
}

TEST(SnapshotRejoin, ANodeWithANewDiskBeginsAtASnapshotAndVotesAgain) {
  World world(calm(4));
  exchange_disk(world, "verifier");
  world.run_ms(5'000);
  ASSERT_EQ(world.violation(), std::nullopt);
  const Height base = world.store_of("verifier").base();
  EXPECT_GT(base, Height{0}) << "it replayed the blocks";
  EXPECT_EQ(base.value % kEvery, 0u);
  EXPECT_EQ(world.counts().restored, 1u);

  world.crash("platform");  // three of four are left: nothing is decided without its vote
  const Height before = world.store_of("desert-ngo").tip().height;
  world.run_ms(5'000);
  EXPECT_GT(world.store_of("desert-ngo").tip().height, before);
  EXPECT_TRUE(signed_the_last_block(world, "verifier"));
  EXPECT_TRUE(world.run_liveness_phase(3, 60'000));
  world.check_nothing_lost();
  EXPECT_EQ(world.violation(), std::nullopt);
}

TEST(SnapshotRejoin, IsOfferedByWhoBeganAtOneItself) {
  World world(calm(4));
  exchange_disk(world, "verifier");
  world.run_ms(6'000);
  exchange_disk(world, "river-ngo");
  world.run_ms(5'000);
  EXPECT_EQ(world.counts().restored, 2u);
  EXPECT_TRUE(world.run_liveness_phase(3, 60'000));
  world.check_nothing_lost();
  EXPECT_EQ(world.violation(), std::nullopt);
}

// One correct node and two liars are there to be asked; the seed chooses which of the three lies
// both tell. A forged byte may be passed over by chance, the two others are always met.
TEST(SnapshotRejoin, LiarsAreFoundOutAndWhatIsTrueIsTaken) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    WorldOptions options = calm(7);
    options.seed = seed;
    options.byzantine = {{"desert-ngo", Behaviour::amnesiac}, {"ngo-5", Behaviour::double_voter}};
    World world(options);
    world.run_ms(8'000);
    world.crash("verifier");
    world.wipe("verifier");
    for (const char* absent : {"river-ngo", "regulator", "ngo-6"}) world.crash(absent);
    world.restart("verifier");
    world.run_ms(12'000);
    EXPECT_EQ(world.counts().restored, 1u);
    const auto& found = world.counts().liars_found;
    for (const std::string& org : found) EXPECT_TRUE(options.byzantine.contains(org)) << org;
    EXPECT_TRUE(!found.empty() || seed % 3 == 0) << "the lie was never met";
    EXPECT_TRUE(world.run_liveness_phase(3, 60'000));
    world.check_nothing_lost();
    ASSERT_EQ(world.violation(), std::nullopt);
  }
}

// Every step of taking one in, and the first ones after it: it begins anew, or goes on there.
TEST(SnapshotRejoin, SurvivesDyingAtAnyStepOfIt) {
  WorldOptions options = calm(4);
  options.crash_org = "verifier";
  const auto begin = [](World& world) {
    exchange_disk(world, "verifier");
    return world.counts().crash_points;
  };
  World undisturbed(options);
  const std::uint64_t first = begin(undisturbed);
  undisturbed.run_ms(5'000);
  const std::uint64_t steps = undisturbed.counts().crash_points - first;
  EXPECT_GE(steps, 8u) << "two for each piece of work, and for each signature";
  for (std::uint64_t step = 1; step <= std::min<std::uint64_t>(steps, 14); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    options.crash_at_point = first + step;
    World world(options);
    begin(world);
    world.run_ms(5'000);
    EXPECT_TRUE(world.run_liveness_phase(2, 60'000));
    EXPECT_GE(world.counts().restored, 1u);
    world.check_nothing_lost();
    ASSERT_EQ(world.violation(), std::nullopt);
  }
}

}  // namespace
}  // namespace treeproof::simulation
