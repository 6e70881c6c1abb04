// Forest No. 277 as it was published: 222.27 ha, 150,000 saxaul on a grid of 3 by 5 m. 478 columns
// of 3 m by 310 rows of 5 m are exactly that area and hold 148,180 trees; the other 1,820 stand in
// further columns to the east, within the uncertainty of the outline.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/geometry/local_scale.h"
#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

constexpr std::uint64_t kAreaM2 = 2'222'700;
constexpr std::uint64_t kSaxaul = 150'000;
constexpr std::int32_t kColumns = 478;
constexpr std::int32_t kRows = 310;
constexpr std::int32_t kColumnsOutside = 5;
constexpr std::int32_t kRowsOfTheSixth = 270;
static_assert(kColumns * kRows == 148'180);
static_assert(kColumns * 3 * kRows * 5 == kAreaM2);
static_assert(kRows * (kColumns + kColumnsOutside) + kRowsOfTheSixth == kSaxaul);

// The smallest value for which `holds` is true. Requires: it is for `high`, and stays so.
template <class Holds>
std::int32_t smallest(std::int32_t low, std::int32_t high, Holds holds) {
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// 1,434 m wide, and as high as the area asks, in Minqin, Gansu.
Rectangle outline() {
  Rectangle forest{386'000'000, 1'031'000'000, 0, 0};
  const geometry::Position corner{forest.south, forest.west};
  forest.width = smallest(100'000, 300'000, [&](std::int32_t width) {
    return !geometry::distance_at_most(corner, {forest.south, forest.west + width}, 3 * kColumns);
  });
  forest.height = smallest(100'000, 300'000, [&](std::int32_t height) {
    forest.height = height;
    return geometry::area_m2(forest.polygon()) >= kAreaM2;
  });
  return forest;
}

std::vector<PlantLeaf> saxaul(const Rectangle& forest, std::int32_t day) {
  std::vector<PlantLeaf> leaves;
  for (std::int32_t row = 0; row < kRows; ++row) {
    const std::int32_t sixth = row < kRowsOfTheSixth ? 1 : 0;
    for (std::int32_t column = 0; column < kColumns + kColumnsOutside + sixth; ++column) {
      PlantLeaf leaf;
      leaf.lat = forest.south + static_cast<std::int32_t>((2 * std::int64_t{row} + 1) *
                                                          forest.height / (2 * kRows));
      leaf.lon = forest.west + static_cast<std::int32_t>((2 * std::int64_t{column} + 1) *
                                                         forest.width / (2 * kColumns));
      leaf.day = day;
      leaves.push_back(leaf);
    }
  }
  return leaves;
}

TEST(Forest277, HoldsItsSaxaulOnTheGroundOrWithinItsUncertainty) {
  Field field;
  const Rectangle forest = outline();
  Plot plot = field.plot("forest-277", forest);
  // One step of the lattice to the north is 16 m2: the published 222.27 ha is met to that.
  EXPECT_GE(plot.area, kAreaM2);
  EXPECT_LT(plot.area, kAreaM2 + 16);
  plot.area = kAreaM2;
  plot.capacity = kSaxaul;
  plot.uncertainty_m = 30;
  field.settle(kDesert, plot);
  field.must(kDesert, field.pledge("season", "desert-ngo/forest-277", kSaxaul));

  const std::vector<PlantLeaf> leaves = saxaul(forest, field.day());
  const geometry::PlanePolygon ground(forest.polygon());
  EXPECT_EQ(std::ranges::count_if(leaves,
                                  [&](const PlantLeaf& leaf) {
                                    return geometry::contains(ground, {*leaf.lat, *leaf.lon});
                                  }),
            148'180);
  Plant plant = field.plant("saxaul", leaves);
  plant.plot = {"desert-ngo/forest-277"};
  plant.campaign = ObjectId{"platform/pledged"};
  plant.pledge = ObjectId{"desert-ngo/season"};
  plant.positions = Positions::grid;
  field.must(kDesert, plant);

  const PlotObject planted = field.plot_object("desert-ngo/forest-277");
  EXPECT_EQ(planted.live, kSaxaul);
  EXPECT_EQ(planted.pledged, 0u);
  // 675 per ha, far from the most that saxaul bears: 2,505 per ha.
  EXPECT_EQ(planted.live * 10'000 / planted.area_m2, 674u);
  EXPECT_EQ(planted.occupied_mm2 / 1'000'000, 598'802u);
  EXPECT_EQ(field.batch("desert-ngo/saxaul").pages_root, fresh_pages_root(kSaxaul));
}

TEST(Forest277, DoesNotReachTheSixthColumnFromAnOutlineCertainToSixteenMetres) {
  Field field;
  const Rectangle forest = outline();
  Plot plot = field.plot("forest-277", forest);
  plot.uncertainty_m = 16;
  field.settle(kDesert, plot);
  Plant plant = field.plant("saxaul", saxaul(forest, field.day()));
  plant.plot = {"desert-ngo/forest-277"};
  plant.positions = Positions::grid;
  const Refusal refusal = field.refusal(kDesert, plant);
  EXPECT_EQ(refusal.reason, Reason::tree_outside_plot);
  EXPECT_EQ(number(refusal, "leaf"), "483");
  EXPECT_EQ(number(refusal, "grown_by_m"), "16");
}

}  // namespace
}  // namespace treeproof::ledger
