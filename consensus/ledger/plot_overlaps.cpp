#include "consensus/ledger/plot_overlaps.h"

#include <numeric>

#include "consensus/ledger/chunked_list.h"

namespace treeproof::ledger {

namespace {

constexpr std::string_view kOverlaps = "plot_overlaps";

void note(State& state, const ObjectId& plot, const ObjectId& neighbour, std::uint64_t overlap_m2) {
  const PlotOverlap item{neighbour, overlap_m2};
  append_items<PlotOverlap>(state, kOverlaps, plot.text, std::span(&item, 1));
}

}  // namespace

Overlaps overlaps_of(const StateReader& state, const ObjectId& plot) {
  Overlaps overlaps;
  each_item<PlotOverlap>(state, kOverlaps, plot.text, [&](const PlotOverlap& item) {
    overlaps[item.neighbour] = item.overlap_m2;
  });
  std::erase_if(overlaps, [&](const auto& entry) {
    return entry.second == 0 || !find<PlotObject>(state, entry.first)->holds_land();
  });
  return overlaps;
}

std::uint64_t sum_of(const Overlaps& overlaps) noexcept {
  return std::accumulate(overlaps.begin(), overlaps.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
}

void note_overlaps(State& state, const ObjectId& plot, std::span<const Neighbour> neighbours) {
  Overlaps changes;
  for (const auto& [before, overlap_m2] : overlaps_of(state, plot)) changes[before] = 0;
  for (const Neighbour& neighbour : neighbours) changes[neighbour.id] = neighbour.overlap_m2;
  for (const auto& [neighbour, overlap_m2] : changes) {
    note(state, plot, neighbour, overlap_m2);
    note(state, neighbour, plot, overlap_m2);
  }
}

}  // namespace treeproof::ledger
