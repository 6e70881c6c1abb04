// Lists of the state that only grow, kept in chunks, so that an addition writes one small object
// however long the list is. Owns no meaning of a list. Callers: placed_objects, batch_lists. Pure.
// Source: docs/protocol.md section 5.
#pragma once

#include <span>

#include "consensus/ledger/state.h"

namespace treeproof::ledger {

inline constexpr std::size_t kItemsPerChunk = 64;

// Id: the list, "/", the number of the chunk from 0.
template <class Item>
struct Chunk {
  static constexpr std::string_view kName = Item::kChunkName;
  List<Item, kItemsPerChunk, 1> items;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("items", self.items);
  }
  bool operator==(const Chunk&) const = default;
};

ObjectKey chunk_key(std::string_view name_space, const std::string& list, std::uint64_t number);
// How many chunks a list has: doubling, then halving, so that a long list costs few reads.
std::uint64_t chunk_count(const StateReader& state, std::string_view name_space,
                          const std::string& list);

// Calls visit(item) in the order in which they came.
template <class Item, class Visit>
void each_item(const StateReader& state, std::string_view name_space, const std::string& list,
               Visit visit) {
  for (std::uint64_t number = 0;; ++number) {
    const SharedBytes bytes = state.object(chunk_key(name_space, list, number));
    if (!bytes) return;
    for (Item& item : decode_stored<Chunk<Item>>(*bytes).items) visit(item);
  }
}

// Adds to the end of a list, in this order.
template <class Item>
void append_items(State& state, std::string_view name_space, const std::string& list,
                  std::span<const Item> items) {
  if (items.empty()) return;
  std::uint64_t number = chunk_count(state, name_space, list);
  Chunk<Item> chunk;
  if (number > 0) {
    chunk = decode_stored<Chunk<Item>>(*state.object(chunk_key(name_space, list, number - 1)));
    if (chunk.items.size() < kItemsPerChunk) {
      --number;
    } else {
      chunk.items.clear();
    }
  }
  const auto write = [&] {
    state.put_object(chunk_key(name_space, list, number),
                     std::make_shared<const crypto::Bytes>(encode(chunk)));
  };
  for (const Item& item : items) {
    if (chunk.items.size() == kItemsPerChunk) {
      write();
      chunk.items.clear();
      ++number;
    }
    chunk.items.push_back(item);
  }
  write();
}

}  // namespace treeproof::ledger
