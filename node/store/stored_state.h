// The state after the last commit, for the replica: LevelDB behind a cache of what was used last
// and a filter of the keys that exist.
// Owns cache and filter; not the database nor attachments. Callers: replica and height_writer.
// One thread, the replica's. Source: docs/performance.md.
#pragma once

#include "consensus/ledger/state.h"
#include "consensus/types/height.h"
#include "node/store/attachment_files.h"
#include "node/store/byte_cache.h"
#include "node/store/database.h"
#include "node/store/key_filter.h"

namespace treeproof::store {

// An object as some height wrote it.
struct Version {
  ledger::SharedBytes value;  // null: removed
  Height written;
};
crypto::Bytes encode_version(const Version& version);
// Requires: encode_version made it.
Version decode_version(std::string_view stored);

class StoredState final : public ledger::StateReader {
 public:
  StoredState(const Database& database, const AttachmentFiles& attachments);

  ledger::SharedBytes object(const ledger::ObjectKey& key) const override;
  ledger::SharedBytes page(const ledger::PageKey& key) const override;
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override;
  bool holds(const crypto::Hash& root) const override { return attachments_.is_held(root); }

  // The last version; nothing where the key was never written.
  std::optional<Version> version(const ledger::ObjectKey& key) const;

  // Every object key that is stored, before the first read.
  void note_stored(std::string_view object_key) { filter_.add(object_key); }
  // What a committed height changed.
  void note_committed(const ledger::StateChanges& changes, Height height);

 private:
  using Held = std::optional<Version>;
  void hold(std::string key, Held version) const;

  const Database& database_;
  const AttachmentFiles& attachments_;
  KeyFilter filter_;
  mutable ByteCache<std::string, Held> cache_;  // by LevelDB key; pages too
};

}  // namespace treeproof::store
