// Objects and where they lie, in chunked lists: the plots of a grid cell, the batches of a plot.
// Owns no meaning of a list. Callers: plot_index, rules_batch. Pure.
// Source: docs/ledger.md I7, I8; docs/protocol.md section 5 (namespaces "cell", "plot_batches").
#pragma once

#include <vector>

#include "consensus/ledger/box.h"
#include "consensus/ledger/names.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

struct PlacedObject {
  static constexpr std::string_view kName = "placed-object";
  static constexpr std::string_view kChunkName = "placed-chunk";
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

inline constexpr std::string_view kCellNamespace = "cell";
inline constexpr std::string_view kPlotBatchesNamespace = "plot_batches";

// Appends those of a list whose boxes meet this one, in the order in which they came.
void collect_meeting(const StateReader& state, std::string_view name_space, const std::string& list,
                     const Box& box, std::vector<PlacedObject>& out);
// Adds to the end of a list.
void append_placed(State& state, std::string_view name_space, const std::string& list,
                   const PlacedObject& object);

}  // namespace treeproof::ledger
