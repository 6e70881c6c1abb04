#include <gtest/gtest.h>

#include <cstdlib>

#include "consensus/ledger/conviction.h"
#include "tests/simulation/elections.h"
#include "tests/simulation/seed_run.h"

namespace treeproof::simulation {
namespace {

// Of each profile; TREEPROOF_SEEDS asks for more or fewer.
std::uint64_t seeds_to_run(std::uint64_t ordinary) {
  const char* wanted = std::getenv("TREEPROOF_SEEDS");
  return wanted == nullptr ? ordinary : std::strtoull(wanted, nullptr, 10);
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
    EXPECT_LT(world.counts().longest_wait_us, 100'000u) << "seed " << seed;
    EXPECT_EQ(world.counts().checks_repeated, 0u) << "seed " << seed;
    EXPECT_EQ(world.violation(), std::nullopt);
  }
}

TEST(Simulation, IdleChainOnlyBeats) {
  WorldOptions options;
  World world(options);
  world.run_liveness_phase(3, 30'000);
  // The heartbeat of the test genesis is 2 s: three empty blocks take at least six.
  EXPECT_GE(world.now_us(), 6'000'000u);
  EXPECT_EQ(world.violation(), std::nullopt);
}

TEST(Simulation, ASeasonGoesFromIssuedPointsToAllocatedTrees) {
  WorldOptions options = plan_of(1, Profile::calm);
  World world(options);
  world.run_ms(12'000);
  EXPECT_EQ(world.violation(), std::nullopt);
  EXPECT_GE(world.invariants().books().units_with_trees(), 20u);
}

TEST(Simulation, SeatsAreTakenAndLeftWhileTheChainGoesOn) {
  WorldOptions options = plan_of(1, Profile::elections);
  World world(options);
  world.run_safety_phase(20'000);
  std::set<crypto::Hash> sets;
  for (const auto& commit : world.invariants().reference().blocks()) {
    sets.insert(commit.block->header.next_validators_hash);
  }
  EXPECT_EQ(world.violation(), std::nullopt);
  EXPECT_GE(sets.size(), 3u);
}

// The seat votes with the new key from the next height on: the node follows with the old one, and
// votes again once its operator started it with the new one and the guard that came with it.
TEST(Simulation, NodeKeysAreRotatedWhileTheChainGoesOn) {
  WorldOptions options = plan_of(1, Profile::calm);
  options.governance = Elections();
  options.validators = 7;
  World world(options);
  world.run_safety_phase(20'000);
  EXPECT_TRUE(world.run_liveness_phase(3, 60'000));
  EXPECT_EQ(world.violation(), std::nullopt);
  std::set<std::pair<std::string, crypto::Kid>> voted;  // in the last heights
  const auto& blocks = world.invariants().reference().blocks();
  for (std::size_t at = blocks.size() - 3; at < blocks.size(); ++at) {
    for (const auto& signature : blocks[at].certificate.signatures) {
      voted.emplace(signature.org, signature.kid);
    }
  }
  std::size_t rotated = 0;
  for (const auto& [org, kid] : voted) {
    rotated += kid != world.consortium().member(org).node_key.public_key().kid() ? 1 : 0;
  }
  EXPECT_GE(rotated, 2u);
}

// Seven validators, two of whom contradict themselves whenever they can: both leave, the five
// others go on. The heights of the calm after the faults give each of them its turns.
TEST(Simulation, WhoContradictsItselfLosesItsSeat) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const WorldOptions plan = plan_of(seed, Profile::punish);
    World world(plan);
    world.run_safety_phase(8'000);
    EXPECT_TRUE(world.run_liveness_phase(20, 240'000)) << "seed " << seed << ": " << text_of(plan);
    ASSERT_EQ(world.violation(), std::nullopt) << "seed " << seed << ": " << text_of(plan);
    const ValidatorSet& seated = *world.invariants().reference().tip().validators;
    EXPECT_EQ(seated.size(), 5u) << "seed " << seed << ": " << text_of(plan);
    for (const auto& [org, behaviour] : plan.byzantine) EXPECT_EQ(seated.find(org), nullptr);
  }
}

// Four of whom nobody can be spared: marked, and in their seats.
TEST(Simulation, WhoCannotBeSparedStaysMarked) {
  WorldOptions options = plan_of(1, Profile::calm);
  options.byzantine.emplace("verifier", Behaviour::double_voter);
  World world(options);
  world.run_ms(5'000);
  EXPECT_EQ(world.violation(), std::nullopt);
  const MemoryStore& state = world.invariants().reference();
  EXPECT_TRUE(ledger::is_convicted(state, {"verifier"}));
  EXPECT_NE(state.tip().validators->find("verifier"), nullptr);
}

// Without a statement and long before the heartbeat.
TEST(Simulation, AnIdleChainConvicts) {
  WorldOptions options;
  options.statements_per_s = 0;
  options.validators = 7;
  options.faulty_max = 2;
  options.byzantine.emplace("verifier", Behaviour::proposes_out_of_turn);
  World world(options);
  world.run_ms(1'500);
  EXPECT_EQ(world.violation(), std::nullopt);
  EXPECT_EQ(world.invariants().reference().tip().validators->find("verifier"), nullptr);
  EXPECT_LE(world.invariants().reference().tip().height, Height{2});
}

// Reinstated, it takes its seat again by a decision, sins again, and leaves again.
TEST(Simulation, GovernanceBringsTheConvictedBack) {
  const auto pardon = [](World& world) -> std::optional<ledger::Change> {
    const MemoryStore& state = world.invariants().reference();
    if (ledger::is_convicted(state, {"verifier"})) return ledger::ReinstateOrg{{"verifier"}};
    if (state.tip().validators->find("verifier") != nullptr) return std::nullopt;
    ledger::ValidatorsSet all;
    for (const auto& org : world.consortium().validators()) {
      const auto seat = ledger::get<ledger::OrgObject>(state, org);  // its key may be a newer one
      all.validators.push_back({{org}, 1, seat->node_key()->public_key});
    }
    return all;
  };
  WorldOptions options;
  options.validators = 7;
  options.faulty_max = 2;
  options.byzantine.emplace("verifier", Behaviour::double_voter);
  options.governance = Elections(pardon);
  World world(options);
  world.run_safety_phase(30'000);
  EXPECT_EQ(world.violation(), std::nullopt);
  const MemoryStore& state = world.invariants().reference();
  const auto again = ledger::get<ledger::OffenderObject>(state, "verifier");
  ASSERT_TRUE(again.has_value());
  EXPECT_GE(again->sentences, 2u);
  const auto first =
      ledger::get<ledger::SentenceObject>(state, ledger::sentence_id({"verifier"}, 0));
  EXPECT_TRUE(first->suspended_height.has_value() && first->reinstated_height.has_value());
}

TEST(Simulation, TheSameSeedTwiceIsTheSameRun) {
  std::set<crypto::Hash> traces;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const WorldOptions plan = plan_of(seed, Profile::mixed);
    const crypto::Hash trace = run_seed(plan).trace_hash;
    EXPECT_EQ(trace, run_seed(plan).trace_hash) << "seed " << seed;
    traces.insert(trace);
  }
  EXPECT_EQ(traces.size(), 8u);
}

TEST(Simulation, EveryFaultReachesItsBound) {
  Faults most;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    const Faults faults = draw_faults(seed, Profile::mixed);
    most.loss_percent = std::max(most.loss_percent, faults.loss_percent);
    most.repeat_percent = std::max(most.repeat_percent, faults.repeat_percent);
    most.torn_percent = std::max(most.torn_percent, faults.torn_percent);
    most.misdirected_percent = std::max(most.misdirected_percent, faults.misdirected_percent);
  }
  EXPECT_EQ(most.loss_percent, 30u);
  EXPECT_EQ(most.repeat_percent, 50u);
  EXPECT_EQ(most.torn_percent, 10u);
  EXPECT_EQ(most.misdirected_percent, 10u);
}

class Seeds : public testing::TestWithParam<Profile> {};

TEST_P(Seeds, KeepEveryPromise) {
  const std::uint64_t seeds = seeds_to_run(GetParam() == Profile::mixed ? 100 : 10);
  std::uint64_t acknowledged = 0;
  std::uint64_t restored = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const WorldOptions plan = plan_of(seed, GetParam());
    const SeedReport report = run_seed(plan);
    ASSERT_EQ(report.violation, std::nullopt)
        << "seed " << seed << ": " << text_of(plan) << "\nreplay: simulation_seeds --seeds 1 "
        << "--from " << seed << " --profile " << name_of(GetParam()) << " --diagram";
    acknowledged += report.acknowledged;
    restored += report.restored;
  }
  EXPECT_GT(acknowledged, seeds);
  EXPECT_EQ(restored > 0, GetParam() == Profile::snapshots) << restored << " began at a snapshot";
}

INSTANTIATE_TEST_SUITE_P(Simulation, Seeds,
                         testing::Values(Profile::calm, Profile::lossy, Profile::parted,
                                         Profile::crashing, Profile::pausing, Profile::clocks,
                                         Profile::disks, Profile::backups, Profile::byzantine,
                                         Profile::elections, Profile::punish, Profile::snapshots,
                                         Profile::mixed),
                         [](const auto& one) { return std::string(name_of(one.param)); });

}  // namespace
}  // namespace treeproof::simulation
