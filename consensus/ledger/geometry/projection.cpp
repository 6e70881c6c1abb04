#include "consensus/ledger/geometry/projection.h"

#include <cassert>

namespace treeproof::geometry {
namespace {

constexpr std::uint64_t kSineTerms = 11;
constexpr std::uint64_t kAuthalicTerms = 7;
constexpr int kPolarAreaExtraBits = 16;

}  // namespace

// t - t^3/3! + t^5/5! - ... by Horner's rule from the innermost term; every step is a floor.
std::uint64_t sine(std::int32_t lat_e7) noexcept {
  assert(lat_e7 >= -kLatitudeMaxE7 && lat_e7 <= kLatitudeMaxE7);
  const auto size = static_cast<std::uint64_t>(lat_e7 < 0 ? -lat_e7 : lat_e7);
  const auto angle = static_cast<std::uint64_t>((static_cast<UInt128>(size) * kRadiansPerE7) >> 30);
  const std::uint64_t angle_squared = fixed_product(angle, angle);
  std::uint64_t sum = kFixedOne;
  for (std::uint64_t term = kSineTerms; term >= 1; --term) {
    sum = kFixedOne - fixed_product(angle_squared, sum) / (2 * term * (2 * term + 1));
  }
  return fixed_product(angle, sum);
}

// b^2 s (1 + 2/3 v + 3/5 v^2 + 4/7 v^3 + ...) with v = e^2 s^2: the area of the ellipsoid between
// the equator and the latitude, per radian of longitude.
PlanePoint project(Position position) noexcept {
  assert(in_range(position));
  const std::uint64_t s = sine(position.lat_e7);
  const std::uint64_t v = fixed_product(kEccentricitySquared, fixed_product(s, s));
  std::uint64_t sum = 0;
  for (std::uint64_t term = kAuthalicTerms + 1; term-- > 0;) {
    const auto coefficient =
        static_cast<std::uint64_t>(static_cast<UInt128>(kFixedOne) * (term + 1) / (2 * term + 1));
    sum = coefficient + fixed_product(sum, v);
  }
  constexpr int kShift = kFixedBits + kPolarAreaExtraBits;
  const UInt128 scaled = static_cast<UInt128>(fixed_product(s, sum)) * kPolarAreaScale;
  const auto y = static_cast<std::int64_t>((scaled + (UInt128{1} << (kShift - 1))) >> kShift);
  return {position.lon_e7, position.lat_e7 < 0 ? -y : y};
}

}  // namespace treeproof::geometry
