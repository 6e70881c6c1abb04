// A bounding box on the map, as objects and lists keep it.
// Owns no geometry. Callers: plots, batches, the grid of plots. Pure.
// Source: docs/ledger.md (units).
#pragma once

#include <cstdint>
#include <string_view>

namespace treeproof::ledger {

// South-west and north-east corners in 1e-7 degrees, inclusive.
struct Box {
  static constexpr std::string_view kName = "box";
  static constexpr bool kIsArray = true;
  std::int32_t south = 0;
  std::int32_t west = 0;
  std::int32_t north = 0;
  std::int32_t east = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("south", self.south);
    visit("west", self.west);
    visit("north", self.north);
    visit("east", self.east);
  }
  // Whether the closed boxes share a point.
  bool meets(const Box& other) const noexcept {
    return south <= other.north && other.south <= north && west <= other.east && other.west <= east;
  }
  bool operator==(const Box&) const = default;
};

}  // namespace treeproof::ledger
