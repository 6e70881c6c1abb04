#include "consensus/ledger/object_content.h"

#include <algorithm>
#include <map>
#include <set>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/redaction.h"
#include "crypto/merkle.h"

namespace treeproof::ledger {

namespace {

constexpr std::string_view kObjectNamespace = "object";

using Found = std::expected<ObjectContent, crypto::CborError>;

ObjectContent commitments_of(const BatchObject& batch) {
  return {batch.leaves, PagesRef{batch.size(), batch.pages_root}, std::nullopt};
}
ObjectContent commitments_of(const RedemptionObject& redemption) {
  return {redemption.payload.leaves, PagesRef{redemption.payload.units, redemption.pages_root},
          std::nullopt};
}
ObjectContent commitments_of(const PlotObject& plot) {
  return {plot.payload.geometry, std::nullopt, std::nullopt};
}
ObjectContent commitments_of(const AllocationObject& allocation) {
  return {allocation.payload.runs, std::nullopt,
          CommittedLinks{allocation.payload.links, {allocation.record.log_index}}};
}
ObjectContent commitments_of(const ReplacementObject& replacement) {
  ObjectContent content{replacement.payload.runs, std::nullopt, std::nullopt};
  if (const auto& links = replacement.payload.links) {
    content.links = CommittedLinks{*links, {replacement.record.log_index}};
  }
  return content;
}

template <class T>
Found decoded(crypto::ByteSpan value) {
  const auto object = decode<T>(value);
  if (!object) return std::unexpected(object.error());
  ObjectContent content = commitments_of(*object);
  const auto& pages = content.pages;
  const bool fits = !pages || (pages->members > 0 && pages->members <= kAttachmentLeavesMax);
  if (!fits) return std::unexpected(crypto::CborError::out_of_range);
  return content;
}

// Whether both ends of the range are there; what was found last is looked up once.
class RangeEnds {
 public:
  explicit RangeEnds(const StateReader& state) : state_(state) {}

  bool hold(const LinkRange& range) {
    if (range.redeem != redeem_) {
      const auto redemption = find<RedemptionObject>(state_, range.redeem);
      redeem_ = range.redeem;
      units_ = redemption ? redemption->payload.leaves.count : 0;
    }
    if (range.plant != plant_) {
      const auto batch = find<BatchObject>(state_, range.plant);
      plant_ = range.plant;
      trees_ = batch ? batch->size() : 0;
    }
    return range.count > 0 && range.unit_from < units_ && range.count <= units_ - range.unit_from &&
           range.tree_from < trees_ && range.count <= trees_ - range.tree_from;
  }

 private:
  const StateReader& state_;
  ObjectId redeem_;
  ObjectId plant_;
  std::uint64_t units_ = 0;
  std::uint64_t trees_ = 0;
};

// Whether leaves behind the ranges were redacted. Requires: both ends of each are there.
bool rest_on_redacted(const StateReader& state, std::span<const LinkRange> ranges) {
  std::set<ObjectId> seen;
  return std::ranges::any_of(ranges, [&](const LinkRange& range) {
    const bool plant = seen.insert(range.plant).second &&
                       is_redacted(state, find<BatchObject>(state, range.plant)->leaves.root);
    return plant ||
           (seen.insert(range.redeem).second &&
            is_redacted(state, find<RedemptionObject>(state, range.redeem)->payload.leaves.root));
  });
}

// Each range is in the list of its batch, as it was noted.
bool are_noted(const StateReader& state, std::span<const LinkRange> ranges) {
  std::map<ObjectId, std::vector<LinkRun>> noted;  // by tree
  return std::ranges::all_of(ranges, [&](const LinkRange& range) {
    const auto [batch, is_fresh] = noted.try_emplace(range.plant);
    std::vector<LinkRun>& runs = batch->second;
    if (is_fresh) runs = links_by_tree(state, range.plant);
    const auto run = std::ranges::lower_bound(runs, range.tree_from, {}, &LinkRun::tree_from);
    const LinkRun wanted{range.tree_from, range.count, range.redeem, range.unit_from};
    return run != runs.end() && *run == wanted;
  });
}

}  // namespace

Found content_of(const ObjectKey& key, crypto::ByteSpan value) {
  if (key.name_space != kObjectNamespace) return ObjectContent{};
  const std::string_view type = tag_of(value, "type");
  if (type == BatchObject::kType) return decoded<BatchObject>(value);
  if (type == RedemptionObject::kType) return decoded<RedemptionObject>(value);
  if (type == PlotObject::kType) return decoded<PlotObject>(value);
  if (type == AllocationObject::kType) return decoded<AllocationObject>(value);
  if (type == ReplacementObject::kType) return decoded<ReplacementObject>(value);
  return ObjectContent{};
}

crypto::Hash pages_root(std::span<const SharedBytes> pages) {
  std::vector<crypto::Hash> hashes;
  hashes.reserve(pages.size());
  for (const SharedBytes& page : pages) {
    hashes.push_back(page ? crypto::leaf_hash(*page) : kZeroPageHash);
  }
  return crypto::merkle_root(hashes);
}

bool are_links(const StateReader& state, const CommittedLinks& committed,
               std::span<const LinkRange> ranges) {
  RangeEnds ends(state);
  std::uint64_t links = 0;
  for (const LinkRange& range : ranges) {
    if (!ends.hold(range) || range.count > committed.ref.count - links) return false;
    links += range.count;
  }
  if (links != committed.ref.count) return false;
  if (rest_on_redacted(state, ranges)) return are_noted(state, ranges);
  const auto derived = links_of(state, ranges, committed.at);
  return derived && *derived == committed.ref;
}

}  // namespace treeproof::ledger
