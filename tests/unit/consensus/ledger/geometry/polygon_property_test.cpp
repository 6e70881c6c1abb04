// Shape by shape against GEOS in the plane, S2 on the sphere of equal area and the ellipsoid in
// space; what fails shrinks. RC_PARAMS="max_success=5000" asks more of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <rapidcheck/gtest.h>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "tests/unit/consensus/ledger/geometry/oracles.h"
#include "tests/unit/consensus/ledger/geometry/sketches.h"

namespace treeproof::geometry {
namespace {

// Where GEOS reckons in doubles on a plane that both share: our areas are rounded once to a whole
// square metre, an overlap strays by 2^-18 m2 before that, and a sum of products of doubles by less
// than a part in 10^9 of the land in play.
constexpr double kRoundingM2 = 0.5 + 1e-3;
constexpr double kDoubles = 1e-9;
// S2Loop::GetArea documents 11.25 ulps for a vertex on a sphere of 4.06e13 m2.
constexpr double kS2VertexM2 = 0.1;
// The tenth of a percent that ledger.md asks for.
constexpr double kAskedShare = 1e-3;

double as_double(std::uint64_t value) { return static_cast<double>(value); }

double area_of(const Polygon& polygon) { return as_double(area_m2(polygon)); }

double s2_noise_m2(const Polygon& polygon) {
  double vertices = 0;
  for (const Ring& ring : polygon.rings) vertices += as_double(ring.size());
  return vertices * kS2VertexM2;
}

Position middle_of(const Position& left, const Position& right) {
  return {std::midpoint(left.lat_e7, right.lat_e7), std::midpoint(left.lon_e7, right.lon_e7)};
}

// As a position is written: longitudes from -180 to 180.
Polygon wrapped(Polygon polygon) {
  for (Ring& ring : polygon.rings) {
    for (Position& position : ring) {
      if (position.lon_e7 <= kLongitudeMaxE7) continue;
      position.lon_e7 =
          static_cast<std::int32_t>(position.lon_e7 - std::int64_t{2} * kLongitudeMaxE7);
    }
  }
  return polygon;
}

// Rings in any order of vertices cross, touch, run back and lie in and over each other.
RC_GTEST_PROP(PolygonCheck, RefusesWhatGeosRefusesAndForTheSameReason, ()) {
  const Lattice lattice{draw_place(), draw(1, 20) * 1'000, draw(1, 20) * 1'000};
  const Polygon polygon = draw_rings(lattice);
  const auto expected = geos_refusal(polygon);
  const auto found = check(polygon);
  RC_CLASSIFY(!expected.has_value(), "accepted");
  if (expected) RC_TAG(std::string(to_string(*expected)));
  RC_LOG() << "GEOS: " << (expected ? to_string(*expected) : "accepted");
  showValue(polygon, RC_LOG());
  RC_ASSERT(found.has_value() == !expected.has_value());
  if (!found) RC_ASSERT(found.error() == *expected);
}

RC_GTEST_PROP(PolygonCheck, AcceptsEverySkylineWithItsHoles, ()) {
  const Polygon polygon = draw_skyline(draw_lattice(1'000'000));
  showValue(polygon, RC_LOG());
  const auto found = check(polygon);
  RC_ASSERT(geos_is_valid(polygon));
  RC_ASSERT(found.has_value() == (geos_area_m2(polygon) >= 0.5));  // else zero_area
}

RC_GTEST_PROP(PolygonCheck, RefusesTheSkylineWoundTheOtherWay, ()) {
  Polygon polygon = draw_skyline(draw_lattice(1'000'000));
  const auto ring =
      static_cast<std::size_t>(draw(0, static_cast<std::int32_t>(polygon.rings.size()) - 1));
  std::ranges::reverse(polygon.rings[ring]);
  RC_ASSERT(check(polygon).error() == PolygonRefusal::wrong_winding);
}

// At +-83 degrees and beyond, and at the antimeridian: S2 knows no edge of the map.
RC_GTEST_PROP(PolygonCheck, RefusesWhatReachesOverAnEdgeOfTheMap, ()) {
  const Position centre{(draw(0, 1) == 0 ? -1 : 1) * draw(800'000'000, 880'000'000),
                        kLongitudeMaxE7 - draw(0, 3'000'000)};
  const Polygon polygon = wrapped(draw_spokes(centre, 2'500));
  showValue(polygon, RC_LOG());
  const Ring& outer = polygon.rings.front();
  const bool near = std::ranges::any_of(outer, [](const Position& position) {
    return std::abs(position.lat_e7) > kPlotLatitudeMaxE7;
  });
  const bool touches = std::ranges::any_of(
      outer, [](const Position& position) { return std::abs(position.lon_e7) == kLongitudeMaxE7; });
  const bool wraps = s2_wraps(polygon);
  RC_TAG(std::string(near ? "near a pole" : wraps ? "antimeridian" : "inside"));
  const auto found = check(polygon);
  RC_ASSERT(found.has_value() == !(near || touches || wraps));
  if (!found) {
    RC_ASSERT(found.error() ==
              (near ? PolygonRefusal::near_pole : PolygonRefusal::crosses_antimeridian));
  }
}

RC_GTEST_PROP(Area, OfAnySkylineIsThatOfGeosInThePlane, ()) {
  const Polygon polygon = draw_skyline(draw_lattice(1'000'000));
  RC_PRE(check(polygon).has_value());
  const double expected = geos_area_m2(polygon);
  RC_ASSERT(std::abs(area_of(polygon) - expected) <= kRoundingM2 + expected * kDoubles);
}

// Plots as people draw them, to 2,000 ha and 70 degrees of latitude: no forest stands beyond.
RC_GTEST_PROP(Area, IsWithinATenthOfAPercentOfTheEllipsoid, ()) {
  Position centre = draw_place();
  centre.lat_e7 = std::clamp(centre.lat_e7, -700'000'000, 700'000'000);
  const Polygon polygon = draw_spokes(centre, draw_radius_m());
  RC_PRE(check(polygon).has_value());
  showValue(polygon, RC_LOG());
  const double expected = ellipsoid_area_m2(polygon);
  RC_ASSERT(std::abs(area_of(polygon) - expected) <= 0.5 + expected * kAskedShare);
}

// Without the share: only what an edge bends, 10^-6 for the plane that touches, and the rounding.
RC_GTEST_PROP(Area, StraysFromTheEllipsoidByTheBendOfItsEdgesOnly, ()) {
  const bool spoked = draw(0, 1) == 0;
  const Polygon polygon =
      spoked ? draw_spokes(draw_place(), draw_radius_m()) : draw_skyline(draw_lattice(10'000));
  RC_PRE(check(polygon).has_value());
  showValue(polygon, RC_LOG());
  const double expected = ellipsoid_area_m2(polygon);
  RC_ASSERT(std::abs(area_of(polygon) - expected) <=
            kRoundingM2 + expected * 1e-6 + bending_m2(polygon));
}

RC_GTEST_PROP(Area, AgreesWithS2OnTheAuthalicSphere, ()) {
  const Polygon polygon = draw_spokes(draw_place(), draw_radius_m());
  RC_PRE(check(polygon).has_value());
  showValue(polygon, RC_LOG());
  RC_ASSERT(s2_is_valid(polygon));
  RC_ASSERT(std::abs(area_of(polygon) - s2_area_m2(polygon)) <=
            kRoundingM2 + s2_noise_m2(polygon) + bending_m2(polygon));
}

// Vertices, edges that run along rows and columns, their continuations, and on the equator the
// diagonals, are all hit exactly.
RC_GTEST_PROP(Contains, AgreesWithGeosOnEveryPointOfTheLattice, ()) {
  const Lattice lattice = draw_lattice(1'000'000);
  const Polygon polygon = draw_skyline(lattice);
  RC_PRE(check(polygon).has_value());
  showValue(polygon, RC_LOG());
  const PlanePolygon plane(polygon);
  for (std::int32_t row = -1; row <= kLatticeSide + 1; ++row) {
    for (std::int32_t column = -1; column <= kLatticeSide + 1; ++column) {
      const Position position = lattice.at(row, column);
      RC_ASSERT(contains(plane, position) == geos_covers(polygon, position));
    }
  }
}

RC_GTEST_PROP(Contains, HoldsEveryVertexAndAgreesWithGeosOnAndBesideEveryEdge, ()) {
  const Polygon polygon = draw_skyline(draw_lattice(1'000'000));
  RC_PRE(check(polygon).has_value());
  showValue(polygon, RC_LOG());
  const PlanePolygon plane(polygon);
  for (const Ring& ring : polygon.rings) {
    for (std::size_t i = 1; i < ring.size(); ++i) {
      RC_ASSERT(contains(plane, ring[i]));
      RC_ASSERT(within_grown(plane, ring[i], 0));
      const Position middle = middle_of(ring[i - 1], ring[i]);
      for (const std::int32_t aside : {-1, 0, 1}) {
        const Position position{middle.lat_e7 + aside, middle.lon_e7};
        RC_ASSERT(contains(plane, position) == geos_covers(polygon, position));
      }
    }
  }
}

RC_GTEST_PROP(Contains, AgreesWithS2WhereNoBendOfAnEdgeReaches, ()) {
  const Position centre = draw_place();
  const std::int32_t radius_m = draw_radius_m();
  const Polygon polygon = draw_spokes(centre, radius_m);
  RC_PRE(check(polygon).has_value());
  const Position position{centre.lat_e7 + draw(-120, 120) * radius_m,
                          centre.lon_e7 + draw(-120, 120) * radius_m};
  // An arc of curvature tan(83.03 deg) / R and length L rises by k L^2 / 8; edges are at most twice
  // the radius.
  const double bend_m = 8.2 / 6.3e6 * 4 * radius_m * radius_m / 8 + 0.01;
  RC_PRE(geos_outline_distance_m(polygon, position) > bend_m);
  RC_ASSERT(contains(polygon, position) == s2_contains(polygon, position));
}

// Neighbours on one lattice share vertices, whole edges and parts of edges, or lie in each other's
// holes; half steps aside, they cross.
RC_GTEST_PROP(Overlap, AgreesWithGeosOnSharedEdgesAndVertices, ()) {
  Lattice lattice = draw_lattice(1'000'000);
  const Polygon left = draw_skyline(lattice);
  lattice.centre.lat_e7 += draw(0, 24) * lattice.lat_step_e7 / 2;
  lattice.centre.lon_e7 += draw(0, 24) * lattice.lon_step_e7 / 2;
  const Polygon right = draw_skyline(lattice);
  RC_PRE(check(left).has_value() && check(right).has_value());
  showValue(left, RC_LOG());
  showValue(right, RC_LOG() << "and\n");
  const double expected = geos_overlap_m2(left, right);
  RC_TAG(std::string(expected == 0                     ? "apart"
                     : expected < area_of(right) / 100 ? "sliver"
                                                       : "much"));
  const double found = as_double(overlap_area_m2(left, right));
  RC_ASSERT(std::abs(found - expected) <=
            kRoundingM2 + (area_of(left) + area_of(right)) * kDoubles);
  RC_ASSERT(overlap_area_m2(right, left) == overlap_area_m2(left, right));
  RC_ASSERT(found <= std::min(area_of(left), area_of(right)));
}

RC_GTEST_PROP(Overlap, OfASkylineWithItselfIsItsArea, ()) {
  const Polygon polygon = draw_skyline(draw_lattice(1'000'000));
  RC_PRE(check(polygon).has_value());
  RC_ASSERT(overlap_area_m2(polygon, polygon) == area_m2(polygon));
}

// Both bend where they bound the common land, so S2 may find as much more or less.
RC_GTEST_PROP(Overlap, AgreesWithS2, ()) {
  const Position centre = draw_place();
  const std::int32_t radius_m = draw_radius_m();
  const Polygon left = draw_spokes(centre, radius_m);
  const Position beside{centre.lat_e7 + draw(0, 90) * radius_m, centre.lon_e7};
  const Polygon right = draw_spokes(beside, radius_m);
  RC_PRE(check(left).has_value() && check(right).has_value());
  showValue(left, RC_LOG());
  showValue(right, RC_LOG() << "and\n");
  const double allowed =
      kRoundingM2 + s2_noise_m2(left) + s2_noise_m2(right) + bending_m2(left) + bending_m2(right);
  RC_ASSERT(std::abs(as_double(overlap_area_m2(left, right)) - s2_overlap_m2(left, right)) <=
            allowed);
}

// A plot cut in two along a meridian: the parts add up, but for their three roundings.
RC_GTEST_PROP(Overlap, AddsUpOverACut, ()) {
  const Lattice lattice = draw_lattice(100'000);
  const Polygon polygon = draw_skyline(lattice);
  RC_PRE(check(polygon).has_value());
  showValue(polygon, RC_LOG());
  const Position west = lattice.at(-1, -1);
  const Position east = lattice.at(kLatticeSide + 1, kLatticeSide + 1);
  const std::int32_t cut = west.lon_e7 + draw(1, east.lon_e7 - west.lon_e7 - 1);
  const auto between = [&](std::int32_t from_lon, std::int32_t to_lon) {
    return Polygon{{{{west.lat_e7, from_lon},
                     {west.lat_e7, to_lon},
                     {east.lat_e7, to_lon},
                     {east.lat_e7, from_lon},
                     {west.lat_e7, from_lon}}}};
  };
  const std::uint64_t parts = overlap_area_m2(polygon, between(west.lon_e7, cut)) +
                              overlap_area_m2(polygon, between(cut, east.lon_e7));
  RC_ASSERT(parts <= area_m2(polygon) + 1);
  RC_ASSERT(area_m2(polygon) <= parts + 1);
}

RC_GTEST_PROP(WithinGrown, AgreesWithGeosAndGrowsWithTheDistance, ()) {
  const Lattice lattice = draw_lattice(10'000);
  const Polygon polygon = draw_skyline(lattice);
  RC_PRE(check(polygon).has_value());
  const Position position = lattice.at(draw(-12, 24), draw(-12, 24));
  const PlanePolygon plane(polygon);
  const double distance = geos_distance_m(polygon, position);
  showValue(polygon, RC_LOG() << distance << " m from\n");
  bool before = contains(plane, position);
  for (std::uint32_t metres = 0; metres <= 2'048; metres += 64) {
    const bool now = within_grown(plane, position, metres);
    RC_ASSERT(now || !before);
    // Ends of edges are rounded to 1/1024 m.
    if (distance < metres - 0.01) RC_ASSERT(now);
    if (distance > metres + 0.01) RC_ASSERT(!now);
    before = now;
  }
}

}  // namespace
}  // namespace treeproof::geometry
