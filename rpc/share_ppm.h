// A share of land as answers tell it: in parts per million, rounded up, as what is told against
// somebody's claim. The rules themselves cross-multiply and divide nothing.
// Owns nothing. Callers: audit_overlaps, land_handlers. Safe from any thread.
// Source: docs/ledger.md I7.
#pragma once

#include "consensus/ledger/geometry/wide_integer.h"

namespace treeproof::rpc {

// Requires: whole > 0, and part / whole < 2^44.
constexpr std::uint64_t share_ppm(std::uint64_t part, std::uint64_t whole) {
  constexpr std::uint64_t kMillion = 1'000'000;
  return static_cast<std::uint64_t>((geometry::UInt128{part} * kMillion + whole - 1) / whole);
}

}  // namespace treeproof::rpc
