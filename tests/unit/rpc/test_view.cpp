#include "tests/unit/rpc/test_view.h"

#include <gtest/gtest.h>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/ranges.h"
#include "consensus/ledger/redaction.h"
#include "crypto/merkle.h"

namespace treeproof::rpc {

ledger::SharedBytes TestView::object(const ledger::ObjectKey& key) const {
  return object_at(key, height());
}

ledger::SharedBytes TestView::object_at(const ledger::ObjectKey& key, Height at) const {
  const auto found = data_->objects.find(key);
  if (found == data_->objects.end() || at < base_) return nullptr;
  const auto version = found->second.upper_bound(at);
  return version == found->second.begin() ? nullptr : std::prev(version)->second;
}

ledger::SharedBytes TestView::page(const ledger::PageKey& key) const {
  const auto found = data_->pages.find(key);
  return found == data_->pages.end() ? nullptr : found->second;
}

ledger::AttachmentPtr TestView::attachment(const crypto::Hash& root) const {
  if (ledger::is_redacted(*this, root)) return nullptr;
  const auto found = data_->attachments.find(root);
  return found == data_->attachments.end() ? nullptr : found->second;
}

std::optional<crypto::Bytes> TestView::leaf(const crypto::Hash& root, std::uint64_t index) const {
  const auto redacted = ledger::redacted_leaves(*this, root);
  if (redacted.empty()) return ChainView::leaf(root, index);
  if (ledger::contains(redacted, index)) return std::nullopt;
  return crypto::to_bytes(data_->attachments.at(root)->leaf(index));
}

std::vector<crypto::Hash> TestView::link_hashes(const ledger::ObjectId& allocation) const {
  struct Unredacted final : ledger::StateReader {
    explicit Unredacted(const TestView& view) : view_(view) {}
    ledger::SharedBytes object(const ledger::ObjectKey& key) const override {
      return view_.object(key);
    }
    ledger::SharedBytes page(const ledger::PageKey& key) const override { return view_.page(key); }
    ledger::AttachmentPtr attachment(const crypto::Hash& root) const override {
      return view_.data_->attachments.at(root);
    }
    const TestView& view_;
  };
  const bool is_whole = std::ranges::none_of(
      data_->attachments, [&](const auto& held) { return ledger::is_redacted(*this, held.first); });
  if (is_whole) return {};
  std::vector<crypto::Hash> hashes;
  const ledger::LogMoment then{ledger::record_of(*this, allocation)->log_index};
  const auto note = [&](crypto::ByteSpan leaf) { hashes.push_back(crypto::leaf_hash(leaf)); };
  EXPECT_TRUE(ledger::each_link_leaf(Unredacted(*this), links(allocation), then, note));
  return hashes;
}

std::vector<std::pair<std::string, ledger::SharedBytes>> TestView::objects(
    std::string_view name_space, std::string_view id_prefix, std::string_view cursor,
    std::size_t limit) const {
  std::vector<std::pair<std::string, ledger::SharedBytes>> found;
  for (const auto& [key, versions] : data_->objects) {
    const bool is_wanted = key.name_space == name_space && key.id.starts_with(id_prefix) &&
                           key.id > cursor && found.size() < limit;
    if (is_wanted && object(key)) found.emplace_back(key.id, object(key));
  }
  return found;
}

std::vector<std::pair<std::string, ledger::SharedBytes>> TestView::objects_of_type(
    std::string_view type, std::string_view cursor, std::size_t limit) const {
  std::vector<std::pair<std::string, ledger::SharedBytes>> found;
  for (const auto& [key, versions] : data_->objects) {
    if (key.name_space != "object" || key.id <= cursor || found.size() == limit) continue;
    const auto value = object(key);
    if (value && ledger::tag_of(*value, "type") == type) found.emplace_back(key.id, value);
  }
  return found;
}

bool TestView::is_held(Height height) const {
  return height.value >= 1 && height.value <= data_->commits.size() && height >= base_;
}

std::shared_ptr<const ledger::Block> TestView::block(Height height) const {
  return is_held(height) ? data_->commits[height.value - 1].block->block : nullptr;
}

std::optional<bft::CommitCertificate> TestView::certificate(Height height) const {
  if (!is_held(height)) return std::nullopt;
  return data_->commits[height.value - 1].certificate;
}

replica::ValidatorsPtr TestView::validators(Height height) const {
  const bool is_known = height.value >= 1 && height.value <= data_->validators.size();
  return is_known ? data_->validators[height.value - 1] : nullptr;
}

std::optional<Height> TestView::height_of_log_index(std::uint64_t index) const {
  if (index < 2) return Height{0};
  for (const auto& commit : data_->commits) {
    const ledger::Header& header = commit.block->header;
    if (index >= header.log_size) continue;
    return is_held(header.height) ? std::optional(header.height) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<crypto::Bytes> TestView::log_entry(std::uint64_t index) const {
  if (index >= data_->log.size() || !height_of_log_index(index)) return std::nullopt;
  return data_->log[index];
}

crypto::Hash TestView::log_subtree(std::uint32_t level, std::uint64_t index) const {
  std::vector<crypto::Hash> leaves;
  for (std::uint64_t i = index << level; i < (index + 1) << level; ++i) {
    leaves.push_back(crypto::leaf_hash(data_->log.at(i)));
  }
  return crypto::merkle_root(leaves);
}

std::vector<ledger::LinkRange> TestView::links(const ledger::ObjectId& allocation) const {
  for (const auto& links : data_->links) {
    if (links.allocation == allocation) return links.ranges;
  }
  return {};
}

std::optional<LinkPosition> TestView::find_link(const ledger::ObjectId& id, std::uint64_t index,
                                                ledger::ObjectId ledger::LinkRange::* member,
                                                std::uint64_t ledger::LinkRange::* from) const {
  for (const auto& links : data_->links) {
    std::uint64_t before = 0;
    for (const auto& range : links.ranges) {
      const bool is_in =
          range.*member == id && index >= range.*from && index < range.*from + range.count;
      if (is_in) return LinkPosition{links.allocation, before + index - range.*from};
      before += range.count;
    }
  }
  return std::nullopt;
}

std::optional<LinkPosition> TestView::link_of_tree(const ledger::ObjectId& batch,
                                                   std::uint64_t index) const {
  return find_link(batch, index, &ledger::LinkRange::plant, &ledger::LinkRange::tree_from);
}

std::optional<LinkPosition> TestView::link_of_unit(const ledger::ObjectId& redeem,
                                                   std::uint64_t index) const {
  return find_link(redeem, index, &ledger::LinkRange::redeem, &ledger::LinkRange::unit_from);
}

std::optional<std::pair<ledger::ObjectId, std::uint64_t>> TestView::find_commitment(
    const crypto::Hash& commitment) const {
  for (const auto& [id, bytes] : objects_of_type("redeem", "", SIZE_MAX)) {
    const auto redemption = ledger::decode_stored<ledger::RedemptionObject>(*bytes);
    const auto leaves = attachment(redemption.payload.leaves.root);
    for (std::size_t i = 0; i < leaves->leaf_count(); ++i) {
      const auto leaf = ledger::decode<ledger::RedeemLeaf>(leaves->leaf(i));
      for (const auto& share : *leaf) {
        if (share.commitment == commitment) return std::pair{ledger::ObjectId{id}, i};
      }
    }
  }
  return std::nullopt;
}

}  // namespace treeproof::rpc
