// The state of each tree and of each redemption unit as a 4-bit code, and counts of members by
// code. Owns no page (pages.h). Callers: objects, rules, queries, audit. Pure.
// Source: docs/ledger.md I3 to I5; docs/protocol.md section 5.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <span>

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
  reserved,  // verified, planted as a replacement: usable by replace only
  reopened,  // was available; a dispute asks for another verification
  doubted,   // allocated; a dispute asks for another verification
};
inline constexpr std::size_t kTreeCodes = 15;

enum class UnitCode : std::uint8_t { free, allocated, owed, refunded };
inline constexpr std::size_t kUnitCodes = 4;

Names names_of(TreeCode) noexcept;
Names names_of(UnitCode) noexcept;

// Stands on its place: counts for capacity, density and positions.
inline constexpr TreeCode kLiveCodes[] = {TreeCode::unverified, TreeCode::available,
                                          TreeCode::allocated,  TreeCode::reserved,
                                          TreeCode::reopened,   TreeCode::doubted};
// Waits for a verification.
inline constexpr TreeCode kOpenCodes[] = {TreeCode::unverified, TreeCode::reopened,
                                          TreeCode::doubted};
constexpr bool is_live(TreeCode code) noexcept {
  return std::ranges::find(kLiveCodes, code) != std::end(kLiveCodes);
}
// A unit holds it.
constexpr bool is_held(TreeCode code) noexcept {
  return code == TreeCode::allocated || code == TreeCode::doubted;
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
  std::uint64_t sum_of(std::span<const TreeCode> codes) const noexcept {
    std::uint64_t sum = 0;
    for (const TreeCode code : codes) sum += (*this)[code];
    return sum;
  }
  std::uint64_t live() const noexcept { return sum_of(kLiveCodes); }
  std::uint64_t open() const noexcept { return sum_of(kOpenCodes); }
  // Dead or voided, and a unit waits for another.
  std::uint64_t owed() const noexcept {
    return (*this)[TreeCode::dead_owed] + (*this)[TreeCode::voided_owed];
  }
};
using UnitTally = MemberTally<UnitCode, kUnitCodes>;

}  // namespace treeproof::ledger
