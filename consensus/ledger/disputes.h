// Which disputes are open on what, and whether they freeze it (I15).
// Owns no rule of a statement. Callers: rules_dispute, rules_allocate, rules_replace,
// changes_resolve, queries. Pure. Source: docs/ledger.md "Disputes".
#pragma once

#include <array>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/dispute_objects.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

// The id of a TargetObject.
std::string target_id(const StateReader& state, const DisputeTarget& target);
std::string key_target_id(const OrgId& org, const crypto::Kid& kid);
// Whose record it is; nothing where there is no such target.
std::optional<OrgId> org_of_target(const StateReader& state, const DisputeTarget& target);
// What was recorded earlier is not meant; 0 of a single record.
std::uint64_t from_height_of(const DisputeTarget& target);

// The ids of the targets whose disputes mean this record: itself, its organisation, the key that
// signed it.
std::array<std::string, 3> targets_of_record(const ObjectId& id, const RecordInfo& record);

struct Freeze {
  std::string target;
  ObjectId dispute;
};
// The dispute that freezes a batch at this time: by itself, its plot, its campaign, its
// verifications back to the last that saw every tree, or the organisations and keys that signed
// them.
std::optional<Freeze> freeze_of_batch(const StateReader& state, std::uint64_t time_s,
                                      const ObjectId& id, const BatchObject& batch);
// The same of a record by itself: a redemption, a campaign, a plot.
std::optional<Freeze> freeze_of_record(const StateReader& state, std::uint64_t time_s,
                                       const ObjectId& id, const RecordInfo& record);

// target_frozen.
bool judge_unfrozen(Judgement& judgement, const ObjectId& id, const std::optional<Freeze>& freeze);

}  // namespace treeproof::ledger
