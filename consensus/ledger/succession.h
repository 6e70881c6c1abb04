// Which links follow where trees take the places of lost ones.
// Owns nothing. Callers: rules_replace, plans. Pure. Source: docs/ledger.md "replace", I3, I13.
#pragma once

#include <span>
#include <vector>

#include "consensus/ledger/allocation_links.h"
#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/replace.h"

namespace treeproof::ledger {

// The units that wait for successors of these trees, with those successors: in the order of the
// lost trees. Requires: every one of them is owed, and `held` is links_by_tree of their batch.
std::vector<LinkRange> successor_links(std::span<const LinkRun> held, const ReplaceLeaf& run);

}  // namespace treeproof::ledger
