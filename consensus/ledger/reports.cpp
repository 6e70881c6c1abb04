#include "consensus/ledger/reports.h"

#include <algorithm>
#include <vector>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/correct.h"
#include "consensus/ledger/disputes.h"
#include "consensus/ledger/lookups.h"

namespace treeproof::ledger {

namespace {

template <class Payload>
ObjectId subject(const Payload& payload) {
  if constexpr (requires { payload.plant; }) {
    return payload.plant;
  } else if constexpr (requires { payload.campaign; }) {
    return payload.campaign;
  } else {
    return payload.target;
  }
}

template <class... Objects>
std::optional<ObjectId> subject_among(const StateReader& state, const ObjectId& id) {
  std::optional<ObjectId> found;
  const auto look = [&]<class Object>(const std::optional<Object>& object) {
    if (object) found = subject(object->payload);
    return object.has_value();
  };
  (look(find<Objects>(state, id)) || ...);
  return found;
}

// The planting, plot or campaign that a statement says something about; else the object itself.
ObjectId subject_of(const StateReader& state, const ObjectId& id) {
  return subject_among<VerifyObject, ObservationObject, Recorded<Mortality>, Recorded<Revive>,
                       Recorded<Assign>, Recorded<Correct>, RedemptionObject, AllocationObject>(
             state, id)
      .value_or(id);
}

// What the planting rests on, and what was seen of it.
std::vector<ObjectId> told_of(const StateReader& state, const ObjectId& report,
                              const ObjectId& plant, const BatchObject& batch) {
  std::vector<ObjectId> told{report, plant};
  for (const auto& part : {batch.plot, batch.campaign}) {
    if (part) told.push_back(*part);
  }
  for (auto id = batch.verification; id; id = find<VerifyObject>(state, *id)->previous) {
    told.push_back(*id);
  }
  return told;
}

}  // namespace

bool does_concern(const StateReader& state, const ObjectId& report, const DisputeTarget& target) {
  const auto seen = find<ObservationObject>(state, report);
  if (!seen) return false;
  const ObjectId& plant = seen->payload.plant;
  const auto batch = find<BatchObject>(state, plant);
  assert(batch.has_value());
  if (const auto* record = std::get_if<DisputedRecord>(&target)) {
    const ObjectId meant = subject_of(state, record->id);
    return meant == plant || meant == batch->plot || meant == batch->campaign ||
           meant == batch->pledge;
  }
  const std::string meant = target_id(state, target);
  if (meant == batch->holder.text) return true;
  return std::ranges::any_of(told_of(state, report, plant, *batch), [&](const ObjectId& id) {
    const auto record = record_of(state, id);
    const OrgId org = id.org();
    return record->height >= from_height_of(target) &&
           (meant == org.text || meant == key_target_id(org, record->kid));
  });
}

}  // namespace treeproof::ledger
