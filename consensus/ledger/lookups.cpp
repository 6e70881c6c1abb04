#include "consensus/ledger/lookups.h"

#include <cassert>

namespace treeproof::ledger {

namespace {

// The encoded value under a text key of a map; empty where there is none.
crypto::ByteSpan value_of(crypto::ByteSpan encoded_map, std::string_view key) {
  crypto::CborReader in(encoded_map);
  const std::size_t pairs = in.map(kTextBytesMax);
  for (std::size_t i = 0; i < pairs && in.ok(); ++i) {
    const bool found = in.text(kTextBytesMax) == key;
    const crypto::ByteSpan value = in.item();
    if (found && in.ok()) return value;
  }
  return {};
}

}  // namespace

std::optional<crypto::PublicKey> registered_key(const StateReader& state, const OrgId& org,
                                                const crypto::Kid& kid) {
  const auto object = get<OrgObject>(state, org.text);
  const KeyEntry* entry = object ? object->key(kid) : nullptr;
  if (entry == nullptr) return std::nullopt;
  return crypto::PublicKey::parse(entry->public_key);
}

std::optional<RecordInfo> record_of(const StateReader& state, const ObjectId& id) {
  const SharedBytes bytes = state.object({"object", id.text});
  if (!bytes) return std::nullopt;
  auto record = decode<RecordInfo>(value_of(*bytes, "record"));
  assert(record.has_value());  // every object of a statement has one
  return *record;
}

Parameters parameters_of(const StateReader& state) {
  const auto parameters = get<Parameters>(state, "current");
  assert(parameters.has_value());
  return *parameters;
}

}  // namespace treeproof::ledger
