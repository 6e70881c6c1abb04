#include "consensus/ledger/placed_objects.h"

namespace treeproof::ledger {

namespace {

ObjectKey chunk_key(std::string_view name_space, const std::string& list, std::uint64_t number) {
  return {std::string(name_space), list + "/" + std::to_string(number)};
}

// How many chunks a list has: doubling, then halving, so that a long list costs few reads.
std::uint64_t chunk_count(const StateReader& state, std::string_view name_space,
                          const std::string& list) {
  const auto exists = [&](std::uint64_t number) {
    return state.object(chunk_key(name_space, list, number)) != nullptr;
  };
  std::uint64_t absent = 0;
  std::uint64_t step = 1;
  while (exists(absent)) {
    absent += step;
    step *= 2;
  }
  std::uint64_t present = absent == 0 ? 0 : absent - step / 2;
  while (absent > present + 1) {
    const std::uint64_t middle = present + (absent - present) / 2;
    (exists(middle) ? present : absent) = middle;
  }
  return absent;
}

}  // namespace

void collect_meeting(const StateReader& state, std::string_view name_space, const std::string& list,
                     const Box& box, std::vector<PlacedObject>& out) {
  for (std::uint64_t number = 0;; ++number) {
    const SharedBytes bytes = state.object(chunk_key(name_space, list, number));
    if (!bytes) return;
    PlacedChunk chunk = decode_stored<PlacedChunk>(*bytes);
    for (PlacedObject& item : chunk.items) {
      if (item.box.meets(box)) out.push_back(std::move(item));
    }
  }
}

void append_placed(State& state, std::string_view name_space, const std::string& list,
                   const PlacedObject& object) {
  std::uint64_t number = chunk_count(state, name_space, list);
  PlacedChunk chunk;
  if (number > 0) {
    chunk = decode_stored<PlacedChunk>(*state.object(chunk_key(name_space, list, number - 1)));
    if (chunk.items.size() < kPlacedPerChunk) {
      --number;
    } else {
      chunk.items.clear();
    }
  }
  chunk.items.push_back(object);
  state.put_object(chunk_key(name_space, list, number),
                   std::make_shared<const crypto::Bytes>(encode(chunk)));
}

}  // namespace treeproof::ledger
