#include "consensus/ledger/geometry/plane_polygon.h"

#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/geometry/oracles.h"
#include "tests/unit/consensus/ledger/geometry/shapes.h"

namespace treeproof::geometry {
namespace {

double as_double(std::uint64_t value) { return static_cast<double>(value); }

Position near(Random& random, Position centre, std::int32_t reach_e7) {
  return {centre.lat_e7 + pick(random, -reach_e7, reach_e7),
          centre.lon_e7 + pick(random, -reach_e7, reach_e7)};
}

Polygon with_hole(Polygon plot, Position south_west, std::int32_t size_e7) {
  const Ring ring = rectangle(south_west, size_e7, size_e7).rings.front();
  plot.rings.emplace_back(ring.rbegin(), ring.rend());
  return plot;
}

TEST(Contains, CountsEveryBoundaryAsInside) {
  const Polygon plot = with_hole(rectangle({0, 0}, 9'000, 9'000), {3'000, 3'000}, 3'000);
  for (const Ring& ring : plot.rings) {
    for (const Position& vertex : ring) {
      EXPECT_TRUE(contains(plot, vertex));
    }
  }
  EXPECT_TRUE(contains(plot, {0, 4'500}));
  EXPECT_TRUE(contains(plot, {4'500, 3'000}));
  EXPECT_TRUE(contains(plot, {1, 1}));
  EXPECT_FALSE(contains(plot, {4'500, 4'500}));
  EXPECT_FALSE(contains(plot, {-1, 4'500}));
  EXPECT_FALSE(contains(plot, {4'500, 9'001}));
}

TEST(Contains, AgreesWithGeos) {
  Random random(1);
  int inside = 0;
  for (int i = 0; i < 100; ++i) {
    const Position centre = any_place(random);
    const Polygon plot = good_star(random, centre, 3 + random() % 62, 500);
    const PlanePolygon plane(plot);
    for (int j = 0; j < 50; ++j) {
      const Position position = near(random, centre, 50'000);
      ASSERT_EQ(contains(plane, position), geos_covers(plot, position));
      inside += contains(plane, position);
    }
  }
  EXPECT_GT(inside, 500);
}

TEST(WithinGrown, AgreesWithGeosDistances) {
  Random random(4);
  int outside = 0;
  for (int i = 0; i < 100; ++i) {
    const Position centre = any_place(random);
    const Polygon plot = good_star(random, centre, 3 + random() % 62, 500);
    const PlanePolygon plane(plot);
    for (int j = 0; j < 50; ++j) {
      const Position position = near(random, centre, 80'000);
      const double distance = geos_distance_m(plot, position);
      const auto metres = static_cast<std::uint32_t>(distance);
      if (distance - metres < 0.01 || distance - metres > 0.99) {
        continue;
      }
      ASSERT_TRUE(within_grown(plane, position, metres + 1)) << distance;
      ASSERT_EQ(within_grown(plane, position, metres), distance == 0) << distance;
      outside += distance > 0;
    }
  }
  EXPECT_GT(outside, 1'000);
}

TEST(WithinGrown, IsTotalOverAllPositionsAndDistances) {
  const PlanePolygon plot(rectangle({-849'999'999, -1'799'999'999}, 1'699'999'998, 1'000));
  for (const std::int32_t lat : {-kLatitudeMaxE7, 0, kLatitudeMaxE7}) {
    for (const std::int32_t lon : {-kLongitudeMaxE7, 0, kLongitudeMaxE7}) {
      const bool near = within_grown(plot, {lat, lon}, UINT32_MAX);
      EXPECT_EQ(near, lon == -kLongitudeMaxE7 && lat == 0);
    }
  }
}

TEST(Overlap, OfAPlotWithItselfIsItsArea) {
  Random random(5);
  for (int i = 0; i < 200; ++i) {
    const Polygon plot = good_star(random, any_place(random), 3 + random() % 100, 2'000);
    ASSERT_EQ(overlap_area_m2(plot, plot), area_m2(plot));
  }
}

TEST(Overlap, IsNothingBetweenNeighboursThatShareAnEdge) {
  const Polygon west = rectangle({394'000'000, 0}, 70'001, 50'001);
  const Polygon east = rectangle({393'990'000, 50'001}, 90'000, 50'000);
  EXPECT_EQ(overlap_area_m2(west, east), 0u);
  // One column of the lattice: 8.6 mm by 777 m.
  EXPECT_EQ(overlap_area_m2(west, moved(east, 0, -1)), 7u);
}

TEST(Overlap, LeavesHolesOut) {
  const Polygon plot = with_hole(rectangle({0, 0}, 90'000, 90'000), {30'000, 30'000}, 30'000);
  EXPECT_EQ(overlap_area_m2(plot, rectangle({31'000, 31'000}, 20'000, 20'000)), 0u);
  EXPECT_EQ(overlap_area_m2(plot, plot), area_m2(plot));
  const Polygon middle = rectangle({20'000, 20'000}, 50'000, 50'000);
  EXPECT_NEAR(as_double(overlap_area_m2(plot, middle)),
              as_double(area_m2(middle) - area_m2(rectangle({30'000, 30'000}, 30'000, 30'000))), 1);
}

TEST(Overlap, AgreesWithGeosToTheSquareMetre) {
  Random random(6);
  int overlapping = 0;
  for (int i = 0; i < 500; ++i) {
    const Position centre = any_place(random);
    const Polygon left = good_star(random, centre, 3 + random() % 62, 2'000);
    const Polygon right =
        good_star(random, near(random, centre, 100'000), 3 + random() % 62, 2'000);
    const double expected = geos_overlap_m2(left, right);
    ASSERT_NEAR(as_double(overlap_area_m2(left, right)), expected, 0.5 + expected * 1e-9 + 1e-3);
    overlapping += expected > 0;
  }
  EXPECT_GT(overlapping, 200);
}

TEST(Overlap, OfCrossedCombsAgreesWithGeos) {
  const Position corner{386'000'000, 1'030'000'000};
  const Polygon upright = comb(corner, 256, 20, true);
  const Polygon level = comb(corner, 256, 20, false);
  ASSERT_TRUE(check(upright) && check(level));
  const double expected = geos_overlap_m2(upright, level);
  EXPECT_NEAR(as_double(overlap_area_m2(upright, level)), expected, 0.5 + expected * 1e-9);
}

TEST(Overlap, OfTheMostVerticesIsWithinTheArea) {
  const Position corner{386'000'000, 1'030'000'000};
  const Polygon upright = comb(corner, kRingVerticesMax, 20, true);
  const Polygon level = comb(corner, kRingVerticesMax, 20, false);
  const std::uint64_t common = overlap_area_m2(upright, level);
  EXPECT_GT(common, 0u);
  EXPECT_LT(common, area_m2(upright));
  EXPECT_EQ(overlap_area_m2(level, level), area_m2(level));
}

TEST(Overlap, HoldsForTheLargestPolygonsThatPass) {
  const Polygon west = rectangle({-850'000'000, -1'799'999'999}, 1'700'000'000, 1'800'000'000);
  const Polygon kite = {{{{-850'000'000, -900'000'000},
                          {0, 900'000'000},
                          {850'000'000, -900'000'000},
                          {1, -1'799'999'999},
                          {-850'000'000, -900'000'000}}}};
  ASSERT_TRUE(check(west) && check(kite));
  EXPECT_EQ(overlap_area_m2(west, west), area_m2(west));
  EXPECT_EQ(overlap_area_m2(kite, kite), area_m2(kite));
  const double expected = geos_overlap_m2(west, kite);
  EXPECT_NEAR(as_double(overlap_area_m2(west, kite)), expected, expected * 1e-9);
}

}  // namespace
}  // namespace treeproof::geometry
