// The demo's two plantings as figures: forest No. 277 as published, and one by the river. Which
// outline such an area has, and where each tree of its grid stands.
// Owns nothing. Callers: the season, tests. Pure.
// Source: docs/running.md "The demo"; docs/ledger.md I6, I9.
#pragma once

#include <string>
#include <vector>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/geometry/polygon.h"

namespace treeproof::demo {

// A rectangle of `columns` x `rows` cells of a grid, a tree in the middle of each. Trees beyond
// those go on east of the outline, in further columns.
struct Forest {
  std::string ref;
  std::string planter;
  ledger::Mode mode{};
  std::string species;
  std::uint64_t grams = 0;
  std::uint64_t trees = 0;
  std::uint64_t units_per_redemption = 0;
  std::uint64_t sample = 0;
  std::uint64_t area_m2 = 0;
  std::uint64_t across_m = 0;  // a cell, west to east
  std::uint64_t along_m = 0;   // south to north
  std::uint64_t columns = 0;
  std::uint64_t rows = 0;
  double lat = 0;  // the south-west corner, degrees
  double lon = 0;

  // How many trees fit, by the area and the grid alone.
  std::uint64_t room() const noexcept { return area_m2 / (across_m * along_m); }
};

// No. 277 of Ant Forest, Alxa: 222.27 ha, 150,000 saxaul 3 x 5 m apart, 17,900 g each. At 15 m2 a
// tree 148,180 fit, so the other 1,820 stand within what the outline may be off.
Forest forest_277();
Forest river_bank();
// Trees for the first half of the units of each redemption, from its one planting.
std::vector<ledger::RunLeaf> half_of(const Forest& forest);

// A rectangle of the forest's area in the ledger's own measure, within a lattice step of one side
// (some 16 m2 of 222.27 ha).
geometry::Polygon outline_of(const Forest& forest);
// Every tree, column after column from the west, south to north.
std::vector<geometry::Position> positions_of(const Forest& forest);

}  // namespace treeproof::demo
