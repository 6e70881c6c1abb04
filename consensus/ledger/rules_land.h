// What trees ask of their plot, whoever brings them there: room, the outline, places that are free.
// Shared by plant, inventory, revive, correct and plot_revision. Owns no object.
// Callers: rules_land, rules_layers, rules_revive, rules_correct, rules_plot_revision. Pure.
// Source: docs/ledger.md I8, I9.
#pragma once

#include <set>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/geometry/wide_integer.h"
#include "consensus/ledger/tree_books.h"

namespace treeproof::ledger {

// capacity_exceeded: so many more live members.
bool judge_capacity(Judgement& judgement, const PlotObject& plot, std::uint64_t members);

// What members need: by their species' density, or by the area that their units cover.
struct LandNeed {
  geometry::UInt128 occupied_mm2 = 0;
  geometry::UInt128 covered_mm2 = 0;
  void add(Unit unit, const BatchSpecies& part, std::uint64_t members);
};
// area_exceeded, density_exceeded: beside what the plot has. Units by area must fit without slack,
// everything together with it.
bool judge_density(Judgement& judgement, const PlotObject& plot, const LandNeed& more);

// The outline of a registered plot; earlier_attachment_missing.
std::optional<geometry::PlanePolygon> judge_plot_outline(Judgement& judgement,
                                                         const PlotObject& plot);

struct PlacedTree {
  geometry::Position position;
  std::uint64_t leaf = 0;
};
// tree_outside_plot (I9).
bool judge_inside(Judgement& judgement, const geometry::PlanePolygon& outline, std::uint32_t grow_m,
                  std::span<const PlacedTree> trees);

// Trees that want a measured position each.
struct WantedPlaces {
  const ObjectId& plot;
  const Attachment& leaves;
  const ObjectId& batch;          // theirs; its other trees count too, once it is registered
  std::vector<PlacedTree> trees;  // ascending by position
};
// position_taken, earlier_attachment_missing: no live tree of the plot has one of them (I8).
bool judge_places(Judgement& judgement, const WantedPlaces& wanted);

// The batches that are registered on a plot, each once.
std::set<ObjectId> batches_on(const StateReader& state, const ObjectId& plot);

// What stands upright on the land, by its form.
using Habits = std::set<Habit>;
// Of the live members of a batch that are counted as stems; of all those of a plot.
Habits habits_of(const StateReader& state, const BatchObject& batch);
Habits habits_on(const StateReader& state, const ObjectId& plot);
// habit_unfit, earlier_attachment_missing: no plot of another layer on the same ground holds live
// members of one of these habits, so that no forest is registered twice in two layers (I8).
bool judge_layers(Judgement& judgement, const PlotObject& plot, const Habits& habits);

// The places of those trees, ascending by position; empty where positions are those of the plot.
std::vector<PlacedTree> places_of(const CountedTrees& trees, const Ranges& ranges);

}  // namespace treeproof::ledger
