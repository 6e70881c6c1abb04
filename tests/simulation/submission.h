// A statement that a simulated client handed in, and who waits for the answer.
// Owns nothing else. Caller: the simulated world. One thread.
// Source: docs/architecture.md "The path of a signed record".
#pragma once

#include "tests/simulation/world.h"

namespace treeproof::simulation {

struct World::Submission {
  crypto::Hash statement{};
  std::uint64_t at_us = 0;
  ledger::AttachmentPtr attachment;
  OnAnswer on_answer;
};

}  // namespace treeproof::simulation
