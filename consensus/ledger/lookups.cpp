#include "consensus/ledger/lookups.h"

#include <cassert>

namespace treeproof::ledger {

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
  return record_of(*bytes);
}

Parameters parameters_of(const StateReader& state) {
  const auto parameters = get<Parameters>(state, kParametersId);
  assert(parameters.has_value());
  return *parameters;
}

}  // namespace treeproof::ledger
