// Height and round of agreement, as types that cannot be confused.
// Owns nothing. Used everywhere above crypto. Pure.
// Source: arXiv 1807.04938 section 2; docs/protocol.md section 6.
#pragma once

#include <compare>
#include <cstdint>

namespace treeproof {

// The first block has height 1; 0 is genesis.
struct Height {
  std::uint64_t value = 0;
  auto operator<=>(const Height&) const = default;
  Height next() const noexcept { return {value + 1}; }
};

// Rounds count from 0; -1 says "no round" (valid round and locked round of the paper).
struct Round {
  std::int32_t value = 0;
  auto operator<=>(const Round&) const = default;
  Round next() const noexcept { return {value + 1}; }
  bool exists() const noexcept { return value >= 0; }
};
inline constexpr Round kNoRound{-1};

// Milliseconds since 1970-01-01 UTC: block time, never the local clock.
struct TimeMs {
  std::uint64_t value = 0;
  auto operator<=>(const TimeMs&) const = default;
  std::uint64_t seconds() const noexcept { return value / 1000; }
  std::int32_t day() const noexcept { return static_cast<std::int32_t>(value / 86'400'000); }
};

}  // namespace treeproof
