// 128-bit integers for exact products in the plane, and their integer square root.
// Owns no meaning. Called inside geometry only. Pure.
// Source: docs/geometry.md section 2.
#pragma once

#include <cstdint>

namespace treeproof::geometry {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

constexpr Int128 magnitude(Int128 value) noexcept { return value < 0 ? -value : value; }

// The largest r with r * r <= value, one binary digit at a time.
constexpr std::uint64_t integer_root(UInt128 value) noexcept {
  UInt128 root = 0;
  UInt128 digit = static_cast<UInt128>(1) << 126;
  while (digit > value) {
    digit >>= 2;
  }
  for (; digit != 0; digit >>= 2) {
    const bool fits = value >= root + digit;
    value -= fits ? root + digit : 0;
    root = (root >> 1) + (fits ? digit : 0);
  }
  return static_cast<std::uint64_t>(root);
}

}  // namespace treeproof::geometry
