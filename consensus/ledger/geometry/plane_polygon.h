// A checked polygon laid out in the equal-area plane, ready for many questions: project once, ask
// often. Owns its edges and box. Called by the ledger's rules, one per plot and block. Pure.
// Source: docs/ledger.md I7 and I9; docs/geometry.md sections 5 to 7.
#pragma once

#include <cstdint>
#include <vector>

#include "consensus/ledger/geometry/plane.h"
#include "consensus/ledger/geometry/polygon.h"

namespace treeproof::geometry {

// One edge from each position to the next. Requires: positions in range, at least one.
std::vector<PlaneEdge> edges_of(const Ring& ring);

class PlanePolygon {
 public:
  // Requires: check() accepted the polygon.
  explicit PlanePolygon(const Polygon& polygon);

  const std::vector<PlaneEdge>& edges() const noexcept { return edges_; }
  const PlaneBox& box() const noexcept { return box_; }
  // Twice the area in plane units: outer ring less holes.
  Int128 doubled_area() const noexcept;

 private:
  std::vector<PlaneEdge> edges_;
  PlaneBox box_;
};

// Inside or on the boundary, that of a hole included. Exact. Requires: in_range(position).
bool contains(const PlanePolygon& polygon, Position position) noexcept;

// Growing stops here; a larger distance counts as this one.
inline constexpr std::uint32_t kGrowMetresMax = 16'384;
// Inside, or at most so many metres from the boundary by the scale of the position's latitude;
// lengths are rounded to 1/1024 m. Requires: in_range(position).
bool within_grown(const PlanePolygon& polygon, Position position,
                  std::uint32_t grow_metres) noexcept;

// The common area in whole square metres, rounded half up from a sum that is within 2^-18 m2 of the
// exact value. Symmetric. O(edges of one x edges of the other) where the boxes meet, else O(1).
std::uint64_t overlap_area_m2(const PlanePolygon& left, const PlanePolygon& right);

// The same questions asked once: each call projects the whole polygon.
bool contains(const Polygon& polygon, Position position);
bool within_grown(const Polygon& polygon, Position position, std::uint32_t grow_metres);
std::uint64_t overlap_area_m2(const Polygon& left, const Polygon& right);

}  // namespace treeproof::geometry
