// The invariants of the ledger, I1 to I17, each asked of a whole state by itself: everything that
// the state sums up is counted anew from what it sums. No rule of a statement is asked.
// Owns nothing. Callers: the simulator, after every block; property tests. Pure.
// Source: docs/ledger.md "What can never happen".
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consensus/ledger/state.h"

namespace treeproof::invariants {

struct Broken {
  std::string_view invariant;  // "I1 points are conserved"
  std::string numbers;         // of what, and what they are
};

// Everything that a state holds.
struct WholeState {
  const ledger::StateReader& reader;
  const std::map<ledger::ObjectKey, ledger::SharedBytes>& objects;
};

// The names of all, in order.
std::span<const std::string_view> names() noexcept;
// Empty where all hold.
std::vector<Broken> broken_in(const WholeState& state);

}  // namespace treeproof::invariants
