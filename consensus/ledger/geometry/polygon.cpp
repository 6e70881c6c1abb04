#include "consensus/ledger/geometry/polygon.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/geometry/local_scale.h"
#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/geometry/plane_rounding.h"

namespace treeproof::geometry {
namespace {

std::int64_t rounded_quotient(std::int64_t dividend, std::int64_t divisor) noexcept {
  return (dividend + divisor / 2) / divisor;
}

// y units per 2 * kSlopeStepE7 of latitude, around a latitude.
constexpr std::int32_t kSlopeStepE7 = 4'096;
std::int64_t slope(std::int32_t lat_e7) noexcept {
  const std::int32_t lat = std::clamp(lat_e7, -kPlotLatitudeMaxE7, kPlotLatitudeMaxE7);
  return project({lat + kSlopeStepE7, 0}).y - project({lat - kSlopeStepE7, 0}).y;
}

}  // namespace

std::uint64_t area_m2(const Polygon& polygon) {
  return whole_square_metres(PlanePolygon(polygon).doubled_area());
}

bool BoundingBox::meets(const BoundingBox& other) const noexcept {
  return south_west.lat_e7 <= other.north_east.lat_e7 &&
         other.south_west.lat_e7 <= north_east.lat_e7 &&
         south_west.lon_e7 <= other.north_east.lon_e7 &&
         other.south_west.lon_e7 <= north_east.lon_e7;
}

BoundingBox bounding_box(const Polygon& polygon) noexcept {
  assert(!polygon.rings.empty() && !polygon.rings.front().empty());
  BoundingBox box{polygon.rings.front().front(), polygon.rings.front().front()};
  for (const Position& position : polygon.rings.front()) {
    box.south_west.lat_e7 = std::min(box.south_west.lat_e7, position.lat_e7);
    box.south_west.lon_e7 = std::min(box.south_west.lon_e7, position.lon_e7);
    box.north_east.lat_e7 = std::max(box.north_east.lat_e7, position.lat_e7);
    box.north_east.lon_e7 = std::max(box.north_east.lon_e7, position.lon_e7);
  }
  return box;
}

// The width is the nearest to the square's; the height then makes good what the width lost.
Polygon square_around(Position centre, std::uint64_t area_m2) {
  assert(in_range(centre) && area_m2 >= 1 && area_m2 <= kPointPlotAreaMaxM2);
  const auto side = static_cast<std::int64_t>(integer_root(static_cast<UInt128>(area_m2) << 20));
  const std::int64_t width = LocalScale(centre.lat_e7).x_units(side);
  const auto plane_area = static_cast<std::int64_t>(area_m2 << kAreaFractionBits);
  const std::int64_t height_y = rounded_quotient(plane_area, width);
  const std::int64_t height = rounded_quotient(height_y * 2 * kSlopeStepE7, slope(centre.lat_e7));
  const auto west = static_cast<std::int32_t>(centre.lon_e7 - width / 2);
  const auto east = static_cast<std::int32_t>(west + width);
  const auto south = static_cast<std::int32_t>(centre.lat_e7 - height / 2);
  const auto north = static_cast<std::int32_t>(south + height);
  return {{{{south, west}, {south, east}, {north, east}, {north, west}, {south, west}}}};
}

bool admits_area(const Shape& shape, std::uint64_t stated_area_m2) noexcept {
  return std::holds_alternative<Polygon>(shape) ||
         (stated_area_m2 >= 1 && stated_area_m2 <= kPointPlotAreaMaxM2);
}

Polygon counted_polygon(Shape shape, std::uint64_t stated_area_m2) {
  assert(admits_area(shape, stated_area_m2));
  if (auto* polygon = std::get_if<Polygon>(&shape)) return std::move(*polygon);
  return square_around(std::get<Position>(shape), stated_area_m2);
}

}  // namespace treeproof::geometry
