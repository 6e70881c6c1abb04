// Rules of trees on their plot: how many it holds, where they stand, and who stands there already.
#include <algorithm>

#include "consensus/ledger/batch_draft.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/geometry/wide_integer.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/plot_outline.h"

namespace treeproof::ledger {

namespace {

using geometry::Position;
using geometry::UInt128;

bool judge_capacity(Judgement& judgement, const BatchDraft& draft) {
  const PlotObject& plot = *draft.plot;
  const std::uint64_t size = draft.batch.size();
  const std::uint64_t capacity = plot.confirmed_capacity;
  return judgement.require(plot.live <= capacity && size <= capacity - plot.live,
                           Reason::capacity_exceeded, [&] {
                             return Numbers{{"trees", std::to_string(size)},
                                            {"live", std::to_string(plot.live)},
                                            {"confirmed_capacity", std::to_string(capacity)}};
                           });
}

// I8: areas in mm2. Units by area must fit without slack, everything together with it.
bool judge_density(Judgement& judgement, const BatchDraft& draft) {
  const PlotObject& plot = *draft.plot;
  const bool by_area = land_use(draft.batch.unit) == LandUse::area;
  UInt128 needed = 0;
  for (const BatchSpecies& part : draft.batch.species) {
    needed += UInt128{part.trees.total()} * part.space_mm2;
  }
  const UInt128 covered = plot.covered_mm2 + (by_area ? needed : 0);
  const UInt128 taken = UInt128{plot.covered_mm2} + plot.occupied_mm2 + needed;
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

// I9.
bool judge_outline(Judgement& judgement, const BatchDraft& draft) {
  const crypto::Hash& root = draft.plot->payload.geometry.root;
  const AttachmentPtr attachment = judgement.state().attachment(root);
  if (!judgement.require(attachment != nullptr, Reason::earlier_attachment_missing,
                         [&] { return Numbers{{"root", crypto::to_hex(root)}}; })) {
    return false;
  }
  const geometry::PlanePolygon plane(outline_of(draft.plot->payload, *attachment));
  const std::uint32_t grow_m = draft.plot->payload.uncertainty_m + draft.batch.precision_m;
  const auto& positions = draft.trees().positions;
  const auto outside = std::ranges::find_if_not(positions, [&](Position position) {
    return geometry::within_grown(plane, position, grow_m);
  });
  const bool all_inside = outside == positions.end();
  return judgement.require(all_inside, Reason::tree_outside_plot, [&] {
    if (all_inside) return Numbers{{"grown_by_m", std::to_string(grow_m)}};
    return Numbers{{"leaf", std::to_string(outside - positions.begin())},
                   {"lat_e7", std::to_string(outside->lat_e7)},
                   {"lon_e7", std::to_string(outside->lon_e7)},
                   {"grown_by_m", std::to_string(grow_m)}};
  });
}

std::optional<crypto::Hash> exact_of(const Attachment& leaves, std::size_t index) {
  const auto leaf = decode<PlantLeaf>(leaves.leaf(index));
  assert(leaf.has_value());
  return leaf->exact;
}

// The trees of two batches that share latitude and longitude: both columns ascend, so that the
// shorter is looked up in what is left of the longer. Calls visit(left index, right index) until
// it returns false.
template <class Visit>
void each_shared(const std::vector<Position>& left, const std::vector<Position>& right,
                 Visit visit) {
  auto at = right.begin();
  for (std::size_t i = 0; i < left.size() && at != right.end(); ++i) {
    std::ptrdiff_t step = 1;
    while (right.end() - at > step && *(at + step) < left[i]) {
      at += step;
      step *= 2;
    }
    at = std::lower_bound(at, std::min(right.end(), at + step + 1), left[i]);
    for (auto same = at; same != right.end() && *same == left[i]; ++same) {
      if (!visit(i, static_cast<std::size_t>(same - right.begin()))) return;
    }
  }
}

struct Taken {
  std::size_t leaf = 0;
  std::size_t tree = 0;  // of the other batch
};

// The first new tree whose place (and exact commitment) a live tree of the other batch has.
std::optional<Taken> first_taken(const State& state, const BatchDraft& draft,
                                 const ObjectId& other_id, const BatchObject& other,
                                 const Attachment& other_leaves) {
  std::optional<Taken> taken;
  TreeCodes codes(state, other_id, other.size());
  const auto visit = [&](std::size_t leaf, std::size_t tree) {
    const bool conflicts =
        is_live(codes.at(tree)) && exact_of(*draft.leaves, leaf) == exact_of(other_leaves, tree);
    if (conflicts) taken = Taken{leaf, tree};
    return !conflicts;
  };
  each_shared(draft.trees().positions, other_leaves.trees()->positions, visit);
  return taken;
}

// I8: two live trees of a plot never share a measured position.
bool judge_positions(Judgement& judgement, const BatchDraft& draft) {
  const State& state = judgement.state();
  std::vector<PlacedObject> others;
  collect_meeting(state, kPlotBatchesNamespace, draft.batch.plot->text, *draft.trees().box, others);
  for (const PlacedObject& placed : others) {
    const auto other = state.find<BatchObject>(placed.id);
    assert(other.has_value());
    const AttachmentPtr leaves = state.attachment(other->leaves.root);
    if (!judgement.require(leaves != nullptr, Reason::earlier_attachment_missing,
                           [&] { return Numbers{{"root", crypto::to_hex(other->leaves.root)}}; })) {
      return false;
    }
    const auto taken = first_taken(state, draft, placed.id, *other, *leaves);
    if (!judgement.require(!taken, Reason::position_taken, [&] {
          if (!taken) return Numbers{{"batch", placed.id.text}};
          const Position position = draft.trees().positions[taken->leaf];
          return Numbers{{"leaf", std::to_string(taken->leaf)},
                         {"tree", MemberId::of(placed.id, taken->tree).text},
                         {"lat_e7", std::to_string(position.lat_e7)},
                         {"lon_e7", std::to_string(position.lon_e7)}};
        })) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool judge_land(Judgement& judgement, BatchDraft& draft) {
  if (!draft.plot) return true;
  if (!judge_capacity(judgement, draft) || !judge_density(judgement, draft)) return false;
  const Positions positions = draft.batch.positions;
  const bool is_placed = positions != Positions::plot;
  if (is_placed && !judge_outline(judgement, draft)) return false;
  if (positions == Positions::measured && !judge_positions(judgement, draft)) return false;
  for (const BatchSpecies& part : draft.batch.species) {
    occupy(*draft.plot, draft.batch.unit, part, part.trees.total());
  }
  return true;
}

}  // namespace treeproof::ledger
