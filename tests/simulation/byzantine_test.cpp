#include <gtest/gtest.h>

#include "tests/simulation/seed_run.h"

namespace treeproof::simulation {
namespace {

WorldOptions with_one(Behaviour behaviour, std::uint64_t seed) {
  WorldOptions options = plan_of(seed, Profile::calm);
  const auto orgs = Consortium::of(options.validators).validators();
  options.byzantine.emplace(orgs[seed % orgs.size()], behaviour);
  return options;
}

class OneInFour : public testing::TestWithParam<Behaviour> {};

TEST_P(OneInFour, NeitherStopsNorSplitsTheOthers) {
  std::uint64_t evidence = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const SeedReport report = run_seed(with_one(GetParam(), seed));
    ASSERT_EQ(report.violation, std::nullopt) << "seed " << seed;
    EXPECT_GT(report.heights, 5u) << "seed " << seed;
    evidence += report.evidence;
  }
  // What contradicts itself in two signatures is noticed; what is only silent or wrong is not.
  const bool contradicts = GetParam() == Behaviour::double_voter ||
                           GetParam() == Behaviour::equivocating_proposer ||
                           GetParam() == Behaviour::proposes_out_of_turn;
  const bool only_withholds =
      GetParam() == Behaviour::silent || GetParam() == Behaviour::selective_sender;
  EXPECT_TRUE(!contradicts || evidence > 0);
  EXPECT_TRUE(!only_withholds || evidence == 0);
}

INSTANTIATE_TEST_SUITE_P(Byzantine, OneInFour,
                         testing::Values(Behaviour::equivocating_proposer, Behaviour::double_voter,
                                         Behaviour::silent, Behaviour::withholds_bodies,
                                         Behaviour::votes_for_invalid, Behaviour::replays_old,
                                         Behaviour::liar, Behaviour::forges_statements,
                                         Behaviour::selective_sender,
                                         Behaviour::proposes_out_of_turn, Behaviour::false_accuser,
                                         Behaviour::false_witness, Behaviour::amnesiac),
                         [](const auto& one) { return std::string(name_of(one.param)); });

// Where rounds fail, and only there, is there a lock to forget.
TEST(Byzantine, WhoForgetsItsLockIsConvicted) {
  std::uint64_t evidence = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    WorldOptions options = plan_of(seed, Profile::lossy);
    options.byzantine.emplace("verifier", Behaviour::amnesiac);
    const SeedReport report = run_seed(options);
    ASSERT_EQ(report.violation, std::nullopt) << "seed " << seed;
    evidence += report.evidence;
  }
  EXPECT_GT(evidence, 0u);
}

TEST(Byzantine, EveryBehaviourHasAName) {
  for (const std::string_view name : behaviour_names()) {
    const auto behaviour = behaviour_named(name);
    ASSERT_TRUE(behaviour.has_value());
    EXPECT_EQ(name_of(*behaviour), name);
  }
  EXPECT_FALSE(behaviour_named("honest").has_value());
}

// The invariants are not blind: with half of the consortium equivocating, agreement is lost in
// some run, and is said to be.
TEST(Byzantine, TwoInFourCanSplitTheOthersAndThatIsSeen) {
  std::optional<std::string> violation;
  for (std::uint64_t seed = 1; seed <= 40 && !violation; ++seed) {
    WorldOptions options = plan_of(seed, Profile::calm);
    for (const char* org : {"platform", "verifier"}) {
      options.byzantine.emplace(org, Behaviour::equivocating_proposer);
    }
    World world(options);
    world.run_safety_phase(3'000);
    violation = world.violation();
  }
  ASSERT_TRUE(violation.has_value());
}

}  // namespace
}  // namespace treeproof::simulation
