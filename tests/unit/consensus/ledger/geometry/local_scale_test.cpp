#include "consensus/ledger/geometry/local_scale.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/unit/consensus/ledger/geometry/oracles.h"
#include "tests/unit/consensus/ledger/geometry/shapes.h"

namespace treeproof::geometry {
namespace {

constexpr double kRadiansPerE7Unit = std::numbers::pi / 180 * 1e-7;

double meridian_radius_m(double lat_degrees) {
  const double e2 = 2 / 298.257223563 - 1 / (298.257223563 * 298.257223563);
  const double s = std::sin(lat_degrees * std::numbers::pi / 180);
  return 6'378'137 * (1 - e2) / std::pow(1 - e2 * s * s, 1.5);
}

TEST(LocalScale, AgreesWithTheRadiiOfTheEllipsoid) {
  Random random(1);
  for (int i = 0; i < 2'000; ++i) {
    const std::int32_t lat_e7 = pick(random, -849'000'000, 849'000'000);
    const LocalScale scale(lat_e7);
    const LocalVector way =
        scale.vector(project({lat_e7 - 500, 0}), project({lat_e7 + 500, 100'000}));
    const double lat = lat_e7 / 1e7;
    EXPECT_NEAR(static_cast<double>(way.east),
                parallel_radius_m(lat) * 100'000 * kRadiansPerE7Unit * 1'024, 0.51);
    EXPECT_NEAR(static_cast<double>(way.north),
                meridian_radius_m(lat) * 1'000 * kRadiansPerE7Unit * 1'024, 0.52);
  }
}

TEST(LocalScale, TurnsLengthsBackIntoPlaneUnits) {
  for (const std::int32_t lat_e7 : {0, 394'000'000, -849'999'999}) {
    const LocalScale scale(lat_e7);
    const PlanePoint far{scale.x_units(100'000), scale.y_units(100'000)};
    const LocalVector way = scale.vector({}, far);
    EXPECT_NEAR(static_cast<double>(way.east), 100'000, 6);
    EXPECT_EQ(way.north, 100'000);
  }
}

TEST(LocalScale, StopsAtEightyFiveDegrees) {
  const PlanePoint far{1'000'000, 1'000'000'000};
  const LocalVector at_limit = LocalScale(kPlotLatitudeMaxE7).vector({}, far);
  const LocalVector at_pole = LocalScale(kLatitudeMaxE7).vector({}, far);
  EXPECT_EQ(at_pole.east, at_limit.east);
  EXPECT_EQ(at_pole.north, at_limit.north);
}

TEST(DistanceAtMost, FlagsTreesCloserThanAMetre) {
  const Position tree{394'567'891, 1'031'234'567};
  EXPECT_TRUE(distance_at_most(tree, tree, 0));
  EXPECT_TRUE(distance_at_most(tree, {tree.lat_e7 + 90, tree.lon_e7}, 1));
  EXPECT_FALSE(distance_at_most(tree, {tree.lat_e7 + 91, tree.lon_e7}, 1));
  EXPECT_TRUE(distance_at_most(tree, {tree.lat_e7, tree.lon_e7 + 116}, 1));
  EXPECT_FALSE(distance_at_most(tree, {tree.lat_e7, tree.lon_e7 + 117}, 1));
}

TEST(DistanceAtMost, GoesTheShorterWayRound) {
  EXPECT_TRUE(distance_at_most({0, kLongitudeMaxE7}, {0, -kLongitudeMaxE7}, 0));
  EXPECT_TRUE(distance_at_most({0, kLongitudeMaxE7 - 40}, {0, -kLongitudeMaxE7 + 40}, 1));
  EXPECT_FALSE(distance_at_most({0, kLongitudeMaxE7 - 60}, {0, -kLongitudeMaxE7 + 60}, 1));
}

TEST(DistanceAtMost, IsSymmetricAndTotal) {
  Random random(5);
  const auto anywhere = [&] {
    return Position{pick(random, -kLatitudeMaxE7, kLatitudeMaxE7),
                    pick(random, -kLongitudeMaxE7, kLongitudeMaxE7)};
  };
  for (int i = 0; i < 2'000; ++i) {
    const Position left = anywhere();
    const Position right = anywhere();
    for (const std::uint32_t metres : {1u, 5'000'000u, UINT32_MAX}) {
      ASSERT_EQ(distance_at_most(left, right, metres), distance_at_most(right, left, metres));
    }
    ASSERT_TRUE(distance_at_most(left, right, UINT32_MAX));
  }
}

}  // namespace
}  // namespace treeproof::geometry
