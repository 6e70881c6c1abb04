// Plays a scenario: each step on the stage, each expectation against it.
// Owns the stage while it plays. Callers: the tests that run scenario files. One thread.
// Source: tests/scenarios/README.md.
#pragma once

#include "tests/scenarios/stage.h"

namespace treeproof::scenarios {

struct Failure {
  std::size_t line = 0;
  std::string what;
  std::string diagram;  // Mermaid
};

std::optional<Failure> play(const Script& script);

// Whether an expectation holds for one correct validator; nothing where it does.
Complaint unmet(const Step& step, const std::string& node, Stage& stage);

}  // namespace treeproof::scenarios
