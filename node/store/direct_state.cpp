#include "node/store/direct_state.h"

#include "node/store/key_layout.h"
#include "node/store/stored_state.h"

namespace treeproof::store {

ledger::SharedBytes DirectState::object(const ledger::ObjectKey& key) const {
  const auto stored = database_.get(object_key(key));
  return stored ? decode_version(*stored).value : nullptr;
}

ledger::SharedBytes DirectState::page(const ledger::PageKey& key) const {
  const auto stored = database_.get(page_key(key));
  if (!stored) return nullptr;
  return std::make_shared<const crypto::Bytes>(crypto::to_bytes(crypto::as_bytes(*stored)));
}

}  // namespace treeproof::store
