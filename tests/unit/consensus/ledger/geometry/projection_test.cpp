#include "consensus/ledger/geometry/projection.h"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include "tests/unit/consensus/ledger/geometry/shapes.h"

namespace treeproof::geometry {
namespace {

using Real = boost::multiprecision::cpp_bin_float_50;

const Real kRadians = boost::multiprecision::atan(Real(1)) * 4 / 180 / 10'000'000;
const Real kEquatorialRadius = 6'378'137;
const Real kFlattening = 1 / Real("298.257223563");
const Real kPolarRadius = kEquatorialRadius * (1 - kFlattening);
const Real kSquaredEccentricity = kFlattening * (2 - kFlattening);

std::uint64_t nearest(const Real& value, int fraction_bits) {
  return static_cast<std::uint64_t>(round(ldexp(value, fraction_bits)));
}

// Snyder (3-12), without series: b^2 / 2 (s / (1 - e^2 s^2) + atanh(e s) / e), per 1e-7 degree.
Real exact_y(std::int32_t lat_e7) {
  const Real e = sqrt(kSquaredEccentricity);
  const Real s = sin(lat_e7 * kRadians);
  const Real logarithm = log((1 + e * s) / (1 - e * s)) / 2;
  const Real area =
      kPolarRadius * kPolarRadius / 2 * (s / (1 - kSquaredEccentricity * s * s) + logarithm / e);
  return ldexp(Real(area * kRadians), kAreaFractionBits);
}

TEST(Projection, ConstantsFollowFromTheEllipsoid) {
  EXPECT_EQ(kRadiansPerE7, nearest(kRadians, 90));
  EXPECT_EQ(kEccentricitySquared, nearest(kSquaredEccentricity, 60));
  EXPECT_EQ(kPolarAreaScale, nearest(kPolarRadius * kPolarRadius * kRadians, 46));
  EXPECT_EQ(kEquatorialScale, nearest(kEquatorialRadius * kRadians, 66));
}

TEST(Projection, StaysWithinHalfAUnitOfTheExactPlane) {
  Random random(1);
  for (int i = 0; i < 5'000; ++i) {
    const std::int32_t lat_e7 = pick(random, -kLatitudeMaxE7, kLatitudeMaxE7);
    const Real error = project({lat_e7, 0}).y - exact_y(lat_e7);
    ASSERT_LT(abs(error), 0.51) << lat_e7;
  }
}

TEST(Projection, KeepsTheLongitudeAndIsOddInLatitude) {
  Random random(2);
  for (int i = 0; i < 1'000; ++i) {
    const Position place = any_place(random);
    EXPECT_EQ(project(place).x, place.lon_e7);
    EXPECT_EQ(project(place).y, -project({-place.lat_e7, place.lon_e7}).y);
  }
}

TEST(Projection, RisesWithEveryStepOfLatitude) {
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    const std::int32_t lat_e7 = pick(random, -kPlotLatitudeMaxE7, kPlotLatitudeMaxE7 - 1);
    ASSERT_LT(project({lat_e7, 0}).y, project({lat_e7 + 1, 0}).y) << lat_e7;
  }
}

TEST(Projection, CoversTheWholeEllipsoid) {
  const PlanePoint north_east = project({kLatitudeMaxE7, kLongitudeMaxE7});
  const UInt128 quarter = static_cast<UInt128>(north_east.x) * static_cast<UInt128>(north_east.y);
  EXPECT_EQ(static_cast<std::uint64_t>((quarter * 4) >> kAreaFractionBits) / 1'000'000,
            510'065'621u);
}

TEST(IntegerRoot, IsTheFloorOfTheRoot) {
  EXPECT_EQ(integer_root(0), 0u);
  EXPECT_EQ(integer_root(UINT64_MAX), UINT32_MAX);
  EXPECT_EQ(integer_root(~UInt128{0}), UINT64_MAX);
  Random random(4);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t root = random() >> (random() % 64);
    const UInt128 square = static_cast<UInt128>(root) * root;
    ASSERT_EQ(integer_root(square), root);
    ASSERT_EQ(integer_root(square + root), root);
    if (root > 0) {
      ASSERT_EQ(integer_root(square - 1), root - 1);
    }
  }
}

}  // namespace
}  // namespace treeproof::geometry
