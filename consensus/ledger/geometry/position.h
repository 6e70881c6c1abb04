// A place on the WGS84 ellipsoid in whole 1e-7 degrees, as every statement and leaf carries it.
// Owns no projection and no distance. Called by geometry, rules and codecs. Pure.
// Source: docs/ledger.md (units), docs/geometry.md section 1.
#pragma once

#include <compare>
#include <cstdint>

namespace treeproof::geometry {

inline constexpr std::int32_t kDegreeE7 = 10'000'000;
inline constexpr std::int32_t kLatitudeMaxE7 = 90 * kDegreeE7;
inline constexpr std::int32_t kLongitudeMaxE7 = 180 * kDegreeE7;
// Plots end here: beyond it a 1e-7 degree of longitude is under a millimetre.
inline constexpr std::int32_t kPlotLatitudeMaxE7 = 85 * kDegreeE7;

// Ordered by latitude, then longitude: the order of measured trees in a planting.
struct Position {
  std::int32_t lat_e7 = 0;
  std::int32_t lon_e7 = 0;
  auto operator<=>(const Position&) const = default;
};

// Latitude within +-90 degrees and longitude within +-180, the ends included.
constexpr bool in_range(Position position) noexcept {
  return position.lat_e7 >= -kLatitudeMaxE7 && position.lat_e7 <= kLatitudeMaxE7 &&
         position.lon_e7 >= -kLongitudeMaxE7 && position.lon_e7 <= kLongitudeMaxE7;
}

}  // namespace treeproof::geometry
