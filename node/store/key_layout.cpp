#include "node/store/key_layout.h"

#include <cassert>

namespace treeproof::store {

namespace {

std::string u32(std::uint32_t value) {
  crypto::Bytes bytes;
  crypto::append_u32be(bytes, value);
  return std::string(crypto::as_text(bytes));
}

std::string u64(std::uint64_t value) {
  crypto::Bytes bytes;
  crypto::append_u64be(bytes, value);
  return std::string(crypto::as_text(bytes));
}

// kind first 0 second
std::string pair(char kind, std::string_view first, std::string_view second) {
  std::string key;
  key.reserve(first.size() + second.size() + 2);
  key += kind;
  key += first;
  key += '\0';
  key += second;
  return key;
}

}  // namespace

std::string object_key(const ledger::ObjectKey& key) { return pair('o', key.name_space, key.id); }
std::string object_prefix(std::string_view name_space) { return pair('o', name_space, {}); }

std::string history_prefix(const ledger::ObjectKey& key) {
  return pair('h', key.name_space, key.id) + '\0';
}
std::string history_key(const ledger::ObjectKey& key, Height written) {
  return history_prefix(key) + u64(~written.value);
}

std::string type_prefix(std::string_view type) { return pair('y', type, {}); }
std::string type_key(std::string_view type, std::string_view id) { return pair('y', type, id); }
std::string names_key(std::uint32_t last_number) { return 'k' + u32(last_number); }
std::string redemption_key(std::uint32_t number) { return 'n' + u32(number); }
std::string page_key(const ledger::PageKey& key) { return pair('p', key.batch, u32(key.index)); }
std::string links_key(const ledger::ObjectId& allocation) { return 'r' + allocation.text; }
std::string batch_links_prefix(const ledger::ObjectId& batch) { return pair('a', batch.text, {}); }
std::string redemption_links_prefix(const ledger::ObjectId& redemption) {
  return pair('u', redemption.text, {});
}
std::string block_key(Height height) { return 'b' + u64(height.value); }
std::string log_index_key(std::uint64_t last_index) { return 'i' + u64(last_index); }

std::string tile_key(std::uint32_t tile_level, std::uint64_t tile) {
  assert(tile_level < 8);
  return std::string{'l', static_cast<char>(tile_level)} + u64(tile);
}

std::string validators_key(Height from) { return 'v' + u64(~from.value); }

std::string certified_key(Height height) { return 'c' + u64(height.value); }

std::string attachment_key(const crypto::Hash& root) {
  return 's' + std::string(crypto::as_text(root));
}

std::string unclaimed_key(const crypto::Hash& root) {
  return 'w' + std::string(crypto::as_text(root));
}

std::string link_hashes_key(const ledger::ObjectId& allocation) { return 'd' + allocation.text; }

std::string erasing_key(const crypto::Hash& root, Height height) {
  return std::string(kErasingPrefix) + std::string(crypto::as_text(root)) + u64(height.value);
}

std::string redacted_place_key(crypto::ByteSpan place) {
  return std::string(kRedactedPlacePrefix) + std::string(crypto::as_text(place));
}

std::string evidence_key(const crypto::Hash& offence) {
  return std::string(kEvidencePrefix) + std::string(crypto::as_text(offence));
}

std::string alarm_prefix(bft::AlarmKind kind) { return {'f', static_cast<char>(kind)}; }

std::string alarm_key(bft::AlarmKind kind, Height height) {
  return alarm_prefix(kind) + u64(height.value);
}

}  // namespace treeproof::store
