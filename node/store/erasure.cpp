#include "node/store/erasure.h"

#include "consensus/ledger/links.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/redaction.h"
#include "crypto/merkle.h"
#include "node/store/direct_state.h"
#include "node/store/key_layout.h"
#include "node/store/link_index.h"

namespace treeproof::store {

namespace {

using Done = std::expected<void, std::string>;

struct Noted {
  crypto::Hash root{};
  std::optional<Place> place;  // where the bytes are, once what remains stands elsewhere
};

std::vector<Noted> all_noted(const Database& database) {
  std::vector<Noted> found;
  Cursor cursor = database.cursor();
  for (cursor.seek(kErasingPrefix); cursor.valid() && cursor.key().starts_with(kErasingPrefix);
       cursor.next()) {
    const crypto::ByteSpan root = crypto::as_bytes(cursor.key().substr(kErasingPrefix.size()));
    if (root.size() != sizeof(crypto::Hash)) continue;
    Noted& noted = found.emplace_back();
    std::ranges::copy(root, noted.root.begin());
    const crypto::ByteSpan place = crypto::as_bytes(cursor.value());
    if (place.size() == kPlaceBytes) noted.place = read_place(place);
  }
  Database::stop_if_failed(cursor);
  return found;
}

// Of every allocation with links of these members. Where this node lacks other leaves that they
// are made of, it could not give their certificates before either.
void keep_link_hashes(const Database& database, const DirectState& state,
                      const ledger::ObjectId& members, Batch& batch) {
  for (const std::string& prefix :
       {batch_links_prefix(members), redemption_links_prefix(members)}) {
    for (const ledger::ObjectId& allocation : allocations_of(database, prefix)) {
      if (database.get(link_hashes_key(allocation))) continue;
      const ledger::LogMoment then{ledger::record_of(state, allocation)->log_index};
      crypto::Bytes hashes;
      const auto note = [&](crypto::ByteSpan leaf) {
        const crypto::Hash hash = crypto::leaf_hash(leaf);
        hashes.insert(hashes.end(), hash.begin(), hash.end());
      };
      const auto ranges = links_of_allocation(database, {}, allocation);
      if (ledger::each_link_leaf(state, ranges, then, note)) {
        batch.put(link_hashes_key(allocation), hashes);
      }
    }
  }
}

// Where the bytes stand that are to be erased; nothing where none are.
std::expected<std::optional<Place>, std::string> replace(Database& database,
                                                         AttachmentFiles& attachments,
                                                         const crypto::Hash& root) {
  if (!attachments.find(root)) return std::nullopt;
  const DirectState state(database, [&](const crypto::Hash& r) { return attachments.get(r); });
  const auto redacted = ledger::redacted_leaves(state, root);
  Batch batch;
  std::optional<Place> old;
  const auto put = [&](const ledger::RedactedAttachment& remains) -> Done {
    const auto place = attachments.replace(remains, batch);
    if (!place) return std::unexpected(place.error());
    old = *place;
    return {};
  };
  Done done;
  if (const auto whole = attachments.read(root)) {
    for (const auto& user : ledger::users_of_attachment(state, root)) {
      keep_link_hashes(database, state, user, batch);
    }
    done = put(ledger::RedactedAttachment::of(**whole, redacted));
  } else if (const auto before = attachments.remains(root)) {
    done = put(before->without(redacted));
  } else {  // damaged: all of it goes
    old = attachments.find(root);
    batch.erase(attachment_key(root));
    batch.erase(unclaimed_key(root));
  }
  if (!done) return std::unexpected(done.error());
  crypto::Bytes place;
  append_place(place, *old);
  batch.put(erasing_key(root), place);
  if (auto written = database.write(batch, Durability::synced); !written) {
    return std::unexpected(written.error());
  }
  return old;
}

}  // namespace

void note_redactions(const ledger::StateChanges& changes, Batch& batch) {
  for (const crypto::Hash& root : ledger::redacted_by(changes)) {
    batch.put(erasing_key(root), crypto::ByteSpan());
  }
}

std::expected<void, std::string> erase_redacted(Database& database, AttachmentFiles& attachments) {
  for (Noted& noted : all_noted(database)) {
    if (!noted.place) {
      auto place = replace(database, attachments, noted.root);
      if (!place) return std::unexpected(place.error());
      noted.place = *place;
    }
    if (noted.place) {
      if (auto erased = attachments.erase(noted.root, *noted.place); !erased) return erased;
    }
    Batch batch;
    batch.erase(erasing_key(noted.root));
    if (auto written = database.write(batch, Durability::buffered); !written) return written;
  }
  return {};
}

}  // namespace treeproof::store
