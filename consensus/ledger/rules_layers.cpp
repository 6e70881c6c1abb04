// I8: members of one habit stand in one layer of a piece of land. Shrubs fit the canopy and the
// understory: without this rule the same forest could be registered, and sold, in both.
#include <algorithm>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/placed_objects.h"
#include "consensus/ledger/plot_index.h"
#include "consensus/ledger/plot_outline.h"
#include "consensus/ledger/rules_land.h"
#include "consensus/ledger/rules_outline.h"

namespace treeproof::ledger {

namespace {

constexpr Layer kLayers[] = {Layer::canopy, Layer::understory, Layer::marine, Layer::protection};
constexpr Box kWorld{-geometry::kLatitudeMaxE7, -geometry::kLongitudeMaxE7,
                     geometry::kLatitudeMaxE7, geometry::kLongitudeMaxE7};

std::optional<Outline> judge_own_outline(Judgement& judgement, const PlotObject& plot) {
  const crypto::Hash& root = plot.payload.geometry.root;
  const AttachmentPtr attachment = judgement.state().attachment(root);
  if (!judgement.require(attachment != nullptr, Reason::earlier_attachment_missing,
                         [&] { return Numbers{{"root", crypto::to_hex(root)}}; })) {
    return std::nullopt;
  }
  return Outline{outline_of(plot.payload, *attachment), plot.area_m2, plot.box};
}

std::optional<Habit> first_shared(const Habits& some, const Habits& others) {
  const auto shared = std::ranges::find_if(some, [&](Habit h) { return others.contains(h); });
  return shared == some.end() ? std::nullopt : std::optional(*shared);
}

// The plots that may be in the way: outlines are compared with theirs alone.
std::vector<ObjectId> plots_with(const State& state, Layer layer, const Box& box,
                                 const Habits& habits) {
  std::vector<ObjectId> plots;
  for (const PlacedObject& candidate : plots_meeting(state, layer, box)) {
    const bool is_planted = state.find<PlotObject>(candidate.id)->live > 0;
    if (is_planted && first_shared(habits, habits_on(state, candidate.id))) {
      plots.push_back(candidate.id);
    }
  }
  return plots;
}

bool judge_layer(Judgement& judgement, const PlotObject& plot, Layer layer, const Habits& habits) {
  const State& state = judgement.state();
  const std::vector<ObjectId> plots = plots_with(state, layer, plot.box, habits);
  if (plots.empty()) return true;
  const auto outline = judge_own_outline(judgement, plot);
  if (!outline) return false;
  const auto neighbours = judge_shared(judgement, plots, *outline);
  if (!neighbours) return false;
  return std::ranges::all_of(*neighbours, [&](const Neighbour& neighbour) {
    return judgement.require(
        is_sliver(judgement, outline->area_m2, neighbour), Reason::habit_unfit, [&] {
          const auto habit = first_shared(habits, habits_on(state, neighbour.id));
          return Numbers{{"habit", habit ? std::string(name(*habit)) : "none"},
                         {"layer", std::string(name(plot.payload.layer))},
                         {"standing_on", neighbour.id.text},
                         {"standing_in", std::string(name(layer))},
                         {"overlap_m2", std::to_string(neighbour.overlap_m2)}};
        });
  });
}

}  // namespace

std::set<ObjectId> batches_on(const StateReader& state, const ObjectId& plot) {
  std::vector<PlacedObject> placed;
  collect_meeting(state, kPlotBatchesNamespace, plot.text, kWorld, placed);
  std::set<ObjectId> batches;
  for (const PlacedObject& object : placed) batches.insert(object.id);
  return batches;
}

Habits habits_of(const StateReader& state, const BatchObject& batch) {
  Habits habits;
  if (land_use(batch.unit) == LandUse::none) return habits;
  for (const BatchSpecies& part : batch.species) {
    if (part.trees.live() == 0) continue;
    const auto species = get<Species>(state, part.species.text);
    assert(species.has_value());
    habits.insert(species->habit);
  }
  return habits;
}

Habits habits_on(const StateReader& state, const ObjectId& plot) {
  Habits habits;
  for (const ObjectId& id : batches_on(state, plot)) {
    habits.merge(habits_of(state, *find<BatchObject>(state, id)));
  }
  return habits;
}

bool judge_layers(Judgement& judgement, const PlotObject& plot, const Habits& habits) {
  return habits.empty() || std::ranges::all_of(kLayers, [&](Layer layer) {
           return layer == plot.payload.layer || judge_layer(judgement, plot, layer, habits);
         });
}

}  // namespace treeproof::ledger
