// Whether an observation says anything about what is disputed: its author has no vote on the end of
// a dispute that relies on it, so that nobody names one to silence whom it likes.
// Owns no rule. Caller: rules_dispute. Pure. Source: docs/ledger.md "Disputes".
#pragma once

#include "consensus/ledger/dispute.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

// Of a record: it is the observation, its planting, or the plot, campaign or pledge of that; or it
// says something about that planting, or redeems or gives away units of that campaign. Of an
// organisation or key: it signed the observation, its planting, or the plot, the campaign or a
// verification of that, from the disputed height on; or the organisation holds the planting.
// Requires: the target is known. False where `report` is no observation.
bool does_concern(const StateReader& state, const ObjectId& report, const DisputeTarget& target);

}  // namespace treeproof::ledger
