#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "tests/twins/executor.h"

namespace treeproof::twins {
namespace {

// By Burnside's lemma: for each renaming the scenarios that it leaves as they are, over twelve.
TEST(TwinsEnumeration, CountsWhatIsLeftAfterMerging) {
  constexpr std::array<std::uint64_t, kRoundsMax> kMerged = {84, 9'390, 1'624'220, 320'235'846};
  std::uint64_t all = 2;
  for (std::size_t rounds = 1; rounds <= kRoundsMax; ++rounds) {
    const Enumeration scenarios(rounds);
    all *= 52 * 4;  // partitions of five, leaders
    EXPECT_EQ(scenarios.size_before_merging(), all);
    EXPECT_EQ(scenarios.size(), kMerged[rounds - 1]);
  }
}

// What a scenario is after a renaming of the correct instances and, perhaps, of the twins.
std::string renamed(const Scenario& scenario, const std::array<std::size_t, kInstances>& name) {
  std::string text;
  for (const RoundPlan& plan : scenario.rounds) {
    RoundPlan other{plan.leader < 3 ? name[plan.leader] : 3, {}};
    for (std::size_t i = 0; i < kInstances; ++i) other.side[name[i]] = plan.side[i];
    text += std::to_string(other.leader);
    for (const std::uint8_t reach : other.reach()) text += "," + std::to_string(reach);
    text += ";";
  }
  return text;
}

// One name for all scenarios that are the same but for a renaming.
std::string least_name(const Scenario& scenario) {
  std::array<std::size_t, kInstances> name{0, 1, 2, 3, 4};
  std::set<std::string> names;
  do {
    names.insert(renamed(scenario, name));
    names.insert(renamed(scenario, {name[0], name[1], name[2], 4, 3}));
  } while (std::next_permutation(name.begin(), name.begin() + 3));
  return *names.begin() + (scenario.finale == Finale::twins_silent ? "silent" : "talk");
}

TEST(TwinsEnumeration, ListsEveryOrbitOnce) {
  const Enumeration one(1);
  std::set<std::string> names;
  for (std::uint64_t index = 0; index < one.size(); ++index) {
    EXPECT_TRUE(names.insert(least_name(one.at(index))).second) << index;
  }
  const Enumeration two(2);
  names.clear();
  for (std::uint64_t index = 0; index < two.size(); ++index) {
    names.insert(least_name(two.at(index)));
  }
  EXPECT_EQ(names.size(), two.size());
}

TEST(TwinsExecutor, ASharedBeginningChangesNothing) {
  const Enumeration scenarios(3);
  Executor sharing;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Scenario scenario = scenarios.at(500'000 + i);
    Executor fresh;
    EXPECT_EQ(sharing.run(scenario), fresh.run(scenario));
    EXPECT_EQ(sharing.decided_in(), fresh.decided_in());
  }
}

// A sample spread evenly over all scenarios of four rounds; the program runs any part of them.
TEST(Twins, NeverDisagreeNeverAccuseAlwaysDecide) {
  constexpr std::uint64_t kSample = 5'000;
  const Enumeration scenarios(kRoundsMax);
  Executor executor;
  std::uint64_t early = 0;
  std::uint64_t late = 0;
  std::uint64_t locked = 0;
  for (std::uint64_t i = 0; i < kSample; ++i) {
    const std::uint64_t index = scenarios.size() / kSample * i + i % 2;
    const Scenario scenario = scenarios.at(index);
    const auto violation = executor.run(scenario);
    ASSERT_EQ(violation, std::nullopt) << "scenario " << index << "\n"
                                       << to_text(scenario) << "\n"
                                       << executor.draw(scenario);
    early += executor.decided_early() ? 1 : 0;
    locked += executor.someone_locked() && !executor.decided_early() ? 1 : 0;
    late += executor.decided_in() > Round{1} ? 1 : 0;
  }
  RecordProperty("scenarios_in_all", std::to_string(scenarios.size()));
  EXPECT_GT(early, kSample / 20);   // some decide in spite of the partitions,
  EXPECT_GT(locked, kSample / 50);  // some lock and do not decide,
  EXPECT_GT(late, kSample / 20);    // some need several rounds
}

}  // namespace
}  // namespace treeproof::twins
