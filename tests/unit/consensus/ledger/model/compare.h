// Whether the implementation's state says what the books of the second ledger say.
// Caller: the story. One thread. Source: docs/ledger.md I1, I3 to I5.
#pragma once

#include "consensus/ledger/state.h"
#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

// The first thing in which they differ, with both values; nothing where they agree.
std::optional<std::string> difference(const Model& model, const StateReader& state);

}  // namespace treeproof::ledger::model
