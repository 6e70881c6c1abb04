// What a handover asks and does, whether the holder signs it or governance decides for a holder
// that is gone. Owns no object. Callers: rules_handover, changes_handover. Pure. Source:
// docs/ledger.md "Handover".
#pragma once

#include "consensus/ledger/land.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

struct HandoverTerms {
  const OrgId& from;
  const OrgId& to;
  const ObjectIds& plots;
  const ObjectIds& batches;
  const ObjectIds& duties;
};
// list_not_ascending.
bool judge_order(Judgement& judgement, const HandoverTerms& terms);
// list_not_ascending, empty, holder_unfit, plot_unknown, plot_not_own, batch_unknown,
// batch_not_own, pledge_unknown, pledge_not_own, planters_too_many.
bool judge_handover(Judgement& judgement, const HandoverTerms& terms);
// Requires: judge_handover held.
void hand_over(State& state, const HandoverTerms& terms);

}  // namespace treeproof::ledger
