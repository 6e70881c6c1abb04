// The equal-area plane of the ledger: a cylindrical projection by WGS84 authalic latitude, in
// integers. x is the longitude itself, in 1e-7 degrees; y grows with the authalic sine in a unit
// chosen so that one x unit times one y unit is exactly 2^-30 square metres. y is about 8.4e-8 m at
// the equator. Owns no polygon. Called inside geometry; tests recompute its constants. Pure.
// Source: Snyder, Map Projections (USGS 1395), sections 3 and 10; docs/geometry.md section 2.
#pragma once

#include <cstdint>

#include "consensus/ledger/geometry/position.h"
#include "consensus/ledger/geometry/wide_integer.h"

namespace treeproof::geometry {

// |x| <= 1.8e9, |y| < 2^47.
struct PlanePoint {
  std::int64_t x = 0;
  std::int64_t y = 0;
  bool operator==(const PlanePoint&) const = default;
};

// A plane area divided by 2^30 is in square metres.
inline constexpr int kAreaFractionBits = 30;

// Fixed-point numbers with 60 binary digits after the point.
inline constexpr int kFixedBits = 60;
inline constexpr std::uint64_t kFixedOne = std::uint64_t{1} << kFixedBits;

// The four constants, from a = 6,378,137 m, f = 1 / 298.257223563, b = a (1 - f), r = pi / (180 *
// 10^7), each rounded to the nearest integer: r * 2^90, f (2 - f) * 2^60, b^2 r * 2^46, a r * 2^66.
inline constexpr std::uint64_t kRadiansPerE7 = 2'160'612'962'779'783'726;
inline constexpr std::uint64_t kEccentricitySquared = 7'718'094'650'643'697;
inline constexpr std::uint64_t kPolarAreaScale = 4'962'811'132'756'636'116;
inline constexpr std::uint64_t kEquatorialScale = 821'392'862'831'673'708;

// floor of the product of two fixed-point numbers.
constexpr std::uint64_t fixed_product(std::uint64_t left, std::uint64_t right) noexcept {
  return static_cast<std::uint64_t>((static_cast<UInt128>(left) * right) >> kFixedBits);
}

// The sine of a geodetic latitude's magnitude, fixed-point. Requires: |lat_e7| <= kLatitudeMaxE7.
std::uint64_t sine(std::int32_t lat_e7) noexcept;

// Odd in latitude and strictly increasing to +-85 degrees; within 0.51 units of the exact value.
// Requires: in_range(position).
PlanePoint project(Position position) noexcept;

}  // namespace treeproof::geometry
