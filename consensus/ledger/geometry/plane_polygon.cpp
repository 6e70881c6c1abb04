#include "consensus/ledger/geometry/plane_polygon.h"

#include <algorithm>

#include "consensus/ledger/geometry/local_scale.h"

namespace treeproof::geometry {
namespace {

Int128 square(Int128 value) noexcept { return value * value; }

// Whether the edge from `start` to `end`, seen from the origin, comes within `reach` of it.
bool comes_within(LocalVector start, LocalVector end, std::int64_t reach) noexcept {
  const Int128 reach_squared = square(reach);
  const Int128 east = static_cast<Int128>(end.east) - start.east;
  const Int128 north = static_cast<Int128>(end.north) - start.north;
  const Int128 length_squared = square(east) + square(north);
  const Int128 along = -(start.east * east + start.north * north);
  if (along <= 0) {
    return square(start.east) + square(start.north) <= reach_squared;
  }
  if (along >= length_squared) {
    return square(end.east) + square(end.north) <= reach_squared;
  }
  // Lengths stay below 2^38 and the reach is at most 2^24, so a product of 2^63 is out of reach.
  const Int128 across = magnitude(start.east * north - start.north * east);
  return across < static_cast<Int128>(1) << 63 && square(across) <= reach_squared * length_squared;
}

PlaneBox box_around(PlanePoint point, const LocalScale& scale, std::int64_t reach) noexcept {
  const std::int64_t x_reach = scale.x_units(reach + 1) + 1;
  const std::int64_t y_reach = scale.y_units(reach + 1) + 1;
  return {point.x - x_reach, point.y - y_reach, point.x + x_reach, point.y + y_reach};
}

}  // namespace

std::vector<PlaneEdge> edges_of(const Ring& ring) {
  std::vector<PlaneEdge> edges;
  PlanePoint previous = project(ring.front());
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const PlanePoint point = project(ring[i]);
    edges.push_back({previous, point});
    previous = point;
  }
  return edges;
}

PlanePolygon::PlanePolygon(const Polygon& polygon) {
  for (const Ring& ring : polygon.rings) {
    for (const PlaneEdge& edge : edges_of(ring)) {
      edges_.push_back(edge);
      box_.include(edge.to);
    }
  }
}

Int128 PlanePolygon::doubled_area() const noexcept { return geometry::doubled_area(edges_); }

bool contains(const PlanePolygon& polygon, Position position) noexcept {
  const PlanePoint point = project(position);
  return polygon.box().holds(point) && locate(polygon.edges(), point) != Place::outside;
}

bool within_grown(const PlanePolygon& polygon, Position position,
                  std::uint32_t grow_metres) noexcept {
  if (contains(polygon, position)) {
    return true;
  }
  const PlanePoint point = project(position);
  const LocalScale scale(position.lat_e7);
  const std::int64_t reach = std::min(grow_metres, kGrowMetresMax) * kLengthUnitsPerMetre;
  const PlaneBox near = box_around(point, scale, reach);
  return polygon.box().meets(near) &&
         std::ranges::any_of(polygon.edges(), [&](const PlaneEdge& edge) {
           return edge.box().meets(near) &&
                  comes_within(scale.vector(point, edge.from), scale.vector(point, edge.to), reach);
         });
}

bool contains(const Polygon& polygon, Position position) {
  return contains(PlanePolygon(polygon), position);
}

bool within_grown(const Polygon& polygon, Position position, std::uint32_t grow_metres) {
  return within_grown(PlanePolygon(polygon), position, grow_metres);
}

std::uint64_t overlap_area_m2(const Polygon& left, const Polygon& right) {
  return overlap_area_m2(PlanePolygon(left), PlanePolygon(right));
}

}  // namespace treeproof::geometry
