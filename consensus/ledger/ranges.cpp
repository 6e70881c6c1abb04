#include "consensus/ledger/ranges.h"

#include <algorithm>
#include <numeric>

namespace treeproof::ledger {

std::optional<std::size_t> first_invalid(std::span<const Range> ranges,
                                         std::uint64_t members) noexcept {
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const Range& range = ranges[i];
    const bool holds = range.count > 0 && range.from >= end && range.from < members &&
                       range.count <= members - range.from;
    if (!holds) return i;
    end = range.from + range.count;
  }
  return std::nullopt;
}

std::uint64_t members_in(std::span<const Range> ranges) noexcept {
  return std::accumulate(ranges.begin(), ranges.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Range& range) { return sum + range.count; });
}

bool contains(std::span<const Range> ranges, std::uint64_t index) noexcept {
  const auto after = std::ranges::upper_bound(ranges, index, {}, &Range::from);
  return after != ranges.begin() && index - std::prev(after)->from < std::prev(after)->count;
}

std::uint64_t members_within(std::span<const Range> ranges, std::uint64_t from,
                             std::uint64_t count) noexcept {
  std::uint64_t members = 0;
  for (const Range& range : ranges) {
    const std::uint64_t first = std::max(range.from, from);
    const std::uint64_t end = std::min(range.from + range.count, from + count);
    if (first < end) members += end - first;
  }
  return members;
}

}  // namespace treeproof::ledger
