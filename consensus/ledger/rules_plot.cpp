// Rules of `plot`: land with its outline.
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/plot_index.h"
#include "consensus/ledger/plot_overlaps.h"
#include "consensus/ledger/rules_outline.h"

namespace treeproof::ledger {

namespace {

bool judge_land_right(Judgement& judgement, const Plot& payload) {
  bool holds = true;
  if (payload.land_right) {
    const auto evidence = judgement.state().find<EvidenceObject>(*payload.land_right);
    holds = evidence && evidence->payload.kind == EvidenceKind::land &&
            payload.land_right->org() == judgement.issuer();
  }
  return judgement.require(holds, Reason::land_right_unknown, [&] {
    return Numbers{{"land_right", payload.land_right ? payload.land_right->text : "none"}};
  });
}

void register_plot(Judgement& judgement, const Plot& payload, const Outline& outline,
                   std::span<const Neighbour> neighbours) {
  State& state = judgement.state();
  const ObjectId id{judgement.object_id()};
  PlotObject plot;
  plot.record = judgement.record_info();
  plot.payload = payload;
  plot.holder = judgement.issuer();
  plot.box = outline.box;
  plot.area_m2 = outline.area_m2;
  judgement.create(plot);
  note_overlaps(state, id, neighbours);
  add_plot(state, payload.layer, {id, outline.box});
  state.put(crypto::to_hex(judgement.statement().id), PlotById{id});
}

}  // namespace

bool judge(Judgement& judgement, const Plot& payload) {
  const bool stated =
      judgement.require(payload.area > 0 && payload.capacity > 0, Reason::empty) &&
      judgement.require(payload.capacity <= kQuantityMax, Reason::quantity_too_large,
                        [&] { return Numbers{{"capacity", std::to_string(payload.capacity)}}; }) &&
      judgement.require(payload.uncertainty_m <= kUncertaintyMetresMax,
                        Reason::uncertainty_too_large,
                        [&] {
                          return Numbers{{"uncertainty_m", std::to_string(payload.uncertainty_m)},
                                         {"limit_m", std::to_string(kUncertaintyMetresMax)}};
                        }) &&
      judge_land_right(judgement, payload);
  if (!stated) return false;
  const auto outline = judge_outline(judgement, {payload.geometry, payload.area});
  if (!outline) return false;
  const ObjectId own{judgement.object_id()};
  const auto neighbours = judge_neighbours(judgement, own, payload.layer, *outline);
  if (!neighbours || !judge_overlaps(judgement, own, *outline, *neighbours)) return false;
  register_plot(judgement, payload, *outline, *neighbours);
  return true;
}

}  // namespace treeproof::ledger
