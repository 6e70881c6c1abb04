// What the trades that look after trees ask, and what a death does: shared by verify, mortality and
// observe. Owns no object. Callers: rules_verify, rules_mortality, rules_observe. Pure.
// Source: docs/ledger.md "mortality", I3 to I5, I8, I12.
#pragma once

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

// Whether the issuer's conflict group is none of planter's, platform's and sponsor's; else the
// first of these that shares it.
std::optional<OrgId> party_of_group(const StateReader& state, const BatchObject& batch,
                                    const ObjectId& batch_id, const OrgId& conflict_group);
// I12: verifier_conflict.
bool judge_independence(Judgement& judgement, const BatchObject& batch, const ObjectId& batch_id);
// ranges_invalid.
bool judge_member_ranges(Judgement& judgement, std::string_view field, const Ranges& ranges,
                         std::uint64_t members);
// observed_in_future, observed_before_planting: not before `earliest`, if that is known.
bool judge_care_day(Judgement& judgement, std::int32_t day,
                    const std::optional<std::int32_t>& earliest);
// tree_not_live: every tree of the ranges is.
bool judge_live(Judgement& judgement, const ObjectId& batch, const Ranges& ranges,
                TreeCodes& codes);
// earlier_attachment_missing; null after a refusal.
AttachmentPtr judge_leaves(Judgement& judgement, const BatchObject& batch);

// How many trees of each species of the batch the ranges hold.
std::vector<std::uint64_t> count_by_species(const BatchObject& batch, const Attachment& leaves,
                                            std::span<const Range> ranges);

// The trees die on that day, on this statement's word: codes, books, plot, and the units that are
// owed a replacement. Writes batch and pages. Requires: judge_live held.
void let_die(Judgement& judgement, const ObjectId& batch_id, BatchObject batch, TreeCodes& codes,
             const Attachment& leaves, const Ranges& ranges, std::int32_t day);

}  // namespace treeproof::ledger
