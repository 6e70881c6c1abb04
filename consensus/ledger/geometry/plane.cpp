#include "consensus/ledger/geometry/plane.h"

#include <algorithm>

namespace treeproof::geometry {
namespace {

int sign(Int128 value) noexcept { return (value > 0) - (value < 0); }

}  // namespace

void PlaneBox::include(PlanePoint point) noexcept {
  min_x = std::min(min_x, point.x);
  min_y = std::min(min_y, point.y);
  max_x = std::max(max_x, point.x);
  max_y = std::max(max_y, point.y);
}

bool PlaneBox::meets(const PlaneBox& other) const noexcept {
  return min_x <= other.max_x && other.min_x <= max_x && min_y <= other.max_y &&
         other.min_y <= max_y;
}

bool PlaneBox::holds(PlanePoint point) const noexcept {
  return min_x <= point.x && point.x <= max_x && min_y <= point.y && point.y <= max_y;
}

PlaneBox PlaneEdge::box() const noexcept {
  PlaneBox box;
  box.include(from);
  box.include(to);
  return box;
}

bool edges_meet(const PlaneEdge& left, const PlaneEdge& right) noexcept {
  const PlaneBox left_box = left.box();
  const PlaneBox right_box = right.box();
  if (!left_box.meets(right_box)) {
    return false;
  }
  const int right_from = sign(turn(left.from, left.to, right.from));
  const int right_to = sign(turn(left.from, left.to, right.to));
  const int left_from = sign(turn(right.from, right.to, left.from));
  const int left_to = sign(turn(right.from, right.to, left.to));
  if (right_from * right_to < 0 && left_from * left_to < 0) {
    return true;
  }
  return (right_from == 0 && left_box.holds(right.from)) ||
         (right_to == 0 && left_box.holds(right.to)) ||
         (left_from == 0 && right_box.holds(left.from)) ||
         (left_to == 0 && right_box.holds(left.to));
}

bool runs_back(const PlaneEdge& edge, const PlaneEdge& next) noexcept {
  const Int128 along = static_cast<Int128>(edge.from.x - edge.to.x) * (next.to.x - next.from.x) +
                       static_cast<Int128>(edge.from.y - edge.to.y) * (next.to.y - next.from.y);
  return along > 0 && turn(edge.from, edge.to, next.to) == 0;
}

// Counts the edges that pass the point's height to its right; an edge owns its lower end only.
Place locate(std::span<const PlaneEdge> edges, PlanePoint point) noexcept {
  bool inside = false;
  for (const PlaneEdge& edge : edges) {
    const bool from_above = edge.from.y > point.y;
    const bool to_above = edge.to.y > point.y;
    if (from_above == to_above) {
      const bool on_level = edge.from.y == point.y || edge.to.y == point.y;
      if (on_level && edge.box().holds(point) && turn(edge.from, edge.to, point) == 0) {
        return Place::boundary;
      }
      continue;
    }
    const Int128 side = turn(edge.from, edge.to, point);
    if (side == 0) {
      return Place::boundary;
    }
    inside ^= (side > 0) == to_above;
  }
  return inside ? Place::inside : Place::outside;
}

Int128 doubled_area(std::span<const PlaneEdge> edges) noexcept {
  Int128 sum = 0;
  for (const PlaneEdge& edge : edges) {
    sum +=
        static_cast<Int128>(edge.from.x) * edge.to.y - static_cast<Int128>(edge.to.x) * edge.from.y;
  }
  return sum;
}

}  // namespace treeproof::geometry
