// The ellipsoid in space, without any projection of the code's.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "tests/unit/consensus/ledger/geometry/oracles.h"

namespace treeproof::geometry {
namespace {

constexpr double kEquatorialRadiusM = 6'378'137;
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kSquaredEccentricity = kFlattening * (2 - kFlattening);
constexpr double kPolarRadiusM = kEquatorialRadiusM * (1 - kFlattening);

using Vector = std::array<double, 3>;

double radians(std::int32_t e7) { return e7 * 1e-7 * std::numbers::pi / 180; }

Vector in_space(Position position) {
  const double lat = radians(position.lat_e7);
  const double lon = radians(position.lon_e7);
  const double normal =
      kEquatorialRadiusM / std::sqrt(1 - kSquaredEccentricity * std::sin(lat) * std::sin(lat));
  return {normal * std::cos(lat) * std::cos(lon), normal * std::cos(lat) * std::sin(lon),
          normal * (1 - kSquaredEccentricity) * std::sin(lat)};
}

Vector less(const Vector& left, const Vector& right) {
  return {left[0] - right[0], left[1] - right[1], left[2] - right[2]};
}

double dot(const Vector& left, const Vector& right) {
  return left[0] * right[0] + left[1] * right[1] + left[2] * right[2];
}

}  // namespace

double ellipsoid_area_m2(const Polygon& polygon) {
  const BoundingBox box = bounding_box(polygon);
  const Position middle{std::midpoint(box.south_west.lat_e7, box.north_east.lat_e7),
                        std::midpoint(box.south_west.lon_e7, box.north_east.lon_e7)};
  const double lat = radians(middle.lat_e7);
  const double lon = radians(middle.lon_e7);
  const Vector origin = in_space(middle);
  const Vector east{-std::sin(lon), std::cos(lon), 0};
  const Vector north{-std::sin(lat) * std::cos(lon), -std::sin(lat) * std::sin(lon), std::cos(lat)};
  double doubled = 0;
  for (const Ring& ring : polygon.rings) {
    for (std::size_t i = 1; i < ring.size(); ++i) {
      const Vector from = less(in_space(ring[i - 1]), origin);
      const Vector to = less(in_space(ring[i]), origin);
      doubled += dot(from, east) * dot(to, north) - dot(to, east) * dot(from, north);
    }
  }
  return doubled / 2;
}

double bending_m2(const Polygon& polygon) {
  double sum = 0;
  for (const Ring& ring : polygon.rings) {
    for (std::size_t i = 1; i < ring.size(); ++i) {
      const Vector way = less(in_space(ring[i]), in_space(ring[i - 1]));
      const double length = std::sqrt(dot(way, way));
      const double lat =
          std::max(std::abs(radians(ring[i].lat_e7)), std::abs(radians(ring[i - 1].lat_e7)));
      const double curvature = (std::tan(lat) + length / kPolarRadiusM) / kPolarRadiusM;
      sum += curvature * length * length * length / 12;
    }
  }
  return sum;
}

}  // namespace treeproof::geometry
