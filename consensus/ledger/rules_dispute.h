// What a consent and a resolution do to a dispute. Owns no object. Callers: rules_governance
// (consent), changes_resolve. Pure. Source: docs/ledger.md "Disputes", I15.
#pragma once

#include "consensus/ledger/dispute_objects.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

// Where the consent names a logged dispute: seconder_unfit, and the dispute freezes its target.
// A consent to anything else: true.
bool judge_seconding(Judgement& judgement, const Consent& payload);
// Until when a recorded dispute freezes its target; 0 ends it.
void set_freeze(State& state, const ObjectId& id, const DisputeObject& dispute,
                std::uint64_t until_s);

}  // namespace treeproof::ledger
