#include "consensus/ledger/succession.h"

#include <algorithm>
#include <cassert>

namespace treeproof::ledger {

std::vector<LinkRange> successor_links(std::span<const LinkRun> held, const ReplaceLeaf& run) {
  const std::uint64_t end = run.from_tree + run.count;
  const auto is_before = [&](const LinkRun& link) {
    return link.tree_from + link.count <= run.from_tree;
  };
  std::vector<LinkRange> links;
  std::uint64_t linked = 0;
  auto link = std::ranges::partition_point(held, is_before);
  for (; link != held.end() && link->tree_from < end; ++link) {
    const std::uint64_t from = std::max(link->tree_from, run.from_tree);
    const std::uint64_t count = std::min(link->tree_from + link->count, end) - from;
    const std::uint64_t unit_from = link->unit_from + (from - link->tree_from);
    links.push_back({link->redeem, unit_from, run.to, run.to_tree + (from - run.from_tree), count});
    linked += count;
  }
  assert(linked == run.count);
  return links;
}

}  // namespace treeproof::ledger
