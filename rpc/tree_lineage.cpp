#include "rpc/tree_lineage.h"

#include <algorithm>
#include <cassert>
#include <ranges>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/pages.h"

namespace treeproof::rpc {

namespace {

using ledger::MemberId;
using ledger::TreePlace;

// The last one: a tree that was replaced, found alive and lost again has two.
std::optional<ledger::SuccessorRun> successor_of(const ChainView& view, const MemberId& tree) {
  auto runs = ledger::successors_of(view, tree.batch(), {{tree.index(), 1}});
  return runs.empty() ? std::nullopt : std::optional(std::move(runs.back()));
}

LineageTree told(const ChainView& view, const MemberId& tree) {
  const ledger::ObjectId batch = tree.batch();
  const auto object = ledger::find<ledger::BatchObject>(view, batch);
  assert(object.has_value());  // as its neighbour's object says
  LineageTree found{tree, ledger::TreeCodes(view, batch, object->size()).at(tree.index()), {}, {}};
  for (auto& run : ledger::deaths_of(view, batch, {{tree.index(), 1}})) {
    found.losses.push_back(std::move(run.record));
  }
  if (auto next = successor_of(view, tree)) found.replacement = std::move(next->record);
  return found;
}

}  // namespace

std::expected<std::vector<LineageTree>, RpcError> lineage_of(const ChainView& view,
                                                             const MemberId& tree) {
  const auto batch = ledger::find<ledger::BatchObject>(view, tree.batch());
  if (!batch || tree.index() >= batch->size()) return not_found("tree", tree.text);
  std::vector<MemberId> before;
  for (MemberId at = tree; before.size() < kLineageMax; before.push_back(at)) {
    const auto place = ledger::predecessor_of(view, at.batch(), at.index());
    if (!place) break;
    at = MemberId::of(place->batch, place->tree);
  }
  std::vector<LineageTree> lineage;
  for (const MemberId& each : before | std::views::reverse) lineage.push_back(told(view, each));
  lineage.push_back(told(view, tree));
  MemberId at = tree;
  for (std::size_t i = 0; i < kLineageMax; ++i) {
    const auto next = successor_of(view, at);
    if (!next) break;
    at = MemberId::of(next->to, next->to_tree);
    lineage.push_back(told(view, at));
  }
  return lineage;
}

}  // namespace treeproof::rpc
