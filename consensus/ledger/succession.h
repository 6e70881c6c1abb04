// Which links follow where trees take the places of lost ones.
// Owns nothing. Callers: rules_replace, plans. Pure. Source: docs/ledger.md "replace", I3, I13.
#pragma once

#include <vector>

#include "consensus/ledger/allocation_links.h"
#include "consensus/ledger/replace.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

// The units that wait for successors of these trees, with those successors: in the order of the
// lost trees. Requires: every one of them is owed.
std::vector<LinkRange> successor_links(const StateReader& state, const ReplaceLeaf& run);

}  // namespace treeproof::ledger
