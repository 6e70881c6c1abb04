// From exact doubled plane areas to whole square metres: the only rounding that an area ever sees.
// Owns nothing. Called inside geometry only. Pure.
// Source: docs/geometry.md section 5.
#pragma once

#include "consensus/ledger/geometry/projection.h"

namespace treeproof::geometry {

// Twice an area in plane units, with further fraction bits, rounded half up; at least 0.
constexpr std::uint64_t whole_square_metres(Int128 doubled, int fraction_bits = 0) noexcept {
  const int shift = kAreaFractionBits + 1 + fraction_bits;
  const Int128 rounded = (doubled + (Int128{1} << (shift - 1))) >> shift;
  return rounded > 0 ? static_cast<std::uint64_t>(rounded) : 0;
}

}  // namespace treeproof::geometry
