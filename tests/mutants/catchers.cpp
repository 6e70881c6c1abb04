#include "tests/mutants/catchers.h"

#include <algorithm>
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/simulation/seed_run.h"

namespace treeproof::mutants {

std::expected<Catcher, std::string> catcher_named(const std::string& text) {
  if (!text.starts_with("seeds ")) {
    const auto known = tests_named(text);
    if (std::ranges::find(known, text) == known.end()) return std::unexpected("no test: " + text);
    return Catcher{text, {}, 0};
  }
  std::istringstream words(text);
  std::string seeds;
  std::string profile;
  Catcher catcher;
  words >> seeds >> profile >> catcher.seeds;
  const auto known = simulation::profile_named(profile);
  if (!known || catcher.seeds == 0) return std::unexpected("no seeds: " + text);
  catcher.profile = *known;
  return catcher;
}

Ending try_to_catch(int mutant, const Catcher& catcher) {
  if (!catcher.test.empty()) return run_test(mutant, catcher.test);
  return run_seeds(mutant, catcher.profile, 1, catcher.seeds);
}

std::vector<std::string> tests_named(std::string_view beginning) {
  std::vector<std::string> names;
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *all.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      std::string name = std::string(suite.name()) + "." + suite.GetTestInfo(j)->name();
      if (name.starts_with(beginning)) names.push_back(std::move(name));
    }
  }
  return names;
}

Ending run_test(int mutant, const std::string& name) {
  return in_child(mutant, [&](Progress& progress) {
    progress.step();
    testing::GTEST_FLAG(filter) = name;
    return RUN_ALL_TESTS() == 0;
  });
}

Ending run_seeds(int mutant, simulation::Profile profile, std::uint64_t from, std::uint64_t count) {
  return in_child(mutant, [&](Progress& progress) {
    for (std::uint64_t seed = from; seed < from + count; ++seed) {
      progress.step();
      const auto report = simulation::run_seed(simulation::plan_of(seed, profile));
      if (!report.violation) continue;
      std::cout << "seed " << seed << " " << *report.violation << std::endl;
      return false;
    }
    return true;
  });
}

}  // namespace treeproof::mutants
