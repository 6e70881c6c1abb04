#include "node/cli/replayed_view.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/campaign_objects.h"
#include "crypto/hash.h"

namespace treeproof::cli {

using ledger::ObjectId;
using ledger::ObjectKey;
using ledger::SharedBytes;
using Listed = std::vector<std::pair<std::string, SharedBytes>>;

ReplayedView::ReplayedView(const ledger::Genesis& genesis)
    : genesis_entries_(ledger::genesis_log_entries(genesis)) {
  take(ledger::genesis_state(genesis), Height{0});
  for (const crypto::Bytes& entry : genesis_entries_) append_log(entry);
  const auto set = std::make_shared<const ValidatorSet>(ledger::genesis_validators(genesis));
  validators_ = {set, set};
  BlockEntry& first = blocks_.emplace_back();
  first.header.chain_id = ledger::chain_id(genesis);
  first.header.time = genesis.clock ? genesis.clock->start : genesis.time;
  first.header.log_size = log_.size();
  first.header.log_root = log_.root();
  first.header.state_root = build_state_map().root();
  first.header.validators_hash = set->hash();
  first.header.next_validators_hash = set->hash();
  first.header_hash = genesis.file_hash;
}

void ReplayedView::take(const ledger::StateChanges& changes, Height height) {
  for (const auto& [key, value] : changes.objects) objects_[key].push_back({height, value});
  for (const auto& [key, value] : changes.pages) {
    value ? static_cast<void>(pages_[key] = value) : static_cast<void>(pages_.erase(key));
  }
}

void ReplayedView::append_log(const crypto::Bytes& entry) {
  log_.append(crypto::leaf_hash(entry),
              [this](std::uint32_t level, std::uint64_t index, const crypto::Hash& hash) {
                if (subtrees_.size() <= level) subtrees_.resize(level + 1);
                assert(subtrees_[level].size() == index);
                subtrees_[level].push_back(hash);
              });
}

void ReplayedView::commit(const replica::ExecutedBlock& executed,
                          bft::CommitCertificate certificate) {
  assert(executed.header.height == height().next());
  take(executed.effects.changes, executed.header.height);
  for (const crypto::Bytes& statement : executed.block->statements) append_log(statement);
  std::ranges::copy(executed.effects.links, std::back_inserter(allocations_));
  validators_.push_back(executed.next_validators);
  blocks_.push_back(
      {executed.header, executed.header_hash, executed.block, std::move(certificate)});
}

void ReplayedView::put_attachment(const ledger::AttachmentPtr& attachment) {
  attachments_.insert_or_assign(attachment->announced().root, attachment);
}

replica::Tip ReplayedView::genesis_tip() const {
  replica::Tip tip;
  tip.header_hash = blocks_.front().header_hash;
  tip.time = blocks_.front().header.time;
  for (const crypto::Bytes& entry : genesis_entries_) tip.log.append(crypto::leaf_hash(entry));
  tip.validators = validators_.front();
  tip.previous_validators = validators_.front();
  return tip;
}

crypto::StateMap ReplayedView::build_state_map() const {
  std::vector<crypto::StateMapChange> changes;
  for (const auto& [key, versions] : objects_) {
    const SharedBytes& value = versions.back().value;
    if (!value) continue;
    changes.push_back({crypto::state_key(key.name_space, key.id), crypto::sha256(*value)});
  }
  crypto::StateMap map;
  map.apply(changes);
  return map;
}

SharedBytes ReplayedView::object(const ObjectKey& key) const {
  const auto found = objects_.find(key);
  return found == objects_.end() ? nullptr : found->second.back().value;
}

SharedBytes ReplayedView::page(const ledger::PageKey& key) const {
  const auto found = pages_.find(key);
  return found == pages_.end() ? nullptr : found->second;
}

ledger::AttachmentPtr ReplayedView::attachment(const crypto::Hash& root) const {
  const auto found = attachments_.find(root);
  return found == attachments_.end() ? nullptr : found->second;
}

SharedBytes ReplayedView::object_at(const ObjectKey& key, Height at) const {
  const auto found = objects_.find(key);
  if (found == objects_.end()) return nullptr;
  const auto later = std::ranges::upper_bound(found->second, at, {}, &Version::since);
  return later == found->second.begin() ? nullptr : std::prev(later)->value;
}

template <class Wanted>
Listed ReplayedView::collect(std::string_view name_space, std::string_view prefix,
                             std::string_view cursor, std::size_t limit, Wanted wanted) const {
  Listed listed;
  const std::string from(std::max(prefix, cursor));
  for (auto at = objects_.lower_bound({std::string(name_space), from}); at != objects_.end();
       ++at) {
    const auto& [key, versions] = *at;
    const bool in_range = key.name_space == name_space && key.id.starts_with(prefix);
    if (!in_range || listed.size() >= limit) break;
    const SharedBytes& value = versions.back().value;
    const bool after_cursor = cursor.empty() || key.id > cursor;
    if (value && after_cursor && wanted(*value)) listed.emplace_back(key.id, value);
  }
  return listed;
}

Listed ReplayedView::objects(std::string_view name_space, std::string_view id_prefix,
                             std::string_view cursor, std::size_t limit) const {
  return collect(name_space, id_prefix, cursor, limit, [](const crypto::Bytes&) { return true; });
}

Listed ReplayedView::objects_of_type(std::string_view type, std::string_view cursor,
                                     std::size_t limit) const {
  return collect("object", "", cursor, limit, [type](const crypto::Bytes& value) {
    return ledger::tag_of(value, "type") == type;
  });
}

std::shared_ptr<const ledger::Block> ReplayedView::block(Height height) const {
  return height.value < blocks_.size() ? blocks_[height.value].block : nullptr;
}

std::optional<bft::CommitCertificate> ReplayedView::certificate(Height height) const {
  if (height.value >= blocks_.size()) return std::nullopt;
  return blocks_[height.value].certificate;
}

replica::ValidatorsPtr ReplayedView::validators(Height height) const {
  return height.value < validators_.size() ? validators_[height.value] : nullptr;
}

std::optional<Height> ReplayedView::height_of_log_index(std::uint64_t index) const {
  const auto size_of = [](const BlockEntry& entry) { return entry.header.log_size; };
  const auto found = std::ranges::upper_bound(blocks_, index, {}, size_of);
  if (found == blocks_.end()) return std::nullopt;
  return found->header.height;
}

std::optional<crypto::Bytes> ReplayedView::log_entry(std::uint64_t index) const {
  if (index < genesis_entries_.size()) return genesis_entries_[index];
  const auto at = height_of_log_index(index);
  if (!at) return std::nullopt;
  return blocks_[at->value].block->statements[index - blocks_[at->value - 1].header.log_size];
}

crypto::Hash ReplayedView::log_subtree(std::uint32_t level, std::uint64_t index) const {
  return subtrees_.at(level).at(index);
}

std::vector<ledger::LinkRange> ReplayedView::links(const ObjectId& allocation) const {
  const auto found =
      std::ranges::find(allocations_, allocation, &ledger::AllocationLinks::allocation);
  return found == allocations_.end() ? std::vector<ledger::LinkRange>() : found->ranges;
}

// The last link whose range holds the member: `member` gives its offset in a range, or nothing.
template <class Member>
std::optional<rpc::LinkPosition> ReplayedView::find_link(Member member) const {
  for (auto links = allocations_.rbegin(); links != allocations_.rend(); ++links) {
    std::uint64_t before = 0;
    for (const ledger::LinkRange& range : links->ranges) {
      const std::optional<std::uint64_t> offset = member(range);
      if (offset) return rpc::LinkPosition{links->allocation, before + *offset};
      before += range.count;
    }
  }
  return std::nullopt;
}

std::optional<rpc::LinkPosition> ReplayedView::link_of_tree(const ObjectId& batch,
                                                            std::uint64_t index) const {
  return find_link([&](const ledger::LinkRange& range) -> std::optional<std::uint64_t> {
    const bool holds =
        range.plant == batch && index >= range.tree_from && index - range.tree_from < range.count;
    return holds ? std::optional(index - range.tree_from) : std::nullopt;
  });
}

std::optional<rpc::LinkPosition> ReplayedView::link_of_unit(const ObjectId& redeem,
                                                            std::uint64_t index) const {
  return find_link([&](const ledger::LinkRange& range) -> std::optional<std::uint64_t> {
    const bool holds =
        range.redeem == redeem && index >= range.unit_from && index - range.unit_from < range.count;
    return holds ? std::optional(index - range.unit_from) : std::nullopt;
  });
}

std::optional<std::pair<ObjectId, std::uint64_t>> ReplayedView::find_commitment(
    const crypto::Hash& commitment) const {
  for (const auto& [id, bytes] : objects_of_type(ledger::Redeem::kName, "", SIZE_MAX)) {
    const auto redemption = ledger::decode_stored<ledger::RedemptionObject>(*bytes);
    const ledger::AttachmentPtr leaves = attachment(redemption.payload.leaves.root);
    for (std::size_t unit = 0; leaves && unit < leaves->leaf_count(); ++unit) {
      const auto shares = ledger::decode<ledger::RedeemLeaf>(leaves->leaf(unit));
      assert(shares.has_value());
      const auto share = std::ranges::find(*shares, commitment, &ledger::Share::commitment);
      if (share != shares->end()) return std::pair(ObjectId{id}, std::uint64_t{unit});
    }
  }
  return std::nullopt;
}

}  // namespace treeproof::cli
