#include "consensus/ledger/plot_index.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/geometry/position.h"

namespace treeproof::ledger {

namespace {

struct CellRange {
  std::int64_t first = 0;
  std::int64_t last = 0;  // inclusive
  std::uint64_t count() const { return static_cast<std::uint64_t>(last - first + 1); }
};

CellRange range_of(std::int64_t from_e7, std::int64_t to_e7, std::int64_t origin_e7) {
  return {(from_e7 + origin_e7) / kCellE7, (to_e7 + origin_e7) / kCellE7};
}

CellRange rows_of(const Box& box) {
  return range_of(box.south, box.north, geometry::kLatitudeMaxE7);
}

CellRange columns_of(const Box& box) {
  return range_of(box.west, box.east, geometry::kLongitudeMaxE7);
}

}  // namespace

std::uint64_t cell_count(const Box& box) noexcept {
  return rows_of(box).count() * columns_of(box).count();
}

std::vector<std::string> cells_of(Layer layer, const Box& box) {
  assert(cell_count(box) <= kCellsPerPlotMax);
  const CellRange rows = rows_of(box);
  const CellRange columns = columns_of(box);
  std::vector<std::string> cells;
  for (std::int64_t row = rows.first; row <= rows.last; ++row) {
    for (std::int64_t column = columns.first; column <= columns.last; ++column) {
      std::string cell(name(layer));
      cell += "/" + std::to_string(row) + "/" + std::to_string(column);
      cells.push_back(std::move(cell));
    }
  }
  return cells;
}

std::vector<PlacedObject> plots_meeting(const StateReader& state, Layer layer, const Box& box) {
  std::vector<PlacedObject> found;
  for (const std::string& cell : cells_of(layer, box)) {
    collect_meeting(state, kCellNamespace, cell, box, found);
  }
  std::ranges::sort(found, {}, &PlacedObject::id);
  const auto repeated = std::ranges::unique(found, {}, &PlacedObject::id);
  found.erase(repeated.begin(), repeated.end());
  return found;
}

void add_plot(State& state, Layer layer, const PlacedObject& plot) {
  for (const std::string& cell : cells_of(layer, plot.box)) {
    append_placed(state, kCellNamespace, cell, plot);
  }
}

}  // namespace treeproof::ledger
