// How much ground a plot shares with each of its neighbours, in chunked lists by plot. A neighbour
// that gave its land free counts no longer, without anybody's recomputation.
// Owns no geometry and no rule. Callers: rules_plot, rules_outline, rules_plot_revision, queries.
// Pure. Source: docs/ledger.md I7; docs/protocol.md section 5 (namespace "plot_overlaps").
#pragma once

#include <map>
#include <span>

#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

// The last of a neighbour counts.
struct PlotOverlap {
  static constexpr std::string_view kName = "plot-overlap";
  static constexpr std::string_view kChunkName = "plot-overlap-chunk";
  static constexpr bool kIsArray = true;
  ObjectId neighbour;
  std::uint64_t overlap_m2 = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("neighbour", self.neighbour);
    visit("overlap_m2", self.overlap_m2);
  }
  bool operator==(const PlotOverlap&) const = default;
};

struct Neighbour {
  ObjectId id;
  std::uint64_t area_m2 = 0;
  std::uint64_t overlap_m2 = 0;
};

using Overlaps = std::map<ObjectId, std::uint64_t>;  // m2, by neighbour
// With the neighbours that hold land.
Overlaps overlaps_of(const StateReader& state, const ObjectId& plot);
std::uint64_t sum_of(const Overlaps& overlaps) noexcept;
// Notes on both sides what a plot shares now, in place of what it shared before.
void note_overlaps(State& state, const ObjectId& plot, std::span<const Neighbour> neighbours);

}  // namespace treeproof::ledger
