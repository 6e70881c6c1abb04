#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <set>

#include "consensus/ledger/geometry/projection.h"
#include "tests/unit/consensus/ledger/geometry/oracles.h"

namespace treeproof::geometry {
namespace {

class Geos {
 public:
  Geos() : handle_(GEOS_init_r()) {}
  ~Geos() { GEOS_finish_r(handle_); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
  GEOSContextHandle_t get() const { return handle_; }

 private:
  GEOSContextHandle_t handle_;
};

struct Destroy {
  GEOSContextHandle_t handle;
  void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(handle, geometry); }
};
using GeosShape = std::unique_ptr<GEOSGeometry, Destroy>;

// How the plane is laid out for GEOS. Moved so that `origin` is zero: what GEOS constructs is then
// rounded by the size of the plot, not by that of the Earth.
struct Frame {
  PlanePoint origin{};
  double x_unit = 1;
  double y_unit = 1;

  double x(PlanePoint point) const { return static_cast<double>(point.x - origin.x) * x_unit; }
  double y(PlanePoint point) const { return static_cast<double>(point.y - origin.y) * y_unit; }
};

Frame frame_of(const Polygon& polygon) { return {project(polygon.rings.front().front())}; }

// Units are metres around a position.
Frame metric_frame(Position position) {
  const double x_unit = parallel_radius_m(position.lat_e7 / 1e7) * std::numbers::pi / 180 * 1e-7;
  return {project(position), x_unit, std::ldexp(1, -kAreaFractionBits) / x_unit};
}

GEOSCoordSequence* sequence(const Geos& geos, const Ring& ring, const Frame& frame) {
  auto* made = GEOSCoordSeq_create_r(geos.get(), static_cast<unsigned>(ring.size()), 2);
  for (unsigned i = 0; i < ring.size(); ++i) {
    const PlanePoint point = project(ring[i]);
    GEOSCoordSeq_setXY_r(geos.get(), made, i, frame.x(point), frame.y(point));
  }
  return made;
}

GEOSGeometry* linear_ring(const Geos& geos, const Ring& ring, const Frame& frame) {
  return GEOSGeom_createLinearRing_r(geos.get(), sequence(geos, ring, frame));
}

GeosShape shape(const Geos& geos, const Polygon& polygon, const Frame& frame) {
  GEOSGeometry* outer = linear_ring(geos, polygon.rings.front(), frame);
  std::vector<GEOSGeometry*> holes;
  for (std::size_t i = 1; i < polygon.rings.size(); ++i) {
    holes.push_back(linear_ring(geos, polygon.rings[i], frame));
  }
  return {GEOSGeom_createPolygon_r(geos.get(), outer, holes.data(),
                                   static_cast<unsigned>(holes.size())),
          Destroy{geos.get()}};
}

GeosShape point_shape(const Geos& geos, Position position, const Frame& frame) {
  const PlanePoint point = project(position);
  return {GEOSGeom_createPointFromXY_r(geos.get(), frame.x(point), frame.y(point)),
          Destroy{geos.get()}};
}

double distance_to(const Geos& geos, const GeosShape& land, Position position, const Frame& frame) {
  double distance = 0;
  GEOSDistance_r(geos.get(), land.get(), point_shape(geos, position, frame).get(), &distance);
  return distance;
}

double area_m2_of(const Geos& geos, const GeosShape& of) {
  double area = 0;
  GEOSArea_r(geos.get(), of.get(), &area);
  return std::ldexp(area, -kAreaFractionBits);
}

bool repeats_vertex(const Ring& ring) {
  return std::set<Position>(ring.begin(), ring.end() - 1).size() + 1 < ring.size();
}

bool on_one_line(const Geos& geos, const GeosShape& ring) {
  const GeosShape hull(GEOSConvexHull_r(geos.get(), ring.get()), Destroy{geos.get()});
  return GEOSGeomTypeId_r(geos.get(), hull.get()) != GEOS_POLYGON;
}

bool counter_clockwise(const Geos& geos, const Ring& ring, const Frame& frame) {
  auto* positions = sequence(geos, ring, frame);
  char answer = 0;
  GEOSCoordSeq_isCCW_r(geos.get(), positions, &answer);
  GEOSCoordSeq_destroy_r(geos.get(), positions);
  return answer == 1;
}

// Every point of one in the interior of the other.
bool holds_properly(const Geos& geos, const GeosShape& outer, const GeosShape& inner) {
  return GEOSRelatePattern_r(geos.get(), outer.get(), inner.get(), "T**FF*FF*") == 1;
}

std::optional<PolygonRefusal> holes_refusal(const Geos& geos, const std::vector<GeosShape>& rings) {
  for (std::size_t i = 1; i < rings.size(); ++i) {
    if (!holds_properly(geos, rings.front(), rings[i])) return PolygonRefusal::hole_outside;
  }
  for (std::size_t i = 1; i < rings.size(); ++i) {
    for (std::size_t j = i + 1; j < rings.size(); ++j) {
      const bool apart = GEOSDisjoint_r(geos.get(), rings[i].get(), rings[j].get()) == 1;
      if (!apart) return PolygonRefusal::holes_cross;
    }
  }
  return std::nullopt;
}

}  // namespace

bool geos_is_valid(const Polygon& polygon) {
  const Geos geos;
  return GEOSisValid_r(geos.get(), shape(geos, polygon, frame_of(polygon)).get()) == 1;
}

std::optional<PolygonRefusal> geos_refusal(const Polygon& polygon) {
  if (std::ranges::any_of(polygon.rings, repeats_vertex)) return PolygonRefusal::repeated_vertex;
  const Geos geos;
  const Frame frame = frame_of(polygon);
  std::vector<GeosShape> rings;
  for (const Ring& ring : polygon.rings) rings.push_back(shape(geos, {{ring}}, frame));
  const auto flat = [&](const GeosShape& ring) { return on_one_line(geos, ring); };
  if (std::ranges::any_of(rings, flat)) return PolygonRefusal::zero_area;
  const auto crossed = [&](const GeosShape& ring) {
    return GEOSisValid_r(geos.get(), ring.get()) != 1;
  };
  if (std::ranges::any_of(rings, crossed)) return PolygonRefusal::self_intersection;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    const bool is_outer = i == 0;
    if (counter_clockwise(geos, polygon.rings[i], frame) != is_outer) {
      return PolygonRefusal::wrong_winding;
    }
  }
  if (const auto refused = holes_refusal(geos, rings)) return refused;
  const bool is_nothing = geos_area_m2(polygon) < 0.5;  // a sliver that rounds to 0 m2
  return is_nothing ? std::optional(PolygonRefusal::zero_area) : std::nullopt;
}

double geos_area_m2(const Polygon& polygon) {
  const Geos geos;
  return area_m2_of(geos, shape(geos, polygon, frame_of(polygon)));
}

double geos_overlap_m2(const Polygon& left, const Polygon& right) {
  const Geos geos;
  const Frame frame = frame_of(left);
  const GeosShape first = shape(geos, left, frame);
  const GeosShape second = shape(geos, right, frame);
  const GeosShape common(GEOSIntersection_r(geos.get(), first.get(), second.get()),
                         Destroy{geos.get()});
  return area_m2_of(geos, common);
}

bool geos_covers(const Polygon& polygon, Position position) {
  const Geos geos;
  const Frame frame = frame_of(polygon);
  return GEOSCovers_r(geos.get(), shape(geos, polygon, frame).get(),
                      point_shape(geos, position, frame).get()) == 1;
}

double geos_distance_m(const Polygon& polygon, Position position) {
  const Geos geos;
  const Frame frame = metric_frame(position);
  return distance_to(geos, shape(geos, polygon, frame), position, frame);
}

double geos_outline_distance_m(const Polygon& polygon, Position position) {
  const Geos geos;
  const Frame frame = metric_frame(position);
  const GeosShape land = shape(geos, polygon, frame);
  const GeosShape outline(GEOSBoundary_r(geos.get(), land.get()), Destroy{geos.get()});
  return distance_to(geos, outline, position, frame);
}

double authalic_sine(double lat_degrees) {
  const double e = std::sqrt(2 / 298.257223563 - 1 / (298.257223563 * 298.257223563));
  const auto q = [e](double s) { return s / (1 - e * e * s * s) + std::atanh(e * s) / e; };
  return q(std::sin(lat_degrees * std::numbers::pi / 180)) / q(1);
}

double parallel_radius_m(double lat_degrees) {
  const double e2 = 2 / 298.257223563 - 1 / (298.257223563 * 298.257223563);
  const double angle = lat_degrees * std::numbers::pi / 180;
  return 6'378'137 * std::cos(angle) / std::sqrt(1 - e2 * std::sin(angle) * std::sin(angle));
}

}  // namespace treeproof::geometry
