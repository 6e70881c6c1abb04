#include "consensus/ledger/succession.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/batch_lists.h"

namespace treeproof::ledger {

std::vector<LinkRange> successor_links(const StateReader& state, const ReplaceLeaf& run) {
  auto held = links_of_trees(state, run.from, {{run.from_tree, run.count}});
  std::ranges::sort(held, {}, &LinkRun::tree_from);
  std::vector<LinkRange> links;
  std::uint64_t linked = 0;
  for (const LinkRun& part : held) {
    const std::uint64_t to_tree = run.to_tree + (part.tree_from - run.from_tree);
    links.push_back({part.redeem, part.unit_from, run.to, to_tree, part.count});
    linked += part.count;
  }
  assert(linked == run.count);
  return links;
}

}  // namespace treeproof::ledger
