// Dying at a chosen step: every sync of the journal, every signature in the guard, every batch of
// the store is a place to die, before it and after it; the node starts again and all must hold.
// Owns nothing. Callers: tests, the program simulation_seeds. One thread.
// Source: docs/consensus.md rules 20 to 24.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace treeproof::simulation {

// How many places to die this seed has, when nobody dies.
std::uint64_t count_crash_points(std::uint64_t seed);
// The same run with a death at this place, from 1 to their count; what did not hold, if anything.
std::optional<std::string> run_crash_point(std::uint64_t seed, std::uint64_t point);

}  // namespace treeproof::simulation
