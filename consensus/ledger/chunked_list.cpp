#include "consensus/ledger/chunked_list.h"

namespace treeproof::ledger {

ObjectKey chunk_key(std::string_view name_space, const std::string& list, std::uint64_t number) {
  return {std::string(name_space), list + "/" + std::to_string(number)};
}

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

}  // namespace treeproof::ledger
