// Rules of `evidence`: a hash, a day and a rounded place, nothing else.
#include "consensus/ledger/geometry/position.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

namespace {

// Rounded so that no photo tells where its photographer stood: 0.0001 degrees, about 11 m.
constexpr std::int32_t kEvidenceStepE7 = 1'000;

bool judge_position(Judgement& judgement, const LatLon& position) {
  const auto numbers = [&] {
    return Numbers{{"lat_e7", std::to_string(position.lat)},
                   {"lon_e7", std::to_string(position.lon)},
                   {"step_e7", std::to_string(kEvidenceStepE7)}};
  };
  const bool rounded = position.lat % kEvidenceStepE7 == 0 && position.lon % kEvidenceStepE7 == 0;
  return judgement.require(geometry::in_range({position.lat, position.lon}),
                           Reason::evidence_position_invalid, numbers) &&
         judgement.require(rounded, Reason::evidence_position_not_rounded, numbers);
}

}  // namespace

bool judge(Judgement& judgement, const Evidence& payload) {
  const std::int32_t day = judgement.block().day();
  const bool holds = judgement.require(payload.bytes > 0, Reason::empty, [] {
    return Numbers{{"field", "bytes"}};
  }) && judgement.require(payload.bytes <= kQuantityMax, Reason::quantity_too_large, [&] {
    return Numbers{{"bytes", std::to_string(payload.bytes)}};
  }) && judgement.require(payload.day <= day + 1, Reason::evidence_in_future, [&] {
    return Numbers{{"day", std::to_string(payload.day)}, {"block_day", std::to_string(day)}};
  }) && (!payload.position || judge_position(judgement, *payload.position));
  if (holds) judgement.create(EvidenceObject{judgement.record_info(), payload});
  return holds;
}

}  // namespace treeproof::ledger
