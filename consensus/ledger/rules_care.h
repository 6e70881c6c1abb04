// What the trades that look after trees ask, and what a death does: shared by verify, mortality and
// observe. Owns no object. Callers: rules_verify, rules_mortality, rules_observe, rules_revive,
// rules_correct, rules_governance. Pure.
// Source: docs/ledger.md "mortality", I3 to I5, I8, I12.
#pragma once

#include "consensus/ledger/tree_books.h"

namespace treeproof::ledger {

// The first of planter, holder, platform and sponsor that shares the conflict group.
std::optional<OrgId> party_of_group(const StateReader& state, const BatchObject& batch,
                                    const ObjectId& batch_id, const OrgId& conflict_group);
// The first of a plot's recorder and holder that does.
std::optional<OrgId> party_of_group(const StateReader& state, const PlotObject& plot,
                                    const ObjectId& plot_id, const OrgId& conflict_group);
// I12: verifier_conflict.
bool judge_independence(Judgement& judgement, const BatchObject& batch, const ObjectId& batch_id);
// ranges_invalid.
bool judge_member_ranges(Judgement& judgement, std::string_view field, const Ranges& ranges,
                         std::uint64_t members);
// observed_in_future, observed_before_planting: not before `earliest`; where that is unknown, since
// the trees stood before they were registered, not before the calendar's first date.
bool judge_care_day(Judgement& judgement, std::int32_t day,
                    const std::optional<std::int32_t>& earliest);
// tree_not_live: every tree of the ranges is.
bool judge_live(Judgement& judgement, const ObjectId& batch, const Ranges& ranges,
                TreeCodes& codes);

// The trees die on that day, on this statement's word: codes, books, plot, and the units that are
// owed a replacement. Requires: judge_live and the books' judge_leaves held.
void let_die(Judgement& judgement, TreeBooks& books, const Ranges& ranges, std::int32_t day);

}  // namespace treeproof::ledger
