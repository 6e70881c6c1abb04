#include "consensus/ledger/tree_columns.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/calendar.h"
#include "consensus/ledger/cbor_decoder.h"

namespace treeproof::ledger {

namespace {

class Builder {
 public:
  explicit Builder(std::size_t count) {
    columns_.positions.reserve(count);
    columns_.species.reserve(count);
  }

  // False: the leaf is not of the right form.
  bool add(const PlantLeaf& leaf) {
    if (leaf.lat.has_value() != leaf.lon.has_value()) return false;
    const geometry::Position position{leaf.lat.value_or(0), leaf.lon.value_or(0)};
    if (!geometry::in_range(position)) return false;
    if (leaf.day && *leaf.day < kFirstDateDay) return false;
    const std::uint64_t index = columns_.species.size();
    if (leaf.lat) {
      place(index, position);
    } else {
      note_first(columns_.unplaced, index);
    }
    if (index > 0 && !ascends(position, leaf.exact)) note_first(columns_.descending, index);
    previous_exact_ = leaf.exact;
    columns_.positions.push_back(position);
    count_species(leaf.species);
    date(index, leaf.day);
    return true;
  }

  TreeColumns take() { return std::move(columns_); }

 private:
  static void note_first(std::optional<std::uint64_t>& first, std::uint64_t index) {
    if (!first) first = index;
  }
  bool ascends(geometry::Position position, const std::optional<crypto::Hash>& exact) const {
    const geometry::Position previous = columns_.positions.back();
    return previous < position || (previous == position && previous_exact_ < exact);
  }
  void place(std::uint64_t index, geometry::Position position) {
    note_first(columns_.placed, index);
    if (!columns_.box) {
      columns_.box = {position.lat_e7, position.lon_e7, position.lat_e7, position.lon_e7};
    }
    Box& box = *columns_.box;
    box.south = std::min(box.south, position.lat_e7);
    box.north = std::max(box.north, position.lat_e7);
    box.west = std::min(box.west, position.lon_e7);
    box.east = std::max(box.east, position.lon_e7);
  }
  void count_species(std::uint16_t species) {
    columns_.species.push_back(species);
    if (columns_.species_counts.size() <= species) columns_.species_counts.resize(species + 1u);
    ++columns_.species_counts[species];
  }
  void date(std::uint64_t index, std::optional<std::int32_t> day) {
    if (!day) {
      note_first(columns_.undated, index);
      ++columns_.undated_count;
      return;
    }
    columns_.first_day = std::min(columns_.first_day.value_or(*day), *day);
    columns_.last_day = std::max(columns_.last_day.value_or(*day), *day);
  }

  TreeColumns columns_;
  std::optional<crypto::Hash> previous_exact_;
};

}  // namespace

std::expected<TreeColumns, Refusal> tree_columns(std::size_t count, const LeafAt& leaf) {
  assert(count > 0);
  Builder builder(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto tree = decode<PlantLeaf>(leaf(i));
    if (!tree || !builder.add(*tree)) {
      return std::unexpected(Refusal{Reason::leaf_invalid, {{"leaf", std::to_string(i)}}});
    }
  }
  return builder.take();
}

}  // namespace treeproof::ledger
