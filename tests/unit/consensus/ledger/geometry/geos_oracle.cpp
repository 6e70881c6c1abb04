#include <geos_c.h>

#include <cmath>
#include <memory>
#include <numbers>

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

// y is stretched by y_unit so that distances can be true around one place.
GEOSGeometry* linear_ring(const Geos& geos, const Ring& ring, double x_unit, double y_unit) {
  auto* sequence = GEOSCoordSeq_create_r(geos.get(), static_cast<unsigned>(ring.size()), 2);
  for (unsigned i = 0; i < ring.size(); ++i) {
    const PlanePoint point = project(ring[i]);
    GEOSCoordSeq_setXY_r(geos.get(), sequence, i, static_cast<double>(point.x) * x_unit,
                         static_cast<double>(point.y) * y_unit);
  }
  return GEOSGeom_createLinearRing_r(geos.get(), sequence);
}

GeosShape shape(const Geos& geos, const Polygon& polygon, double x_unit = 1, double y_unit = 1) {
  GEOSGeometry* outer = linear_ring(geos, polygon.rings.front(), x_unit, y_unit);
  std::vector<GEOSGeometry*> holes;
  for (std::size_t i = 1; i < polygon.rings.size(); ++i) {
    holes.push_back(linear_ring(geos, polygon.rings[i], x_unit, y_unit));
  }
  return {GEOSGeom_createPolygon_r(geos.get(), outer, holes.data(),
                                   static_cast<unsigned>(holes.size())),
          Destroy{geos.get()}};
}

GeosShape point_shape(const Geos& geos, Position position, double x_unit = 1, double y_unit = 1) {
  const PlanePoint point = project(position);
  return {GEOSGeom_createPointFromXY_r(geos.get(), static_cast<double>(point.x) * x_unit,
                                       static_cast<double>(point.y) * y_unit),
          Destroy{geos.get()}};
}

}  // namespace

bool geos_is_valid(const Polygon& polygon) {
  const Geos geos;
  return GEOSisValid_r(geos.get(), shape(geos, polygon).get()) == 1;
}

double geos_overlap_m2(const Polygon& left, const Polygon& right) {
  const Geos geos;
  const GeosShape first = shape(geos, left);
  const GeosShape second = shape(geos, right);
  const GeosShape common(GEOSIntersection_r(geos.get(), first.get(), second.get()),
                         Destroy{geos.get()});
  double area = 0;
  GEOSArea_r(geos.get(), common.get(), &area);
  return std::ldexp(area, -kAreaFractionBits);
}

bool geos_covers(const Polygon& polygon, Position position) {
  const Geos geos;
  return GEOSCovers_r(geos.get(), shape(geos, polygon).get(), point_shape(geos, position).get()) ==
         1;
}

double geos_distance_m(const Polygon& polygon, Position position) {
  const Geos geos;
  const double x_unit = parallel_radius_m(position.lat_e7 / 1e7) * std::numbers::pi / 180 * 1e-7;
  const double y_unit = std::ldexp(1, -kAreaFractionBits) / x_unit;
  double distance = 0;
  GEOSDistance_r(geos.get(), shape(geos, polygon, x_unit, y_unit).get(),
                 point_shape(geos, position, x_unit, y_unit).get(), &distance);
  return distance;
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
