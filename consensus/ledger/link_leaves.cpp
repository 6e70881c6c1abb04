// The leaves of links: what a certificate opens, made from the leaves of both batches, as
// corrections left them.
#include <cassert>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/ranges.h"
#include "crypto/merkle.h"

namespace treeproof::ledger {

namespace {

// One batch of trees, ready to be asked for any of them.
struct TreeSource {
  BatchObject batch;
  std::optional<VerifyObject> verification;
  CountedTrees leaves;

  bool is_visited(std::uint64_t index) const {
    if (!verification) return false;
    return verification->payload.method == VerifyMethod::full ||
           contains(verification->payload.visited, index);
  }
};

std::expected<AttachmentPtr, Refusal> held(const StateReader& state, const crypto::Hash& root) {
  AttachmentPtr attachment = state.attachment(root);
  if (attachment) return attachment;
  return std::unexpected(
      Refusal{Reason::earlier_attachment_missing, {{"root", crypto::to_hex(root)}}});
}

// Requires: the batch exists.
std::expected<TreeSource, Refusal> tree_source(const StateReader& state, const ObjectId& id) {
  auto batch = find<BatchObject>(state, id);
  assert(batch.has_value());
  auto leaves = held(state, batch->leaves.root);
  if (!leaves) return std::unexpected(leaves.error());
  CountedTrees counted(state, id, *batch, *std::move(leaves));
  TreeSource source{*std::move(batch), {}, std::move(counted)};
  if (source.batch.verification) {
    source.verification = find<VerifyObject>(state, *source.batch.verification);
  }
  return source;
}

LinkLeaf link_leaf(const LinkRange& range, std::uint64_t offset, const TreeSource& trees,
                   const Attachment& units) {
  const std::uint64_t index = range.tree_from + offset;
  const PlantLeaf tree = trees.leaves.leaf(index);
  const auto unit = decode<RedeemLeaf>(units.leaf(range.unit_from + offset));
  assert(unit.has_value());
  LinkLeaf link;
  link.tree = MemberId::of(range.plant, index);
  for (const Share& share : *unit) link.commitments.push_back(share.commitment);
  link.species = trees.batch.species[tree.species].species;
  link.plot = trees.batch.plot;
  link.lat = tree.lat;
  link.lon = tree.lon;
  link.planted_day = tree.day;
  link.positions = trees.batch.positions;
  link.visited = trees.is_visited(index);
  return link;
}

}  // namespace

std::expected<void, Refusal> each_link_leaf(const StateReader& state,
                                            std::span<const LinkRange> ranges,
                                            const VisitLeaf& visit) {
  std::optional<TreeSource> trees;
  AttachmentPtr units;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const LinkRange& range = ranges[i];
    if (i == 0 || ranges[i - 1].plant != range.plant) {
      auto source = tree_source(state, range.plant);
      if (!source) return std::unexpected(source.error());
      trees = *std::move(source);
    }
    if (i == 0 || ranges[i - 1].redeem != range.redeem) {
      const auto redemption = find<RedemptionObject>(state, range.redeem);
      assert(redemption.has_value());
      auto leaves = held(state, redemption->payload.leaves.root);
      if (!leaves) return std::unexpected(leaves.error());
      units = *std::move(leaves);
    }
    for (std::uint64_t offset = 0; offset < range.count; ++offset) {
      visit(encode(link_leaf(range, offset, *trees, *units)));
    }
  }
  return {};
}

std::expected<std::vector<crypto::Bytes>, Refusal> link_leaves(const StateReader& state,
                                                               std::span<const LinkRange> ranges) {
  std::vector<crypto::Bytes> leaves;
  const auto done = each_link_leaf(
      state, ranges, [&](crypto::ByteSpan leaf) { leaves.push_back(crypto::to_bytes(leaf)); });
  if (!done) return std::unexpected(done.error());
  return leaves;
}

std::expected<LinksRef, Refusal> links_of(const StateReader& state,
                                          std::span<const LinkRange> ranges) {
  std::vector<crypto::Hash> hashes;
  const auto done = each_link_leaf(
      state, ranges, [&](crypto::ByteSpan leaf) { hashes.push_back(crypto::leaf_hash(leaf)); });
  if (!done) return std::unexpected(done.error());
  return LinksRef{crypto::merkle_root(hashes), hashes.size()};
}

}  // namespace treeproof::ledger
