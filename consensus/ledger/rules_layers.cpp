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

bool judge_layer(Judgement& judgement, const ObjectId& id, const PlotObject& plot, Layer layer,
                 const Habits& habits) {
  const State& state = judgement.state();
  if (plots_meeting(state, layer, plot.box).empty()) return true;
  const auto outline = judge_own_outline(judgement, plot);
  if (!outline) return false;
  const auto neighbours = judge_neighbours(judgement, id, layer, *outline);
  if (!neighbours) return false;
  return std::ranges::all_of(*neighbours, [&](const Neighbour& neighbour) {
    if (is_sliver(judgement, outline->area_m2, neighbour)) return true;
    const Habits standing = habits_on(state, neighbour.id);
    const auto shared =
        std::ranges::find_if(habits, [&](Habit habit) { return standing.contains(habit); });
    return judgement.require(shared == habits.end(), Reason::habit_unfit, [&] {
      return Numbers{{"habit", shared == habits.end() ? "none" : std::string(name(*shared))},
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
  if (land_use(batch.unit) != LandUse::stems) return habits;
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

bool judge_layers(Judgement& judgement, const ObjectId& id, const PlotObject& plot,
                  const Habits& habits) {
  return habits.empty() || std::ranges::all_of(kLayers, [&](Layer layer) {
           return layer == plot.payload.layer || judge_layer(judgement, id, plot, layer, habits);
         });
}

}  // namespace treeproof::ledger
