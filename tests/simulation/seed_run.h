// One seed, whole: its faults and its liars drawn from it, a safety phase, then a liveness phase.
// Owns nothing. Callers: the tests of the simulation, the program simulation_seeds. One thread.
// Source: docs/consensus.md "How it is proven"; docs/simulation.md.
#pragma once

#include <optional>
#include <string>

#include "tests/simulation/world.h"

namespace treeproof::simulation {

struct SeedReport {
  std::optional<std::string> violation;  // no progress after healing is one, too
  crypto::Hash trace_hash{};
  std::string diagram;  // of the last events, where options.events_kept says to keep them
  std::uint64_t simulated_us = 0;
  std::uint64_t heights = 0;
  std::uint64_t restored = 0;  // nodes that began at a snapshot
  std::uint64_t crashes = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t units_with_trees = 0;
  std::uint64_t evidence = 0;  // in blocks, against Byzantine validators
};

// What this seed runs: everything is a function of seed and profile.
WorldOptions plan_of(std::uint64_t seed, Profile profile);
// "loss 12 %, ...; verifier is a liar".
std::string text_of(const WorldOptions& options);
SeedReport run_seed(const WorldOptions& options);

}  // namespace treeproof::simulation
