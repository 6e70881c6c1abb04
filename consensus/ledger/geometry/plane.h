// Exact predicates on points and edges of the equal-area plane.
// Owns nothing. Called inside geometry only. Pure.
// Source: docs/geometry.md sections 4 and 6.
#pragma once

#include <cstdint>
#include <span>

#include "consensus/ledger/geometry/projection.h"

namespace treeproof::geometry {

struct PlaneBox {
  std::int64_t min_x = INT64_MAX;
  std::int64_t min_y = INT64_MAX;
  std::int64_t max_x = INT64_MIN;
  std::int64_t max_y = INT64_MIN;

  void include(PlanePoint point) noexcept;
  // Whether the closed boxes share a point.
  bool meets(const PlaneBox& other) const noexcept;
  bool holds(PlanePoint point) const noexcept;
};

struct PlaneEdge {
  PlanePoint from;
  PlanePoint to;

  PlaneBox box() const noexcept;
};

// Twice the signed area of the triangle: positive when c lies to the left of the way from a to b.
constexpr Int128 turn(PlanePoint a, PlanePoint b, PlanePoint c) noexcept {
  return static_cast<Int128>(b.x - a.x) * (c.y - a.y) -
         static_cast<Int128>(b.y - a.y) * (c.x - a.x);
}

// Whether two closed edges share a point.
bool edges_meet(const PlaneEdge& left, const PlaneEdge& right) noexcept;
// Whether `next`, which starts where `edge` ends, runs back along it. Requires: edge.to ==
// next.from.
bool runs_back(const PlaneEdge& edge, const PlaneEdge& next) noexcept;

enum class Place : std::uint8_t { outside, boundary, inside };
// Where a point lies by the even-odd rule over closed rings of edges.
Place locate(std::span<const PlaneEdge> edges, PlanePoint point) noexcept;

// Twice the area enclosed, positive for counter-clockwise rings. Requires: the edges form closed
// rings.
Int128 doubled_area(std::span<const PlaneEdge> edges) noexcept;

}  // namespace treeproof::geometry
