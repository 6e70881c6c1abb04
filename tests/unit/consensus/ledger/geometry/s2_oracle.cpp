#include <s2/s2latlng.h>
#include <s2/s2latlng_rect.h>
#include <s2/s2loop.h>
#include <s2/s2polygon.h>

#include <cmath>
#include <memory>
#include <vector>

#include "tests/unit/consensus/ledger/geometry/oracles.h"

namespace treeproof::geometry {
namespace {

constexpr double kAuthalicRadiusM = 6'371'007.180918475;

S2Point on_sphere(Position position) {
  return S2LatLng::FromRadians(std::asin(authalic_sine(position.lat_e7 / 1e7)),
                               S1Angle::E7(position.lon_e7).radians())
      .ToPoint();
}

// S2 knows inside from outside by nesting, so all loops wind alike.
std::unique_ptr<S2Polygon> shape(const Polygon& polygon) {
  std::vector<std::unique_ptr<S2Loop>> loops;
  for (const Ring& ring : polygon.rings) {
    std::vector<S2Point> points;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      points.push_back(on_sphere(ring[i]));
    }
    loops.push_back(std::make_unique<S2Loop>(points, S2Debug::DISABLE));
    loops.back()->Normalize();
  }
  auto shaped = std::make_unique<S2Polygon>();
  shaped->set_s2debug_override(S2Debug::DISABLE);
  shaped->InitNested(std::move(loops));
  return shaped;
}

double square_metres(const S2Polygon& polygon) {
  return polygon.GetArea() * kAuthalicRadiusM * kAuthalicRadiusM;
}

}  // namespace

bool s2_is_valid(const Polygon& polygon) { return shape(polygon)->IsValid(); }

double s2_area_m2(const Polygon& polygon) { return square_metres(*shape(polygon)); }

double s2_overlap_m2(const Polygon& left, const Polygon& right) {
  S2Polygon common;
  common.InitToIntersection(*shape(left), *shape(right));
  return square_metres(common);
}

bool s2_wraps(const Polygon& polygon) {
  const S1Interval longitudes = shape(polygon)->GetRectBound().lng();
  return longitudes.is_inverted() || longitudes.is_full();
}

bool s2_contains(const Polygon& polygon, Position position) {
  return shape(polygon)->Contains(on_sphere(position));
}

}  // namespace treeproof::geometry
