// The state of each tree and of each redemption unit as a 4-bit code, and counts of members by
// code. Owns no page (pages.h). Callers: objects, rules, queries, audit. Pure.
// Source: docs/ledger.md I3 to I5; docs/protocol.md section 5.
#pragma once

#include <array>
#include <cassert>
#include <numeric>

#include "consensus/ledger/names.h"

namespace treeproof::ledger {

// A fresh batch is all zeros. The order is that of I4 and of the stored codes: never changed.
enum class TreeCode : std::uint8_t {
  unverified,
  rejected,
  available,
  allocated,
  dead_unallocated,
  dead_not_owed,
  dead_owed,
  dead_replaced,
  voided_unallocated,
  voided_not_owed,
  voided_owed,
  voided_replaced,
};
inline constexpr std::size_t kTreeCodes = 12;

enum class UnitCode : std::uint8_t { free, allocated, owed, refunded };
inline constexpr std::size_t kUnitCodes = 4;

Names names_of(TreeCode) noexcept;
Names names_of(UnitCode) noexcept;

// Stands on its place and may be given away: counts for capacity, density and positions.
constexpr bool is_live(TreeCode code) noexcept {
  return code == TreeCode::unverified || code == TreeCode::available || code == TreeCode::allocated;
}

// How many members have each code. A CBOR array in the order of the codes.
template <class Code, std::size_t kCodes>
struct MemberTally {
  static constexpr bool kIsArray = true;
  static constexpr std::string_view kName = kCodes == kTreeCodes ? "tree-tally" : "unit-tally";
  std::array<std::uint64_t, kCodes> counts{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    for (std::size_t i = 0; i < kCodes; ++i) {
      visit(names_of(Code{})[i], self.counts[i]);
    }
  }
  std::uint64_t& operator[](Code code) noexcept { return counts[static_cast<std::size_t>(code)]; }
  std::uint64_t operator[](Code code) const noexcept {
    return counts[static_cast<std::size_t>(code)];
  }
  std::uint64_t total() const noexcept {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  }
  // Requires: at least `count` members have `from`.
  void move(Code from, Code to, std::uint64_t count) noexcept {
    assert((*this)[from] >= count);
    (*this)[from] -= count;
    (*this)[to] += count;
  }
  MemberTally& operator+=(const MemberTally& other) noexcept {
    for (std::size_t i = 0; i < kCodes; ++i) counts[i] += other.counts[i];
    return *this;
  }
  bool operator==(const MemberTally&) const = default;
};

struct TreeTally : MemberTally<TreeCode, kTreeCodes> {
  std::uint64_t live() const noexcept {
    return (*this)[TreeCode::unverified] + (*this)[TreeCode::available] +
           (*this)[TreeCode::allocated];
  }
};
using UnitTally = MemberTally<UnitCode, kUnitCodes>;

}  // namespace treeproof::ledger
