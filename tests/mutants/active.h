// The switch between the mutants of the test-only build: one number for the whole process.
// Owns it. Read by the mutated copies of consensus/ and node/store, set by the runner in a child
// process before anything runs. Source: docs/mutants.md.
#pragma once

namespace treeproof::mutants {

// 0, the original, until another one is chosen.
void activate(int number) noexcept;
bool is_active(int number) noexcept;

}  // namespace treeproof::mutants
