// Rules of `plot_revision`: a better outline of the same land, which every live tree stays inside;
// and of `plot_close`: nothing new grows there.
#include <algorithm>
#include <set>

#include "consensus/ledger/plot_index.h"
#include "consensus/ledger/rules_land.h"
#include "consensus/ledger/rules_outline.h"

namespace treeproof::ledger {

namespace {

bool judge_own_open(Judgement& judgement, const ObjectId& id,
                    const std::optional<PlotObject>& plot) {
  const auto which = [&] { return Numbers{{"plot", id.text}}; };
  return judgement.require(plot.has_value(), Reason::plot_unknown, which) &&
         judgement.require(plot->holder == judgement.issuer(), Reason::plot_not_own, which) &&
         judgement.require(!plot->closed, Reason::plot_closed, which);
}

// I9 for the live trees of one batch; those without positions of their own stand on the plot.
bool judge_batch(Judgement& judgement, const PlotObject& plot,
                 const geometry::PlanePolygon& outline, const ObjectId& id) {
  TreeBooks books(judgement.state(), id, *judgement.state().find<BatchObject>(id));
  const bool are_placed = books.batch().positions != Positions::plot;
  if (!are_placed || books.batch().trees().live() == 0) return true;
  if (!books.judge_leaves(judgement)) return false;
  Ranges live;
  for (const TreeCode code : kLiveCodes) {
    std::ranges::copy(books.that_are(code), std::back_inserter(live));
  }
  const std::uint32_t grow_m = plot.payload.uncertainty_m + books.batch().precision_m;
  return judge_inside(judgement, outline, grow_m, places_of(books.trees(), live));
}

bool judge_trees(Judgement& judgement, const PlotObject& plot, const ObjectId& id,
                 const Outline& outline) {
  const geometry::PlanePolygon plane(outline.polygon);
  const std::set<ObjectId> batches = batches_on(judgement.state(), id);
  return std::ranges::all_of(
      batches, [&](const ObjectId& batch) { return judge_batch(judgement, plot, plane, batch); });
}

}  // namespace

bool judge(Judgement& judgement, const PlotRevision& payload) {
  State& state = judgement.state();
  auto plot = state.find<PlotObject>(payload.plot);
  if (!judge_own_open(judgement, payload.plot, plot) ||
      !judgement.require(payload.area > 0, Reason::empty,
                         [] { return Numbers{{"field", "area"}}; })) {
    return false;
  }
  const auto outline = judge_outline(judgement, {payload.geometry, payload.area});
  if (!outline) return false;
  plot->payload.geometry = payload.geometry;
  plot->payload.area = payload.area;
  plot->area_m2 = outline->area_m2;
  plot->box = outline->box;
  plot->revision = ObjectId{judgement.object_id()};
  if (!judge_density(judgement, *plot, {}) ||
      !judge_trees(judgement, *plot, payload.plot, *outline) ||
      !judge_layers(judgement, *plot, habits_on(state, payload.plot))) {
    return false;
  }
  const Layer layer = plot->payload.layer;
  const auto neighbours = judge_neighbours(judgement, payload.plot, layer, *outline);
  if (!neighbours || !judge_overlaps(judgement, payload.plot, *outline, *neighbours)) return false;
  note_overlaps(state, payload.plot, *neighbours);
  add_plot(state, layer, {payload.plot, outline->box});
  state.put(payload.plot.text, *plot);
  judgement.create(Recorded<PlotRevision>{judgement.record_info(), payload});
  return true;
}

bool judge(Judgement& judgement, const PlotClose& payload) {
  State& state = judgement.state();
  auto plot = state.find<PlotObject>(payload.plot);
  if (!judge_own_open(judgement, payload.plot, plot) ||
      !judgement.require(plot->pledged == 0, Reason::plot_pledged, [&] {
        return Numbers{{"plot", payload.plot.text}, {"pledged", std::to_string(plot->pledged)}};
      })) {
    return false;
  }
  plot->closed = judgement.block().height.value;
  state.put(payload.plot.text, *plot);
  judgement.create(Recorded<PlotClose>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
