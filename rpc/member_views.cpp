#include "rpc/member_views.h"

#include <cassert>

#include "consensus/ledger/overrides.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/ranges.h"

namespace treeproof::rpc {

namespace {

using ledger::MemberId;

struct LinkedMembers {
  MemberId unit;
  MemberId tree;
};

// The two ends of a link, from the ranges of its allocation.
LinkedMembers members_of(const ChainView& view, const LinkPosition& link) {
  std::uint64_t offset = link.link_index;
  for (const ledger::LinkRange& range : view.links(link.allocation)) {
    if (offset < range.count) {
      return {MemberId::of(range.redeem, range.unit_from + offset),
              MemberId::of(range.plant, range.tree_from + offset)};
    }
    offset -= range.count;
  }
  assert(false);
  return {};
}

std::optional<bool> visited(const ChainView& view, const ledger::BatchObject& batch,
                            std::uint64_t index) {
  if (!batch.verification) return std::nullopt;
  const auto verify = ledger::find<ledger::VerifyObject>(view, *batch.verification);
  assert(verify.has_value());
  return verify->payload.method == ledger::VerifyMethod::full ||
         ledger::contains(verify->payload.visited, index);
}

std::unexpected<RpcError> not_held() {
  return pruned("This node does not hold these leaves, or they were redacted.");
}

// Leaves were checked when they came: one that does not decode is our own bug.
template <class Leaf>
std::expected<Leaf, RpcError> leaf_of(const ChainView& view,
                                      const ledger::AttachmentRef& attachment,
                                      std::uint64_t index) {
  const auto bytes = view.leaf(attachment.root, index);
  if (!bytes) return not_held();
  auto leaf = ledger::decode<Leaf>(*bytes);
  assert(leaf.has_value());
  return *std::move(leaf);
}

}  // namespace

std::expected<ledger::AttachmentPtr, RpcError> leaves_of(const ChainView& view,
                                                         const ledger::AttachmentRef& attachment) {
  auto leaves = view.attachment(attachment.root);
  if (leaves) return leaves;
  return not_held();
}

std::expected<TreeView, RpcError> view_tree(const ChainView& view, const MemberId& tree) {
  const ledger::ObjectId id = tree.batch();
  const std::uint64_t index = tree.index();
  auto batch = ledger::find<ledger::BatchObject>(view, id);
  if (!batch || index >= batch->size()) return not_found("tree", tree.text);
  auto leaf = leaf_of<ledger::PlantLeaf>(view, batch->leaves, index);
  if (!leaf) return std::unexpected(leaf.error());
  TreeView found;
  found.batch = *std::move(batch);
  found.leaf = ledger::corrected(view, {id, index, ledger::kNow}, found.batch, *std::move(leaf));
  found.code = ledger::TreeCodes(view, id, found.batch.size()).at(index);
  found.visited = visited(view, found.batch, index);
  found.link = view.link_of_tree(id, index);
  if (!found.link) return found;
  found.unit = members_of(view, *found.link).unit;
  const auto unit = view_unit(view, *found.unit);  // without commitments where they were redacted
  if (!unit) return found;
  for (const auto& share : unit->leaf) found.commitments.push_back(share.commitment);
  return found;
}

std::expected<UnitView, RpcError> view_unit(const ChainView& view, const MemberId& unit) {
  const ledger::ObjectId id = unit.batch();
  const std::uint64_t index = unit.index();
  auto redemption = ledger::find<ledger::RedemptionObject>(view, id);
  if (!redemption || index >= redemption->payload.units) return not_found("unit", unit.text);
  auto leaf = leaf_of<ledger::RedeemLeaf>(view, redemption->payload.leaves, index);
  if (!leaf) return std::unexpected(leaf.error());
  UnitView found;
  found.redemption = *std::move(redemption);
  found.leaf = *std::move(leaf);
  found.code = ledger::UnitCodes(view, id, found.redemption.payload.units).at(index);
  found.link = view.link_of_unit(id, index);
  if (found.link) found.tree = members_of(view, *found.link).tree;
  return found;
}

}  // namespace treeproof::rpc
