#include "node/store/store_view.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/lookups.h"
#include "consensus/ledger/redaction.h"
#include "node/store/file.h"
#include "node/store/key_layout.h"
#include "node/store/link_index.h"

namespace treeproof::store {

replica::ValidatorsPtr read_validators(const Database& database, const Snapshot& snapshot,
                                       Height height) {
  Cursor cursor = database.cursor(snapshot);
  cursor.seek(validators_key(height));  // complements: the newest set at or below the height
  Database::stop_if_failed(cursor);
  const bool is_found = cursor.valid() && cursor.key().starts_with('v');
  auto set = is_found ? ValidatorSet::decode(crypto::as_bytes(cursor.value()))
                      : std::unexpected(crypto::CborError::truncated);
  if (!set) stop_on_disk_failure("the validators of a height are missing");
  return std::make_shared<const ValidatorSet>(*std::move(set));
}

std::optional<BlockPlaces> read_places(const Database& database, const Snapshot& snapshot,
                                       Height height) {
  const auto stored = database.get(block_key(height), snapshot);
  return stored ? decode_places(*stored) : std::nullopt;
}

StoreView::StoreView(const ViewSources& sources, Moment moment)
    : sources_(sources), moment_(std::move(moment)), snapshot_(sources.database.snapshot()) {}

ledger::SharedBytes StoreView::object(const ledger::ObjectKey& key) const {
  const auto stored = sources_.database.get(object_key(key), snapshot_);
  return stored ? decode_version(*stored).value : nullptr;
}

ledger::SharedBytes StoreView::page(const ledger::PageKey& key) const {
  const auto stored = sources_.database.get(page_key(key), snapshot_);
  if (!stored) return nullptr;
  return std::make_shared<const crypto::Bytes>(crypto::to_bytes(crypto::as_bytes(*stored)));
}

bool StoreView::holds(const crypto::Hash& root) const {
  return !ledger::is_redacted(*this, root) && sources_.attachments.is_held(root);
}

// A redacted one is hidden at once, although its bytes are erased a moment later.
ledger::AttachmentPtr StoreView::attachment(const crypto::Hash& root) const {
  return ledger::is_redacted(*this, root) ? nullptr : sources_.attachments.get(root);
}

// Nor does a leaf of what remains show that was redacted since.
std::optional<crypto::Bytes> StoreView::leaf(const crypto::Hash& root, std::uint64_t index) const {
  if (!ledger::is_redacted(*this, root)) return ChainView::leaf(root, index);
  if (ledger::is_redacted(*this, root, index)) return std::nullopt;
  const auto remains = sources_.attachments.remains(root);
  if (!remains || index >= remains->announced().count) return std::nullopt;
  const auto held = remains->leaf(index);
  return held ? std::optional(crypto::to_bytes(*held)) : std::nullopt;
}

ledger::SharedBytes StoreView::object_at(const ledger::ObjectKey& key, Height at) const {
  const auto stored = sources_.database.get(object_key(key), snapshot_);
  if (!stored) return nullptr;
  const Version latest = decode_version(*stored);
  if (latest.written <= at) return latest.value;
  Cursor cursor = sources_.database.cursor(snapshot_);
  const std::string prefix = history_prefix(key);
  const std::string wanted = history_key(key, at);
  cursor.seek(wanted);  // complements: the newest version at or below the height
  Database::stop_if_failed(cursor);
  const bool is_version =
      cursor.valid() && cursor.key().starts_with(prefix) && cursor.key().size() == wanted.size();
  if (!is_version || cursor.value().empty()) return nullptr;
  return std::make_shared<const crypto::Bytes>(crypto::to_bytes(crypto::as_bytes(cursor.value())));
}

std::vector<std::pair<std::string, ledger::SharedBytes>> StoreView::objects(
    std::string_view name_space, std::string_view id_prefix, std::string_view cursor,
    std::size_t limit) const {
  std::vector<std::pair<std::string, ledger::SharedBytes>> found;
  const std::string space = object_prefix(name_space);
  const std::string prefix = space + std::string(id_prefix);
  const std::string after = space + std::string(cursor);
  Cursor entries = sources_.database.cursor(snapshot_);
  for (entries.seek(std::max(prefix, after)); found.size() < limit && entries.valid();
       entries.next()) {
    if (!entries.key().starts_with(prefix)) break;
    if (!cursor.empty() && entries.key() <= after) continue;
    Version version = decode_version(entries.value());
    if (version.value) {
      found.emplace_back(entries.key().substr(space.size()), std::move(version.value));
    }
  }
  Database::stop_if_failed(entries);
  return found;
}

std::vector<std::pair<std::string, ledger::SharedBytes>> StoreView::objects_of_type(
    std::string_view type, std::string_view cursor, std::size_t limit) const {
  if (!is_listed(type)) return unlisted_of_type(type, cursor, limit);
  std::vector<std::pair<std::string, ledger::SharedBytes>> found;
  const std::string prefix = type_prefix(type);
  const std::string after = prefix + std::string(cursor);
  Cursor entries = sources_.database.cursor(snapshot_);
  for (entries.seek(after); found.size() < limit && entries.valid(); entries.next()) {
    if (!entries.key().starts_with(prefix)) break;
    if (!cursor.empty() && entries.key() <= after) continue;
    std::string id(entries.key().substr(prefix.size()));
    auto value = object({"object", id});
    if (value) found.emplace_back(std::move(id), std::move(value));
  }
  Database::stop_if_failed(entries);
  return found;
}

// Reads objects of other types, too, until there are enough.
std::vector<std::pair<std::string, ledger::SharedBytes>> StoreView::unlisted_of_type(
    std::string_view type, std::string_view cursor, std::size_t limit) const {
  std::vector<std::pair<std::string, ledger::SharedBytes>> found;
  const std::string space = object_prefix("object");
  const std::string after = space + std::string(cursor);
  Cursor entries = sources_.database.cursor(snapshot_);
  for (entries.seek(after); found.size() < limit && entries.valid(); entries.next()) {
    if (!entries.key().starts_with(space)) break;
    if (!cursor.empty() && entries.key() <= after) continue;
    Version version = decode_version(entries.value());
    const bool is_wanted = version.value && ledger::tag_of(*version.value, "type") == type;
    if (is_wanted) found.emplace_back(entries.key().substr(space.size()), std::move(version.value));
  }
  Database::stop_if_failed(entries);
  return found;
}

std::shared_ptr<const ledger::Block> StoreView::block(Height height) const {
  const auto places = read_places(sources_.database, snapshot_, height);
  return places ? sources_.blocks.block(*places) : nullptr;
}

std::optional<crypto::Bytes> StoreView::header_bytes(Height height) const {
  if (const auto held = block(height)) return held->header_bytes;
  auto certified = read_certified(sources_.database, snapshot_, height);
  if (!certified) return std::nullopt;
  return std::move(certified->header);
}

std::optional<bft::CommitCertificate> StoreView::certificate(Height height) const {
  const auto places = read_places(sources_.database, snapshot_, height);
  if (places) return sources_.blocks.certificate(*places);
  auto certified = read_certified(sources_.database, snapshot_, height);
  if (!certified) return std::nullopt;
  return std::move(certified->certificate);
}

replica::ValidatorsPtr StoreView::validators(Height height) const {
  if (height > moment_.header.height.next()) return nullptr;
  if (height >= moment_.validators_since) return moment_.validators;
  return read_validators(sources_.database, snapshot_, height);
}

std::optional<Height> StoreView::height_of_log_index(std::uint64_t index) const {
  if (index >= moment_.header.log_size) return std::nullopt;
  if (index < sources_.genesis_log.size()) return Height{0};
  if (index < moment_.base.log_from) return std::nullopt;  // in a block below the base
  Cursor cursor = sources_.database.cursor(snapshot_);
  cursor.seek(log_index_key(index));  // the block whose last statement is at or behind it
  Database::stop_if_failed(cursor);
  if (!cursor.valid() || !cursor.key().starts_with('i')) {
    stop_on_disk_failure("the height of a log entry is missing");
  }
  return Height{crypto::read_u64be(crypto::as_bytes(cursor.value()))};
}

std::optional<crypto::Bytes> StoreView::log_entry(std::uint64_t index) const {
  const auto holder = height_of_log_index(index);
  if (!holder) return std::nullopt;
  if (index < sources_.genesis_log.size()) return sources_.genesis_log[index];
  const auto held = block(*holder);
  const auto block_header = held ? ledger::decode_header(held->header_bytes)
                                 : std::unexpected(crypto::CborError::truncated);
  if (!block_header) stop_on_disk_failure("the block of a log entry is missing");
  return held->statements.at(index + held->statements.size() - block_header->log_size);
}

crypto::Hash StoreView::log_subtree(std::uint32_t level, std::uint64_t index) const {
  return store::log_subtree(sources_.database, snapshot_, level, index);
}

std::vector<ledger::LinkRange> StoreView::links(const ledger::ObjectId& allocation) const {
  return links_of_allocation(sources_.database, snapshot_, allocation);
}

std::vector<crypto::Hash> StoreView::link_hashes(const ledger::ObjectId& allocation) const {
  const auto stored = sources_.database.get(link_hashes_key(allocation), snapshot_);
  std::vector<crypto::Hash> hashes(stored ? stored->size() / sizeof(crypto::Hash) : 0);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const auto part = crypto::as_bytes(*stored).subspan(i * sizeof(crypto::Hash));
    std::ranges::copy(part.first(sizeof(crypto::Hash)), hashes[i].begin());
  }
  return hashes;
}

// The one that was recorded last.
std::optional<rpc::LinkPosition> StoreView::last_link(
    const std::vector<rpc::LinkPosition>& links) const {
  std::optional<rpc::LinkPosition> last;
  std::uint64_t last_index = 0;
  for (const rpc::LinkPosition& link : links) {
    if (links.size() == 1) return link;
    const auto record = ledger::record_of(*this, link.allocation);
    assert(record.has_value());
    if (last && record->log_index < last_index) continue;
    last = link;
    last_index = record->log_index;
  }
  return last;
}

std::optional<rpc::LinkPosition> StoreView::link_of_tree(const ledger::ObjectId& batch,
                                                         std::uint64_t index) const {
  return last_link(links_of_member(sources_.database, snapshot_, batch_links_prefix(batch), index));
}

std::optional<rpc::LinkPosition> StoreView::link_of_unit(const ledger::ObjectId& redeem,
                                                         std::uint64_t index) const {
  return last_link(
      links_of_member(sources_.database, snapshot_, redemption_links_prefix(redeem), index));
}

std::optional<std::pair<ledger::ObjectId, std::uint64_t>> StoreView::find_commitment(
    const crypto::Hash& commitment) const {
  return sources_.lookups.find_commitment(*this, height(), commitment);
}

}  // namespace treeproof::store
