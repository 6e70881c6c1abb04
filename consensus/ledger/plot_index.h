// Finds the plots near a plot: a grid of 0.05 degrees for each layer, each cell listing the plots
// whose bounding boxes meet it. Owns no plot. Callers: rules_plot, queries, audit. Pure.
// Source: docs/ledger.md I7; docs/protocol.md section 5 (namespace "cell").
#pragma once

#include <vector>

#include "consensus/ledger/placed_objects.h"

namespace treeproof::ledger {

// How many cells a box meets. Requires: a box within the ranges of latitude and longitude.
std::uint64_t cell_count(const Box& box) noexcept;
// "canopy/2480/5591": layer, row from the south pole, column from the antimeridian, of every cell
// that the box meets. Requires: cell_count(box) <= kCellsPerPlotMax.
std::vector<std::string> cells_of(Layer layer, const Box& box);

// The plots of a layer whose bounding boxes meet this one, ascending by id, each once.
std::vector<PlacedObject> plots_meeting(const StateReader& state, Layer layer, const Box& box);
void add_plot(State& state, Layer layer, const PlacedObject& plot);

}  // namespace treeproof::ledger
