#include "consensus/ledger/objects.h"

#include <cassert>

#include "consensus/ledger/cbor_decoder.h"

namespace treeproof::ledger {

RecordInfo record_of(crypto::ByteSpan object) {
  const auto record = decode<RecordInfo>(field_of(object, "record"));
  assert(record.has_value());
  return *record;
}

bool KeyEntry::has(KeyRole role) const noexcept {
  return std::ranges::find(roles, role) != roles.end();
}

bool OrgObject::has(OrgRole role) const noexcept {
  return std::ranges::find(roles, role) != roles.end();
}

const KeyEntry* OrgObject::node_key() const noexcept {
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    if (key->live() && key->has(KeyRole::node)) return &*key;
  }
  return nullptr;
}

const KeyEntry* OrgObject::key(const crypto::Kid& kid) const noexcept {
  const auto found = std::ranges::find(keys, kid, &KeyEntry::kid);
  return found == keys.end() ? nullptr : &*found;
}

const KeyEntry* OrgObject::key(const crypto::PublicKeyBytes& public_key) const noexcept {
  const auto found = std::ranges::find(keys, public_key, &KeyEntry::public_key);
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace treeproof::ledger
