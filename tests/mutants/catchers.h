// The ways to catch a mutant: any test that is linked into the runner, or seeds of the simulator.
// Owns no test. Caller: the runner. One thread. Source: docs/mutants.md.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "tests/mutants/child.h"
#include "tests/simulation/faults.h"

namespace treeproof::mutants {

// The name of a test, or `seeds PROFILE COUNT`: some seed of 1 to COUNT.
struct Catcher {
  std::string test;  // empty: seeds
  simulation::Profile profile{};
  std::uint64_t seeds = 0;
};
std::expected<Catcher, std::string> catcher_named(const std::string& text);
Ending try_to_catch(int mutant, const Catcher& catcher);

// All tests of this program whose name begins so, in the order in which they run.
std::vector<std::string> tests_named(std::string_view beginning);
Ending run_test(int mutant, const std::string& name);
// Seeds from..from + count - 1 until one violates an invariant: that was the Ending's last step.
Ending run_seeds(int mutant, simulation::Profile profile, std::uint64_t from, std::uint64_t count);

}  // namespace treeproof::mutants
