#include "node/store/stored_state.h"

#include "node/store/key_layout.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kCacheBytes = 64u << 20;
constexpr std::size_t kEntryBytes = 200;  // nodes of list and table, two keys, the value's head
constexpr std::size_t kHeightBytes = 8;

ledger::SharedBytes shared(std::string_view text) {
  const crypto::ByteSpan bytes = crypto::as_bytes(text);
  return std::make_shared<const crypto::Bytes>(bytes.begin(), bytes.end());
}

}  // namespace

crypto::Bytes encode_version(const Version& version) {
  crypto::Bytes out;
  out.reserve(kHeightBytes + (version.value ? version.value->size() : 0));
  crypto::append_u64be(out, version.written.value);
  if (version.value) out.insert(out.end(), version.value->begin(), version.value->end());
  return out;
}

Version decode_version(std::string_view stored) {
  const Height written{crypto::read_u64be(crypto::as_bytes(stored))};
  const std::string_view value = stored.substr(kHeightBytes);
  return {value.empty() ? nullptr : shared(value), written};
}

StoredState::StoredState(const Database& database, const AttachmentFiles& attachments)
    : database_(database), attachments_(attachments), cache_(kCacheBytes) {}

void StoredState::hold(std::string key, Held version) const {
  const std::size_t value_bytes = version && version->value ? version->value->size() : 0;
  const std::size_t bytes = kEntryBytes + key.size() + value_bytes;
  cache_.put(std::move(key), std::move(version), bytes);
}

std::optional<Version> StoredState::version(const ledger::ObjectKey& key) const {
  std::string stored_key = object_key(key);
  if (const Held* held = cache_.find(stored_key)) return *held;
  if (!filter_.may_hold(stored_key)) return std::nullopt;
  const auto stored = database_.get(stored_key);
  Held found;
  if (stored) found = decode_version(*stored);
  hold(std::move(stored_key), found);
  return found;
}

ledger::SharedBytes StoredState::object(const ledger::ObjectKey& key) const {
  const auto found = version(key);
  return found ? found->value : nullptr;
}

ledger::SharedBytes StoredState::page(const ledger::PageKey& key) const {
  std::string stored_key = page_key(key);
  if (const Held* held = cache_.find(stored_key)) return (*held)->value;
  const auto stored = database_.get(stored_key);
  const Version found{stored ? shared(*stored) : nullptr, {}};
  hold(std::move(stored_key), found);
  return found.value;
}

ledger::AttachmentPtr StoredState::attachment(const crypto::Hash& root) const {
  return attachments_.get(root);
}

// What nobody read stays out of memory: most objects are written once and not asked for again.
void StoredState::note_committed(const ledger::StateChanges& changes, Height height) {
  for (const auto& [key, value] : changes.objects) {
    std::string stored_key = object_key(key);
    if (const Held* held = cache_.find(stored_key)) {
      const bool was_absent = !*held || !(*held)->value;
      const bool is_written = value || !was_absent;
      if (is_written) hold(std::move(stored_key), Version{value, height});
    } else if (value && !filter_.may_hold(stored_key)) {
      filter_.add(stored_key);
    }
  }
  for (const auto& [key, value] : changes.pages) hold(page_key(key), Version{value, {}});
}

}  // namespace treeproof::store
