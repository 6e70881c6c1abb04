#include "consensus/ledger/geometry/polygon.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/unit/consensus/ledger/geometry/oracles.h"
#include "tests/unit/consensus/ledger/geometry/shapes.h"

namespace treeproof::geometry {
namespace {

constexpr Position kMinqin{386'000'000, 1'030'000'000};

Ring reversed(Ring ring) {
  std::ranges::reverse(ring);
  return ring;
}

Ring hole(Position south_west, std::int32_t size_e7) {
  return reversed(rectangle(south_west, size_e7, size_e7).rings.front());
}

TEST(PolygonCheck, AcceptsAPlotWithEightHoles) {
  Polygon plot = rectangle(kMinqin, 100'000, 100'000);
  std::uint64_t holes_m2 = 0;
  for (std::int32_t i = 0; i < 8; ++i) {
    const Position corner{kMinqin.lat_e7 + 1'000 + i * 10'000, kMinqin.lon_e7 + 2'000};
    plot.rings.push_back(hole(corner, 5'000));
    holes_m2 += area_m2(rectangle(corner, 5'000, 5'000));
  }
  const auto area = check(plot);
  ASSERT_TRUE(area) << to_string(area.error());
  EXPECT_EQ(area->square_metres, area_m2(plot));
  EXPECT_NEAR(static_cast<double>(area->square_metres + holes_m2),
              static_cast<double>(area_m2(rectangle(kMinqin, 100'000, 100'000))), 5);
}

TEST(PolygonCheck, AcceptsTheMostVerticesAndNoMore) {
  const Polygon most = comb(kMinqin, kRingVerticesMax, 50, true);
  ASSERT_EQ(most.rings.front().size(), kRingVerticesMax + 1);
  EXPECT_TRUE(check(most));
  EXPECT_EQ(check(comb(kMinqin, kRingVerticesMax + 4, 50, true)).error(),
            PolygonRefusal::too_many_vertices);
}

TEST(PolygonCheck, CountsVerticesOfAllRingsTogether) {
  Polygon plot = rectangle(kMinqin, 100'000, 100'000);
  plot.rings.push_back(hole({kMinqin.lat_e7 + 9, kMinqin.lon_e7 + 9}, 5'000));
  EXPECT_TRUE(check(plot, {.vertices_max = 8}));
  EXPECT_EQ(check(plot, {.vertices_max = 7}).error(), PolygonRefusal::too_many_vertices);
  EXPECT_EQ(check(plot, {.holes_max = 0}).error(), PolygonRefusal::too_many_holes);
}

TEST(PolygonCheck, RefusesAnyPositionThatAnIntegerCanHold) {
  const Polygon extreme = {
      {{{INT32_MIN, INT32_MIN}, {INT32_MAX, 0}, {0, 0}, {INT32_MIN, INT32_MIN}}}};
  EXPECT_EQ(check(extreme).error(), PolygonRefusal::near_pole);
  const Polygon wide = {{{{0, INT32_MIN}, {9, INT32_MAX}, {0, 0}, {0, INT32_MIN}}}};
  EXPECT_EQ(check(wide).error(), PolygonRefusal::crosses_antimeridian);
}

TEST(PolygonCheck, EveryReversedPlotWindsWrong) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    Polygon plot = good_star(random, any_place(random), 3 + random() % 60, 300);
    plot.rings.front() = reversed(plot.rings.front());
    EXPECT_EQ(check(plot).error(), PolygonRefusal::wrong_winding);
  }
}

// Vertices in any order cross in most cases; on a coarse lattice they also touch and run back.
TEST(PolygonCheck, AgreesWithGeosOnWhatIsSimple) {
  Random random(2);
  int simple = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t vertices = 3 + random() % 5;
    Ring ring;
    while (ring.size() < vertices) {
      const Position vertex{kMinqin.lat_e7 + pick(random, 0, 6) * 1'000,
                            kMinqin.lon_e7 + pick(random, 0, 6) * 1'000};
      if (std::ranges::find(ring, vertex) == ring.end()) {
        ring.push_back(vertex);
      }
    }
    ring.push_back(ring.front());
    const auto forward = check({{ring}});
    const auto backward = check({{reversed(ring)}});
    const auto sliver = std::unexpected(PolygonRefusal::zero_area);
    if (forward == sliver || backward == sliver) {
      continue;  // GEOS takes slivers of any width
    }
    const bool accepted = forward || backward;
    ASSERT_EQ(accepted, geos_is_valid({{ring}})) << i;
    simple += accepted;
  }
  EXPECT_GT(simple, 2'000);
}

TEST(PolygonCheck, AgreesWithGeosAndS2OnLargeRings) {
  Random random(3);
  for (int i = 0; i < 300; ++i) {
    const Polygon plot = good_star(random, any_place(random), 64 + random() % 300, 2'000);
    ASSERT_TRUE(geos_is_valid(plot));
    ASSERT_TRUE(s2_is_valid(plot));
    Polygon crossed = plot;
    std::swap(crossed.rings.front()[5], crossed.rings.front()[9]);
    ASSERT_EQ(check(crossed).has_value(), geos_is_valid(crossed));
  }
}

TEST(Area, OfRectanglesAgreesWithTheEllipsoid) {
  constexpr double kSineM2 = 510'065'621'724'088.4 / 2 / 3.6e9;  // per 1e-7 degree and unit sine
  Random random(5);
  for (int i = 0; i < 2'000; ++i) {
    const Position corner = any_place(random);
    const std::int32_t height = pick(random, 20'000, 5'000'000);
    const std::int32_t width = pick(random, 20'000, 5'000'000);
    const double sines =
        authalic_sine((corner.lat_e7 + height) / 1e7) - authalic_sine(corner.lat_e7 / 1e7);
    const double expected = kSineM2 * width * sines;
    ASSERT_NEAR(static_cast<double>(area_m2(rectangle(corner, height, width))), expected,
                0.5 + expected * 1e-9);
  }
}

TEST(Area, DoesNotDependOnTheLongitude) {
  Random random(6);
  for (int i = 0; i < 200; ++i) {
    const Polygon plot = good_star(random, any_place(random), 20, 500);
    EXPECT_EQ(area_m2(plot), area_m2(moved(plot, 0, pick(random, -9'000'000, 9'000'000))));
  }
}

TEST(SquareAround, HasItsAreaAndHoldsItsCentre) {
  Random random(7);
  for (int i = 0; i < 1'000; ++i) {
    const Position centre = any_place(random);
    const auto wanted = static_cast<std::uint64_t>(pick(random, 1, kPointPlotAreaMaxM2));
    const Polygon square = square_around(centre, wanted);
    const auto area = check(square);
    ASSERT_TRUE(area) << to_string(area.error());
    const double side = std::sqrt(static_cast<double>(wanted));
    ASSERT_NEAR(static_cast<double>(area->square_metres), static_cast<double>(wanted),
                0.5 + side * 0.006);
    const BoundingBox box = bounding_box(square);
    ASSERT_LE(box.south_west.lat_e7, centre.lat_e7);
    ASSERT_LE(centre.lat_e7, box.north_east.lat_e7);
    ASSERT_LE(box.south_west.lon_e7, centre.lon_e7);
    ASSERT_LE(centre.lon_e7, box.north_east.lon_e7);
  }
}

TEST(SquareAround, IsRefusedAtThePolesAndTheAntimeridian) {
  EXPECT_EQ(check(square_around({kLatitudeMaxE7, 0}, 40'000)).error(), PolygonRefusal::near_pole);
  EXPECT_EQ(check(square_around({-850'000'000, 0}, 400)).error(), PolygonRefusal::near_pole);
  EXPECT_EQ(check(square_around({0, -kLongitudeMaxE7}, 400)).error(),
            PolygonRefusal::crosses_antimeridian);
}

TEST(BoundingBox, MeetsItsNeighboursAtAnEdge) {
  const BoundingBox box = bounding_box(rectangle({0, 0}, 100, 200));
  EXPECT_EQ(box, (BoundingBox{{0, 0}, {100, 200}}));
  EXPECT_TRUE(box.meets(bounding_box(rectangle({100, 200}, 5, 5))));
  EXPECT_FALSE(box.meets(bounding_box(rectangle({101, 0}, 5, 5))));
  EXPECT_FALSE(box.meets(bounding_box(rectangle({0, -10}, 5, 9))));
}

}  // namespace
}  // namespace treeproof::geometry
