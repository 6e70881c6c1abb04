#include "consensus/ledger/overrides.h"

#include <algorithm>
#include <map>

#include "consensus/ledger/chunked_list.h"
#include "consensus/ledger/lookups.h"

namespace treeproof::ledger {

namespace {

constexpr std::string_view kOverrides = "batch_overrides";

void apply(const LeafOverride& changed, PlantLeaf& leaf) {
  leaf.species = changed.species;
  if (!changed.lat) return;
  leaf.lat = changed.lat;
  leaf.lon = changed.lon;
}

}  // namespace

void note_override(State& state, const ObjectId& batch, const LeafOverride& leaf) {
  append_items<LeafOverride>(state, kOverrides, batch.text, std::span(&leaf, 1));
}

std::vector<LeafOverride> overrides_of(const StateReader& state, const ObjectId& id,
                                       const BatchObject& batch, LogMoment at) {
  if (batch.corrected == 0) return {};
  std::vector<LeafOverride> all;  // in log order
  each_item<LeafOverride>(state, kOverrides, id.text,
                          [&](LeafOverride& item) { all.push_back(std::move(item)); });
  auto end = all.end();
  if (at != kNow) {
    end = std::ranges::partition_point(
        all, [&](const LeafOverride& item) { return at.knows(*record_of(state, item.record)); });
  }
  std::map<std::uint64_t, LeafOverride> last;
  for (auto item = all.begin(); item != end; ++item) last[item->leaf] = std::move(*item);
  std::vector<LeafOverride> overrides;
  for (auto& [leaf, item] : last) overrides.push_back(std::move(item));
  return overrides;
}

CountedTrees::CountedTrees(const StateReader& state, const ObjectId& id, const BatchObject& batch,
                           AttachmentPtr leaves, LogMoment at)
    : leaves_(std::move(leaves)), overrides_(overrides_of(state, id, batch, at)) {
  const std::vector<std::uint16_t>& column = leaves_->trees()->species;
  if (overrides_.empty()) {
    species_ = {leaves_, &column};  // shares the attachment's life
    return;
  }
  auto changed = std::make_shared<std::vector<std::uint16_t>>(column);
  for (const LeafOverride& item : overrides_) (*changed)[item.leaf] = item.species;
  species_ = std::move(changed);
}

const LeafOverride* CountedTrees::override_of(std::uint64_t leaf) const {
  const auto found = std::ranges::lower_bound(overrides_, leaf, {}, &LeafOverride::leaf);
  return found == overrides_.end() || found->leaf != leaf ? nullptr : &*found;
}

geometry::Position CountedTrees::position(std::uint64_t leaf) const {
  const LeafOverride* changed = override_of(leaf);
  if (changed == nullptr || !changed->lat) return leaves_->trees()->positions[leaf];
  return {*changed->lat, *changed->lon};
}

PlantLeaf CountedTrees::leaf(std::uint64_t index) const {
  auto decoded = decode<PlantLeaf>(leaves_->leaf(index));
  assert(decoded.has_value());
  if (const LeafOverride* changed = override_of(index)) apply(*changed, *decoded);
  return *std::move(decoded);
}

PlantLeaf corrected(const StateReader& state, const LeafThen& which, const BatchObject& batch,
                    PlantLeaf leaf) {
  const auto overrides = overrides_of(state, which.batch, batch, which.at);
  const auto changed = std::ranges::find(overrides, which.index, &LeafOverride::leaf);
  if (changed != overrides.end()) apply(*changed, leaf);
  return leaf;
}

std::vector<std::uint64_t> CountedTrees::count_by_species(std::size_t species,
                                                          std::span<const Range> ranges) const {
  std::vector<std::uint64_t> counts(species);
  for (const Range& range : ranges) {
    for (std::uint64_t i = 0; i < range.count; ++i) ++counts[(*species_)[range.from + i]];
  }
  return counts;
}

}  // namespace treeproof::ledger
