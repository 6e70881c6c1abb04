// A metre scale around one latitude, to turn short differences in the plane into distances.
// Because the plane keeps areas, one scale is the inverse of the other and nothing else is needed.
// Owns no polygon. Called inside geometry, and by queries for trees near each other or a place.
// Pure.
// Source: docs/geometry.md section 3.
#pragma once

#include "consensus/ledger/geometry/projection.h"

namespace treeproof::geometry {

// Lengths are in 1/1024 of a metre.
inline constexpr std::int64_t kLengthUnitsPerMetre = 1'024;

struct LocalVector {
  std::int64_t east = 0;
  std::int64_t north = 0;
};

class LocalScale {
 public:
  // Latitudes beyond +-85 degrees count as +-85.
  explicit LocalScale(std::int32_t lat_e7) noexcept;

  // From one point to another, each part rounded half away from zero.
  LocalVector vector(PlanePoint from, PlanePoint to) const noexcept;
  // The plane units that cover a length, rounded to the nearest. Requires: 0 <= length < 2^40.
  std::int64_t x_units(std::int64_t length) const noexcept;
  std::int64_t y_units(std::int64_t length) const noexcept;

 private:
  std::uint64_t length_per_x_;  // 2^-40 length units per x unit
  std::uint64_t length_per_y_;  // 2^-60 length units per y unit
};

// The square of the distance of two positions, in square length units, by the scale of their mean
// latitude and the shorter way round. Within 2 mm for distances below 100 m. Requires: both in
// range.
UInt128 squared_distance(Position left, Position right) noexcept;
// Whether it is at most that of so many metres.
bool distance_at_most(Position left, Position right, std::uint32_t metres) noexcept;

}  // namespace treeproof::geometry
