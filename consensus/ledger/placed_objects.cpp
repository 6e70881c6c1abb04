#include "consensus/ledger/placed_objects.h"

#include "consensus/ledger/chunked_list.h"

namespace treeproof::ledger {

void collect_meeting(const StateReader& state, std::string_view name_space, const std::string& list,
                     const Box& box, std::vector<PlacedObject>& out) {
  each_item<PlacedObject>(state, name_space, list, [&](PlacedObject& item) {
    if (item.box.meets(box)) out.push_back(std::move(item));
  });
}

void append_placed(State& state, std::string_view name_space, const std::string& list,
                   const PlacedObject& object) {
  append_items<PlacedObject>(state, name_space, list, std::span(&object, 1));
}

}  // namespace treeproof::ledger
