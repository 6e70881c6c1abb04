// What a simulated run counts, for reports and for tests that want to know whether it happened.
// Owns nothing else. Callers: the simulated world and whoever makes one. Plain values.
// Source: docs/simulation.md.
#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace treeproof::simulation {

struct Counts {
  std::uint64_t crashes = 0;
  std::uint64_t crash_points = 0;  // durable steps of correct nodes, each with its places to die at
  // Signature checks of statements that a node had checked, or was checking, in the same life.
  std::uint64_t checks_repeated = 0;
  std::uint64_t longest_wait_us = 0;  // from a statement's submission to its answer with a height
  std::uint64_t restored = 0;         // nodes that began at a snapshot of others
  std::set<std::string> liars_found;  // by whoever sought one
};

}  // namespace treeproof::simulation
