// Rules of trees on their plot: how many it holds and where they stand.
#include "consensus/ledger/rules_land.h"

#include <algorithm>
#include <utility>

#include "consensus/ledger/batch_draft.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/plot_outline.h"

namespace treeproof::ledger {

namespace {

using geometry::Position;
using geometry::UInt128;

std::vector<PlacedTree> places_of(const TreeColumns& columns) {
  std::vector<PlacedTree> trees;
  trees.reserve(columns.positions.size());
  for (const Position position : columns.positions) trees.push_back({position, trees.size()});
  return trees;
}

}  // namespace

void LandNeed::add(Unit unit, const BatchSpecies& part, std::uint64_t members) {
  UInt128& account = land_use(unit) == LandUse::area ? covered_mm2 : occupied_mm2;
  account += UInt128{members} * part.space_mm2;
}

bool judge_capacity(Judgement& judgement, const PlotObject& plot, std::uint64_t members) {
  const std::uint64_t capacity = plot.confirmed_capacity;
  return judgement.require(plot.live <= capacity && members <= capacity - plot.live,
                           Reason::capacity_exceeded, [&] {
                             return Numbers{{"trees", std::to_string(members)},
                                            {"live", std::to_string(plot.live)},
                                            {"confirmed_capacity", std::to_string(capacity)}};
                           });
}

bool judge_density(Judgement& judgement, const PlotObject& plot, const LandNeed& more) {
  const UInt128 covered = plot.covered_mm2 + more.covered_mm2;
  const UInt128 taken = covered + plot.occupied_mm2 + more.occupied_mm2;
  const UInt128 area = UInt128{plot.area_m2} * kSquareMillimetresPerSquareMetre;
  const std::uint64_t slack_ppm = judgement.parameters().density_slack_ppm;
  const auto square_metres = [](UInt128 mm2) {
    return std::to_string(static_cast<std::uint64_t>(mm2 / kSquareMillimetresPerSquareMetre));
  };
  return judgement.require(covered <= area, Reason::area_exceeded,
                           [&] {
                             return Numbers{{"covered_m2", square_metres(covered)},
                                            {"area_m2", std::to_string(plot.area_m2)}};
                           }) &&
         judgement.require(taken <= UInt128{plot.area_m2} * (1'000'000 + slack_ppm),
                           Reason::density_exceeded, [&] {
                             return Numbers{{"needed_m2", square_metres(taken)},
                                            {"area_m2", std::to_string(plot.area_m2)},
                                            {"slack_ppm", std::to_string(slack_ppm)}};
                           });
}

std::optional<geometry::PlanePolygon> judge_plot_outline(Judgement& judgement,
                                                         const PlotObject& plot) {
  const crypto::Hash& root = plot.payload.geometry.root;
  const AttachmentPtr attachment = judgement.state().attachment(root);
  if (!judgement.require(attachment != nullptr, Reason::earlier_attachment_missing,
                         [&] { return Numbers{{"root", crypto::to_hex(root)}}; })) {
    return std::nullopt;
  }
  return geometry::PlanePolygon(outline_of(plot.payload, *attachment));
}

bool judge_inside(Judgement& judgement, const geometry::PlanePolygon& outline, std::uint32_t grow_m,
                  std::span<const PlacedTree> trees) {
  const auto outside = std::ranges::find_if_not(trees, [&](const PlacedTree& tree) {
    return geometry::within_grown(outline, tree.position, grow_m);
  });
  const bool all_inside = outside == trees.end();
  return judgement.require(all_inside, Reason::tree_outside_plot, [&] {
    if (all_inside) return Numbers{{"grown_by_m", std::to_string(grow_m)}};
    return Numbers{{"leaf", std::to_string(outside->leaf)},
                   {"lat_e7", std::to_string(outside->position.lat_e7)},
                   {"lon_e7", std::to_string(outside->position.lon_e7)},
                   {"grown_by_m", std::to_string(grow_m)}};
  });
}

std::vector<PlacedTree> places_of(const CountedTrees& trees, const Ranges& ranges) {
  std::vector<PlacedTree> places;
  for (const Range& range : ranges) {
    for (std::uint64_t i = 0; i < range.count; ++i) {
      places.push_back({trees.position(range.from + i), range.from + i});
    }
  }
  // Those of one place stay ascending by leaf.
  std::ranges::sort(places, {},
                    [](const PlacedTree& place) { return std::pair(place.position, place.leaf); });
  return places;
}

bool judge_land(Judgement& judgement, BatchDraft& draft) {
  if (!draft.plot) return true;
  LandNeed need;
  for (const BatchSpecies& part : draft.batch.species) {
    need.add(draft.batch.unit, part, part.trees.total());
  }
  if (!judge_capacity(judgement, *draft.plot, draft.batch.size()) ||
      !judge_density(judgement, *draft.plot, need)) {
    return false;
  }
  const Positions positions = draft.batch.positions;
  if (positions != Positions::plot) {
    const auto outline = judge_plot_outline(judgement, *draft.plot);
    const std::uint32_t grow_m = draft.plot->payload.uncertainty_m + draft.batch.precision_m;
    std::vector<PlacedTree> trees = places_of(draft.trees());
    if (!outline || !judge_inside(judgement, *outline, grow_m, trees)) return false;
    const bool are_measured = positions == Positions::measured;
    if (are_measured &&
        !judge_places(judgement, {*draft.batch.plot, *draft.leaves, draft.id, std::move(trees)})) {
      return false;
    }
  }
  if (!judge_layers(judgement, *draft.plot, habits_of(judgement.state(), draft.batch))) {
    return false;
  }
  for (const BatchSpecies& part : draft.batch.species) {
    occupy(*draft.plot, draft.batch.unit, part, part.trees.total());
  }
  return true;
}

}  // namespace treeproof::ledger
