// The leaves of a plant or an inventory as columns, with what they say by themselves: a pure
// function of the attachment's bytes, computed once, when it is checked, so that no rule decodes a
// quarter of a million leaves again. Owns no rule. Callers: Attachment (makes them), rules, links.
// Pure. Source: docs/ledger.md "plant", I8 to I11.
#pragma once

#include <expected>
#include <optional>
#include <vector>

#include "consensus/ledger/attachment_facts.h"
#include "consensus/ledger/box.h"
#include "consensus/ledger/geometry/position.h"

namespace treeproof::ledger {

// Each index is that of a leaf, the first that has the property; null: none has it.
struct TreeColumns {
  std::vector<geometry::Position> positions;  // 0, 0 where a leaf has none
  std::vector<std::uint16_t> species;         // indices into the statement's list
  std::vector<std::uint64_t> species_counts;  // by index, up to the highest
  std::optional<std::uint64_t> placed;        // has latitude and longitude
  std::optional<std::uint64_t> unplaced;      // has neither
  std::optional<std::uint64_t> descending;    // not above its predecessor by (lat, lon, exact)
  std::optional<std::uint64_t> undated;
  std::uint64_t undated_count = 0;
  std::optional<std::int32_t> first_day;  // of the dated ones
  std::optional<std::int32_t> last_day;
  std::optional<Box> box;  // of the placed ones

  std::uint64_t size() const noexcept { return species.size(); }
};

// Refuses leaf_invalid, with the leaf's index: not a PlantLeaf, half a position or one out of
// range, a day before the calendar's first. Stops at the first. Requires: count > 0.
std::expected<TreeColumns, Refusal> tree_columns(std::size_t count, const LeafAt& leaf);

}  // namespace treeproof::ledger
