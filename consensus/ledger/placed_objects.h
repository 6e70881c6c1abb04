// Objects and where they lie, in lists that only grow: the plots of a grid cell, the batches of a
// plot. A list is kept in chunks, so that an addition writes one small object however long the
// list is. Owns no meaning of a list. Callers: plot_index, rules_batch. Pure.
// Source: docs/ledger.md I7, I8; docs/protocol.md section 5 (namespaces "cell", "plot_batches").
#pragma once

#include <vector>

#include "consensus/ledger/box.h"
#include "consensus/ledger/names.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

struct PlacedObject {
  static constexpr std::string_view kName = "placed-object";
  static constexpr bool kIsArray = true;
  ObjectId id;
  Box box;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("id", self.id);
    visit("box", self.box);
  }
  bool operator==(const PlacedObject&) const = default;
};

inline constexpr std::size_t kPlacedPerChunk = 64;
inline constexpr std::string_view kCellNamespace = "cell";
inline constexpr std::string_view kPlotBatchesNamespace = "plot_batches";

// Id: the list, "/", the number of the chunk from 0.
struct PlacedChunk {
  static constexpr std::string_view kName = "placed-chunk";
  List<PlacedObject, kPlacedPerChunk, 1> items;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("items", self.items);
  }
  bool operator==(const PlacedChunk&) const = default;
};

// Appends those of a list whose boxes meet this one, in the order in which they came.
void collect_meeting(const StateReader& state, std::string_view name_space, const std::string& list,
                     const Box& box, std::vector<PlacedObject>& out);
// Adds to the end of a list.
void append_placed(State& state, std::string_view name_space, const std::string& list,
                   const PlacedObject& object);

}  // namespace treeproof::ledger
