// The leaves of links: what a certificate opens, made from the leaves of both batches, as
// corrections left them.
#include <cassert>
#include <map>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/ranges.h"
#include "crypto/merkle.h"

namespace treeproof::ledger {

namespace {

// One batch of trees as it stood at a moment.
struct BatchThen {
  BatchObject batch;
  std::optional<VerifyObject> verification;

  bool is_visited(std::uint64_t index) const {
    if (!verification) return false;
    return verification->payload.method == VerifyMethod::full ||
           contains(verification->payload.visited, index);
  }
};

// Ready to be asked for any of its trees.
struct TreeSource {
  BatchThen then;
  CountedTrees leaves;
};

std::expected<AttachmentPtr, Refusal> held(const StateReader& state, const crypto::Hash& root) {
  AttachmentPtr attachment = state.attachment(root);
  if (attachment) return attachment;
  return std::unexpected(
      Refusal{Reason::earlier_attachment_missing, {{"root", crypto::to_hex(root)}}});
}

// The one that stood at that moment: the next verify of a batch has to wait until a resolved
// dispute or a `revive` opens trees again, so that few lie behind it.
std::optional<VerifyObject> verification_at(const StateReader& state, const BatchObject& batch,
                                            LogMoment at) {
  std::optional<ObjectId> id = batch.verification;
  while (id) {
    auto verification = find<VerifyObject>(state, *id);
    assert(verification.has_value());
    if (at.knows(verification->record)) return verification;
    id = verification->previous;
  }
  return std::nullopt;
}

// Requires: the batch exists.
std::expected<TreeSource, Refusal> tree_source(const StateReader& state, const ObjectId& id,
                                               LogMoment at) {
  auto batch = find<BatchObject>(state, id);
  assert(batch.has_value());
  auto leaves = held(state, batch->leaves.root);
  if (!leaves) return std::unexpected(leaves.error());
  CountedTrees counted(state, id, *batch, *std::move(leaves), at);
  auto verification = verification_at(state, *batch, at);
  return TreeSource{{*std::move(batch), std::move(verification)}, std::move(counted)};
}

// The batches and redemptions of links, each read once: neighbouring links may be of any of them.
// Holds as many of either as an allocate can name.
class Sources {
 public:
  Sources(const StateReader& state, LogMoment at) : state_(state), at_(at) {}

  // Requires of both: the object exists.
  std::expected<const TreeSource*, Refusal> trees(const ObjectId& id) {
    const auto known = trees_.find(id);
    if (known != trees_.end()) return &known->second;
    auto source = tree_source(state_, id, at_);
    if (!source) return std::unexpected(source.error());
    if (trees_.size() == kRunsMax) trees_.clear();
    return &trees_.emplace(id, *std::move(source)).first->second;
  }
  std::expected<const Attachment*, Refusal> units(const ObjectId& id) {
    const auto known = units_.find(id);
    if (known != units_.end()) return known->second.get();
    const auto redemption = find<RedemptionObject>(state_, id);
    assert(redemption.has_value());
    auto leaves = held(state_, redemption->payload.leaves.root);
    if (!leaves) return std::unexpected(leaves.error());
    if (units_.size() == kRunsMax) units_.clear();
    return units_.emplace(id, *std::move(leaves)).first->second.get();
  }

 private:
  const StateReader& state_;
  LogMoment at_;
  std::map<ObjectId, TreeSource> trees_;
  std::map<ObjectId, AttachmentPtr> units_;
};

crypto::Bytes make_leaf(const ObjectId& plant, std::uint64_t index, const BatchThen& then,
                        const PlantLeaf& tree, crypto::ByteSpan unit_bytes) {
  const auto unit = decode<RedeemLeaf>(unit_bytes);
  assert(unit.has_value());
  LinkLeaf link;
  link.tree = MemberId::of(plant, index);
  for (const Share& share : *unit) link.commitments.push_back(share.commitment);
  link.species = then.batch.species[tree.species].species;
  link.plot = then.batch.plot;
  link.lat = tree.lat;
  link.lon = tree.lon;
  link.planted_day = tree.day;
  link.positions = then.batch.positions;
  link.visited = then.is_visited(index);
  return encode(link);
}

}  // namespace

std::expected<void, Refusal> each_link_leaf(const StateReader& state,
                                            std::span<const LinkRange> ranges, LogMoment at,
                                            const VisitLeaf& visit) {
  Sources sources(state, at);
  for (const LinkRange& range : ranges) {
    const auto trees = sources.trees(range.plant);
    if (!trees) return std::unexpected(trees.error());
    const auto units = sources.units(range.redeem);
    if (!units) return std::unexpected(units.error());
    for (std::uint64_t offset = 0; offset < range.count; ++offset) {
      const std::uint64_t index = range.tree_from + offset;
      visit(make_leaf(range.plant, index, (*trees)->then, (*trees)->leaves.leaf(index),
                      (*units)->leaf(range.unit_from + offset)));
    }
  }
  return {};
}

crypto::Bytes link_leaf(const StateReader& state, const LinkRange& link, LogMoment at,
                        crypto::ByteSpan tree, crypto::ByteSpan unit) {
  assert(link.count == 1);
  auto batch = find<BatchObject>(state, link.plant);
  auto leaf = decode<PlantLeaf>(tree);
  assert(batch.has_value() && leaf.has_value());
  const PlantLeaf then =
      corrected(state, {link.plant, link.tree_from, at}, *batch, *std::move(leaf));
  auto verification = verification_at(state, *batch, at);
  return make_leaf(link.plant, link.tree_from, {*std::move(batch), std::move(verification)}, then,
                   unit);
}

std::expected<std::vector<crypto::Bytes>, Refusal> link_leaves(const StateReader& state,
                                                               std::span<const LinkRange> ranges,
                                                               LogMoment at) {
  std::vector<crypto::Bytes> leaves;
  const auto done = each_link_leaf(
      state, ranges, at, [&](crypto::ByteSpan leaf) { leaves.push_back(crypto::to_bytes(leaf)); });
  if (!done) return std::unexpected(done.error());
  return leaves;
}

std::expected<LinksRef, Refusal> links_of(const StateReader& state,
                                          std::span<const LinkRange> ranges, LogMoment at) {
  std::vector<crypto::Hash> hashes;
  const auto done = each_link_leaf(
      state, ranges, at, [&](crypto::ByteSpan leaf) { hashes.push_back(crypto::leaf_hash(leaf)); });
  if (!done) return std::unexpected(done.error());
  return LinksRef{crypto::merkle_root(hashes), hashes.size()};
}

}  // namespace treeproof::ledger
