#include "node/demo/forest.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "consensus/ledger/geometry/plane_polygon.h"

namespace treeproof::demo {
namespace {

std::uint64_t count_inside(const Forest& forest) {
  const geometry::PlanePolygon outline(outline_of(forest));
  std::uint64_t inside = 0;
  for (const auto& position : positions_of(forest)) {
    if (geometry::contains(outline, position)) ++inside;
  }
  return inside;
}

TEST(Forest, No277HasThePublishedFigures) {
  const Forest forest = forest_277();
  EXPECT_EQ(forest.area_m2, 2'222'700u);  // 222.27 ha
  EXPECT_EQ(forest.trees, 150'000u);
  EXPECT_EQ(forest.grams, 17'900u);
  EXPECT_EQ(forest.across_m * forest.along_m, 15u);
  EXPECT_EQ(forest.room(), 148'180u);
}

TEST(Forest, GivesTreesToTheFirstHalfOfEachRedemption) {
  const auto runs = half_of(forest_277());
  ASSERT_EQ(runs.size(), 15u);
  for (const auto& run : runs) {
    EXPECT_EQ(run.plant.text, "desert-ngo/plant-277");
    EXPECT_EQ(run.count, 5'000u);
  }
  EXPECT_EQ(runs.back().redeem.text, "green-platform/redeem-277-15");
}

TEST(Forest, GridCoversTheAreaExactly) {
  for (const Forest& forest : {forest_277(), river_bank()}) {
    EXPECT_EQ(forest.columns * forest.rows, forest.room()) << forest.ref;
    EXPECT_EQ(forest.room() * forest.across_m * forest.along_m, forest.area_m2) << forest.ref;
  }
}

TEST(Forest, OutlineHasTheAreaInTheLedgersMeasure) {
  for (const Forest& forest : {forest_277(), river_bank()}) {
    const auto area = geometry::check(outline_of(forest));
    ASSERT_TRUE(area.has_value()) << to_string(area.error());
    const auto stated = static_cast<std::int64_t>(forest.area_m2);
    EXPECT_LE(std::abs(static_cast<std::int64_t>(area->square_metres) - stated), 32) << forest.ref;
  }
}

TEST(Forest, AsManyTreesStandInsideAsTheAreaHasRoomFor) {
  EXPECT_EQ(count_inside(forest_277()), 148'180u);
  EXPECT_EQ(count_inside(river_bank()), river_bank().trees);
}

TEST(Forest, TheRestOfNo277StandsWithinTwentyMetresOfItsOutline) {
  const Forest forest = forest_277();
  const geometry::PlanePolygon outline(outline_of(forest));
  std::set<geometry::Position> places;
  for (const auto& position : positions_of(forest)) {
    EXPECT_TRUE(geometry::within_grown(outline, position, 20));
    EXPECT_TRUE(places.insert(position).second);
  }
  EXPECT_EQ(places.size(), forest.trees);
}

}  // namespace
}  // namespace treeproof::demo
