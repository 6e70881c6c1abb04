// The outline of a plot: one outer ring and its holes, and the one function that judges it.
// Owns neither the parameters of areas and overlaps nor any plot. Called by the ledger's rules and
// by clients before they sign. Pure. Source: docs/ledger.md I6; docs/geometry.md section 4.
// Right-hand rule: RFC 7946 section 3.1.6.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <variant>
#include <vector>

#include "consensus/ledger/geometry/position.h"
#include "consensus/types/limits.h"

namespace treeproof::geometry {

// Closed: the last position repeats the first. Edges are straight in the equal-area plane.
using Ring = std::vector<Position>;

// The first ring is the outer one, counter-clockwise; holes follow, clockwise.
struct Polygon {
  std::vector<Ring> rings;
  bool operator==(const Polygon&) const = default;
};

struct PolygonLimits {
  std::size_t vertices_max = kRingVerticesMax;  // of all rings together, closing positions apart
  std::size_t holes_max = kRingsMax - 1;
};

// Whole square metres, rounded half up.
struct Area {
  std::uint64_t square_metres = 0;
  auto operator<=>(const Area&) const = default;
};

// In the order in which they are judged; the first that holds is the answer.
enum class PolygonRefusal : std::uint8_t {
  too_many_holes,
  too_few_positions,  // no ring, or a ring of fewer than four positions
  too_many_vertices,
  not_closed,
  near_pole,             // a position beyond 85 degrees
  crosses_antimeridian,  // a longitude at or beyond +-180, or an edge over more than 180 degrees
  repeated_vertex,
  zero_area,          // a ring on one line, or a polygon of less than half a square metre
  self_intersection,  // a ring that crosses or touches itself
  wrong_winding,
  hole_outside,  // a hole not strictly inside the outer ring
  holes_cross,   // two holes that cross, touch or contain each other
};
// The stable name, such as "self_intersection".
std::string_view to_string(PolygonRefusal refusal) noexcept;

// Judges a polygon from outside. The positions may be any integers. O(n log n) for plots as people
// draw them, O(n^2) at worst, bounded by the limits.
std::expected<Area, PolygonRefusal> check(const Polygon& polygon, const PolygonLimits& limits = {});

// Requires: check() accepted the polygon.
std::uint64_t area_m2(const Polygon& polygon);

struct BoundingBox {
  Position south_west;
  Position north_east;
  bool operator==(const BoundingBox&) const = default;
  // Whether the closed boxes share a point.
  bool meets(const BoundingBox& other) const noexcept;
};
// Requires: check() accepted the polygon.
BoundingBox bounding_box(const Polygon& polygon) noexcept;

// A plot given as a point counts as a square of its area, up to 4 ha.
inline constexpr std::uint64_t kPointPlotAreaMaxM2 = 40'000;
// The square of that area around a position, its sides along the compass, on the 1e-7 degree
// lattice: the area is met within one lattice step of one side. The caller checks it like any
// polygon: near a pole or the antimeridian check() refuses it. Requires: in_range(centre), 1 <=
// area <= kPointPlotAreaMaxM2.
Polygon square_around(Position centre, std::uint64_t area_m2);

// A plot as it was drawn: rings, or the point that stands for it.
using Shape = std::variant<Polygon, Position>;
// Whether a stated area suits the shape: a point takes 1 to kPointPlotAreaMaxM2, rings take any.
bool admits_area(const Shape& shape, std::uint64_t stated_area_m2) noexcept;
// The polygon as which the shape counts in every rule. Requires: admits_area().
Polygon counted_polygon(Shape shape, std::uint64_t stated_area_m2);

}  // namespace treeproof::geometry
