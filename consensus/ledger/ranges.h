// Ranges of a batch's members, and questions about them.
// Owns no batch. Callers: payloads, rules, links, queries. Pure.
// Source: docs/ledger.md "verify", "refund".
#pragma once

#include <optional>
#include <span>

#include "consensus/ledger/schema.h"

namespace treeproof::ledger {

// Members from, from + 1, ... of a batch.
struct Range {
  static constexpr std::string_view kName = "range";
  static constexpr bool kIsArray = true;
  std::uint64_t from = 0;
  std::uint64_t count = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("from", self.from);
    visit("count", self.count);
  }
  bool operator==(const Range&) const = default;
};

using Ranges = List<Range, 4096>;

// The first range that is empty, begins before the end of its predecessor or ends beyond the batch.
std::optional<std::size_t> first_invalid(std::span<const Range> ranges,
                                         std::uint64_t members) noexcept;
// Requires for these: none is invalid.
std::uint64_t members_in(std::span<const Range> ranges) noexcept;
bool contains(std::span<const Range> ranges, std::uint64_t index) noexcept;
// How many of [from, from + count) they hold.
std::uint64_t members_within(std::span<const Range> ranges, std::uint64_t from,
                             std::uint64_t count) noexcept;

}  // namespace treeproof::ledger
