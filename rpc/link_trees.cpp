#include "rpc/link_trees.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/lookups.h"
#include "crypto/merkle.h"

namespace treeproof::rpc {

namespace {

// When it was judged, with what its block had done before it.
ledger::LogMoment moment_of(const ChainView& view, const ledger::ObjectId& allocation) {
  const auto record = ledger::record_of(view, allocation);
  assert(record.has_value());
  return {record->log_index};
}

// The one range that holds this link, cut down to it.
ledger::LinkRange range_of(const std::vector<ledger::LinkRange>& ranges, std::uint64_t index) {
  for (const ledger::LinkRange& range : ranges) {
    if (index < range.count) {
      return {range.redeem, range.unit_from + index, range.plant, range.tree_from + index, 1};
    }
    index -= range.count;
  }
  assert(false);
  return {};
}

}  // namespace

std::expected<LinkLevels, ledger::Refusal> link_levels(const ChainView& view,
                                                       const ledger::ObjectId& allocation) {
  LinkLevels levels{view.link_hashes(allocation)};
  if (levels.front().empty()) {
    const auto done = ledger::each_link_leaf(
        view, view.links(allocation), moment_of(view, allocation),
        [&](crypto::ByteSpan leaf) { levels.front().push_back(crypto::leaf_hash(leaf)); });
    if (!done) return std::unexpected(done.error());
  }
  while (levels.back().size() > 1) {
    const std::vector<crypto::Hash>& below = levels.back();
    std::vector<crypto::Hash> above;
    above.reserve(below.size() / 2);
    for (std::size_t i = 0; i + 1 < below.size(); i += 2) {
      above.push_back(crypto::node_hash(below[i], below[i + 1]));
    }
    levels.push_back(std::move(above));
  }
  return levels;
}

std::expected<LinkLevelsPtr, ledger::Refusal> LinkTrees::levels_of(
    const ChainView& view, const ledger::ObjectId& allocation) {
  {
    const std::lock_guard guard(lock_);
    const auto found = std::ranges::find(known_, allocation, [](const auto& e) { return e.first; });
    if (found != known_.end()) return found->second;
  }
  auto derived = link_levels(view, allocation);
  if (!derived) return std::unexpected(derived.error());
  auto levels = std::make_shared<const LinkLevels>(*std::move(derived));
  const std::lock_guard guard(lock_);
  known_.emplace_front(allocation, levels);
  if (known_.size() > kAllocationsMax) known_.pop_back();
  return levels;
}

std::expected<OpenedLink, ledger::Refusal> LinkTrees::open(const ChainView& view,
                                                           const ledger::ObjectId& allocation,
                                                           std::uint64_t index) {
  const auto levels = levels_of(view, allocation);
  if (!levels) return std::unexpected(levels.error());
  const ledger::LinkRange range = range_of(view.links(allocation), index);
  const auto batch = ledger::find<ledger::BatchObject>(view, range.plant);
  const auto redemption = ledger::find<ledger::RedemptionObject>(view, range.redeem);
  assert(batch.has_value() && redemption.has_value());
  const auto tree = view.leaf(batch->leaves.root, range.tree_from);
  const auto unit = view.leaf(redemption->payload.leaves.root, range.unit_from);
  if (!tree || !unit) {
    return std::unexpected(ledger::Refusal{ledger::Reason::earlier_attachment_missing, {}});
  }
  const LinkLevels& known = **levels;
  const auto source = [&](std::uint32_t level, std::uint64_t place) { return known[level][place]; };
  return OpenedLink{ledger::link_leaf(view, range, moment_of(view, allocation), *tree, *unit),
                    crypto::inclusion_path(index, known.front().size(), source)};
}

}  // namespace treeproof::rpc
