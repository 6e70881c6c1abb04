#include "consensus/ledger/geometry/local_scale.h"

#include <algorithm>
#include <cassert>

namespace treeproof::geometry {
namespace {

constexpr int kXFractionBits = 40;
constexpr int kYFractionBits = 60;
// length_per_x * length_per_y = 2^-30 m^2 = 2^-10 square length units, with 40 + 60 fraction bits.
constexpr int kInverseBits = kXFractionBits + kYFractionBits - 10;
constexpr int kEquatorialShift = 76;  // 2^66 metres times 2^60, to 2^10 * 2^40 length units

std::int64_t scaled(std::int64_t difference, std::uint64_t scale, int fraction_bits) noexcept {
  const Int128 size = magnitude(difference) * static_cast<Int128>(scale);
  const auto length = static_cast<std::int64_t>(
      (size + (static_cast<Int128>(1) << (fraction_bits - 1))) >> fraction_bits);
  return difference < 0 ? -length : length;
}

std::int64_t unscaled(std::int64_t length, std::uint64_t scale, int fraction_bits) noexcept {
  assert(length >= 0 && length < std::int64_t{1} << 40);
  const UInt128 size = static_cast<UInt128>(static_cast<std::uint64_t>(length)) << fraction_bits;
  return static_cast<std::int64_t>((size + scale / 2) / scale);
}

// a r sqrt((1 - s^2) / (1 - e^2 s^2)): the radius of the parallel, per 1e-7 degree.
std::uint64_t parallel_scale(std::int32_t lat_e7) noexcept {
  const std::uint64_t s = sine(std::clamp(lat_e7, -kPlotLatitudeMaxE7, kPlotLatitudeMaxE7));
  const std::uint64_t s_squared = fixed_product(s, s);
  const std::uint64_t denominator = kFixedOne - fixed_product(kEccentricitySquared, s_squared);
  const UInt128 ratio = (static_cast<UInt128>(kFixedOne - s_squared) << kFixedBits) / denominator;
  const std::uint64_t root = integer_root(ratio << kFixedBits);
  return static_cast<std::uint64_t>((static_cast<UInt128>(root) * kEquatorialScale) >>
                                    kEquatorialShift);
}

}  // namespace

LocalScale::LocalScale(std::int32_t lat_e7) noexcept
    : length_per_x_(parallel_scale(lat_e7)),
      length_per_y_(
          static_cast<std::uint64_t>((static_cast<UInt128>(1) << kInverseBits) / length_per_x_)) {}

LocalVector LocalScale::vector(PlanePoint from, PlanePoint to) const noexcept {
  return {scaled(to.x - from.x, length_per_x_, kXFractionBits),
          scaled(to.y - from.y, length_per_y_, kYFractionBits)};
}

std::int64_t LocalScale::x_units(std::int64_t length) const noexcept {
  return unscaled(length, length_per_x_, kXFractionBits);
}

std::int64_t LocalScale::y_units(std::int64_t length) const noexcept {
  return unscaled(length, length_per_y_, kYFractionBits);
}

UInt128 squared_distance(Position left, Position right) noexcept {
  const std::int64_t lat_sum = std::int64_t{left.lat_e7} + right.lat_e7;
  const LocalScale scale(static_cast<std::int32_t>(lat_sum >> 1));
  PlanePoint from = project(left);
  PlanePoint to = project(right);
  const std::int64_t apart = std::max(from.x, to.x) - std::min(from.x, to.x);
  from.x = 0;
  to.x = std::min(apart, 2 * std::int64_t{kLongitudeMaxE7} - apart);
  const LocalVector way = scale.vector(from, to);
  return static_cast<UInt128>(static_cast<Int128>(way.east) * way.east +
                              static_cast<Int128>(way.north) * way.north);
}

bool distance_at_most(Position left, Position right, std::uint32_t metres) noexcept {
  const UInt128 limit = static_cast<UInt128>(metres) * kLengthUnitsPerMetre;
  return squared_distance(left, right) <= limit * limit;
}

}  // namespace treeproof::geometry
