// The seats of validators: who sits from the next height on, and who leaves because of a
// conviction.
// Owns no set (the state holds it). Callers: conviction, changes_membership. Pure.
// Source: docs/consensus.md rules 25 and 26; docs/protocol.md section 6, field 10.
#pragma once

#include "consensus/ledger/names.h"
#include "consensus/ledger/state.h"
#include "consensus/types/validator_set.h"

namespace treeproof::ledger {

// Makes this the set of the next height.
void seat(State& state, const ValidatorSet& next, Height height);
// Takes an organisation out of the set. Requires: it is in it, with others.
void unseat(State& state, const OrgId& org, Height height);
// Convicted validators leave, in order of organisation, while at least validators_min remain.
void unseat_convicted(State& state, Height height);

}  // namespace treeproof::ledger
