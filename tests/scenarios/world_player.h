// Scenarios of whole nodes: the same habit of one sentence to a line, on the simulated world.
// Owns the world while it plays. Caller: the test that runs the files of world/. One thread.
// Source: tests/scenarios/README.md, "Whole nodes".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace treeproof::scenarios {

struct WorldFailure {
  std::size_t line = 0;
  std::string what;
  std::string diagram;  // Mermaid, of the last events
};

// Refuses words that it does not know, with their line, before anything runs.
std::optional<WorldFailure> play_world(std::string_view text);

}  // namespace treeproof::scenarios
