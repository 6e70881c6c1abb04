#include <algorithm>
#include <cstdlib>
#include <optional>
#include <span>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/geometry/plane_rounding.h"

namespace treeproof::geometry {
namespace {

using Refused = std::optional<PolygonRefusal>;

constexpr std::size_t kRingPositionsMin = 4;

struct RingEdge {
  PlaneEdge edge;
  PlaneBox box;
  std::size_t ring;
  std::size_t index;
};

struct Contacts {
  bool within_ring = false;
  bool with_outer = false;
  bool between_holes = false;
};

Refused check_counts(const Polygon& polygon, const PolygonLimits& limits) {
  if (polygon.rings.empty()) {
    return PolygonRefusal::too_few_positions;
  }
  if (polygon.rings.size() - 1 > limits.holes_max) {
    return PolygonRefusal::too_many_holes;
  }
  std::size_t vertices = 0;
  for (const Ring& ring : polygon.rings) {
    if (ring.size() < kRingPositionsMin) {
      return PolygonRefusal::too_few_positions;
    }
    vertices += ring.size() - 1;
  }
  if (vertices > limits.vertices_max) {
    return PolygonRefusal::too_many_vertices;
  }
  const bool closed = std::ranges::all_of(
      polygon.rings, [](const Ring& ring) { return ring.front() == ring.back(); });
  return closed ? Refused{} : PolygonRefusal::not_closed;
}

bool near_pole(const Ring& ring) {
  return std::ranges::any_of(ring, [](Position position) {
    return position.lat_e7 < -kPlotLatitudeMaxE7 || position.lat_e7 > kPlotLatitudeMaxE7;
  });
}

bool crosses_antimeridian(const Ring& ring) {
  const auto beyond = [](Position position) {
    return position.lon_e7 <= -kLongitudeMaxE7 || position.lon_e7 >= kLongitudeMaxE7;
  };
  const auto leaps = [](Position from, Position to) {
    return std::abs(std::int64_t{to.lon_e7} - from.lon_e7) > kLongitudeMaxE7;
  };
  return std::ranges::any_of(ring, beyond) || std::ranges::adjacent_find(ring, leaps) != ring.end();
}

bool repeats_vertex(const Ring& ring) {
  Ring sorted(ring.begin(), ring.end() - 1);
  std::ranges::sort(sorted);
  return std::ranges::adjacent_find(sorted) != sorted.end();
}

Refused check_positions(const Polygon& polygon) {
  if (std::ranges::any_of(polygon.rings, near_pole)) {
    return PolygonRefusal::near_pole;
  }
  if (std::ranges::any_of(polygon.rings, crosses_antimeridian)) {
    return PolygonRefusal::crosses_antimeridian;
  }
  if (std::ranges::any_of(polygon.rings, repeats_vertex)) {
    return PolygonRefusal::repeated_vertex;
  }
  return {};
}

using RingEdges = std::vector<PlaneEdge>;

bool on_one_line(const RingEdges& edges) {
  return std::ranges::all_of(edges, [&](const PlaneEdge& edge) {
    return turn(edges.front().from, edges.front().to, edge.to) == 0;
  });
}

// Whether two edges of one ring share more than the vertex that neighbours share by right.
bool clash(const RingEdge& left, const RingEdge& right, std::size_t ring_size) {
  if ((left.index + 1) % ring_size == right.index) {
    return runs_back(left.edge, right.edge);
  }
  if ((right.index + 1) % ring_size == left.index) {
    return runs_back(right.edge, left.edge);
  }
  return edges_meet(left.edge, right.edge);
}

std::vector<RingEdge> sorted_by_min_x(const std::vector<RingEdges>& rings) {
  std::vector<RingEdge> sorted;
  for (std::size_t ring = 0; ring < rings.size(); ++ring) {
    for (std::size_t index = 0; index < rings[ring].size(); ++index) {
      const PlaneEdge& edge = rings[ring][index];
      sorted.push_back({edge, edge.box(), ring, index});
    }
  }
  std::ranges::sort(sorted, {}, [](const RingEdge& edge) { return edge.box.min_x; });
  return sorted;
}

Contacts find_contacts(const std::vector<RingEdges>& rings) {
  Contacts contacts;
  const std::vector<RingEdge> sorted = sorted_by_min_x(rings);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const RingEdge& left = sorted[i];
    for (std::size_t j = i + 1; j < sorted.size() && sorted[j].box.min_x <= left.box.max_x; ++j) {
      const RingEdge& right = sorted[j];
      if (!left.box.meets(right.box)) {
        continue;
      }
      if (left.ring == right.ring) {
        contacts.within_ring |= clash(left, right, rings[left.ring].size());
      } else if (edges_meet(left.edge, right.edge)) {
        (left.ring == 0 || right.ring == 0 ? contacts.with_outer : contacts.between_holes) = true;
      }
    }
  }
  return contacts;
}

bool winds_wrong(const std::vector<RingEdges>& rings) {
  for (std::size_t ring = 0; ring < rings.size(); ++ring) {
    const bool counter_clockwise = doubled_area(rings[ring]) > 0;
    if (counter_clockwise != (ring == 0)) {
      return true;
    }
  }
  return false;
}

// Requires: no ring meets another, so one vertex tells where a whole ring lies.
bool lies_inside(const RingEdges& ring, const RingEdges& other) {
  return locate(other, ring.front().from) == Place::inside;
}

Refused check_holes(const std::vector<RingEdges>& rings, const Contacts& contacts) {
  const std::span holes(rings.begin() + 1, rings.end());
  const auto outside = [&](const RingEdges& hole) { return !lies_inside(hole, rings.front()); };
  if (contacts.with_outer || std::ranges::any_of(holes, outside)) {
    return PolygonRefusal::hole_outside;
  }
  const auto nested = [&](const RingEdges& hole) {
    return std::ranges::any_of(
        holes, [&](const RingEdges& other) { return &other != &hole && lies_inside(hole, other); });
  };
  if (contacts.between_holes || std::ranges::any_of(holes, nested)) {
    return PolygonRefusal::holes_cross;
  }
  return {};
}

Refused check_shape(const std::vector<RingEdges>& rings) {
  if (std::ranges::any_of(rings, on_one_line)) {
    return PolygonRefusal::zero_area;
  }
  const Contacts contacts = find_contacts(rings);
  if (contacts.within_ring) {
    return PolygonRefusal::self_intersection;
  }
  if (winds_wrong(rings)) {
    return PolygonRefusal::wrong_winding;
  }
  return check_holes(rings, contacts);
}

}  // namespace

std::string_view to_string(PolygonRefusal refusal) noexcept {
  switch (refusal) {
    case PolygonRefusal::too_many_holes:
      return "too_many_holes";
    case PolygonRefusal::too_few_positions:
      return "too_few_positions";
    case PolygonRefusal::too_many_vertices:
      return "too_many_vertices";
    case PolygonRefusal::not_closed:
      return "not_closed";
    case PolygonRefusal::near_pole:
      return "near_pole";
    case PolygonRefusal::crosses_antimeridian:
      return "crosses_antimeridian";
    case PolygonRefusal::repeated_vertex:
      return "repeated_vertex";
    case PolygonRefusal::zero_area:
      return "zero_area";
    case PolygonRefusal::self_intersection:
      return "self_intersection";
    case PolygonRefusal::wrong_winding:
      return "wrong_winding";
    case PolygonRefusal::hole_outside:
      return "hole_outside";
    case PolygonRefusal::holes_cross:
      return "holes_cross";
  }
  return "unknown";
}

std::expected<Area, PolygonRefusal> check(const Polygon& polygon, const PolygonLimits& limits) {
  if (const Refused refused = check_counts(polygon, limits)) {
    return std::unexpected(*refused);
  }
  if (const Refused refused = check_positions(polygon)) {
    return std::unexpected(*refused);
  }
  std::vector<RingEdges> rings;
  Int128 doubled = 0;
  for (const Ring& ring : polygon.rings) {
    rings.push_back(edges_of(ring));
    doubled += doubled_area(rings.back());
  }
  if (const Refused refused = check_shape(rings)) {
    return std::unexpected(*refused);
  }
  const Area area{whole_square_metres(doubled)};
  if (area.square_metres == 0) {
    return std::unexpected(PolygonRefusal::zero_area);
  }
  return area;
}

}  // namespace treeproof::geometry
