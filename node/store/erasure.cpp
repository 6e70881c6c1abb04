#include "node/store/erasure.h"

#include <algorithm>

#include "consensus/ledger/links.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/redaction.h"
#include "crypto/merkle.h"
#include "node/store/direct_state.h"
#include "node/store/file.h"
#include "node/store/key_layout.h"
#include "node/store/link_index.h"

namespace treeproof::store {

namespace {

using Done = std::expected<void, std::string>;

// The keys with this prefix, without it, and their values.
std::vector<std::pair<std::string, std::string>> all_noted(const Database& database,
                                                           std::string_view prefix) {
  std::vector<std::pair<std::string, std::string>> found;
  Cursor cursor = database.cursor();
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    found.emplace_back(cursor.key().substr(prefix.size()), cursor.value());
  }
  Database::stop_if_failed(cursor);
  return found;
}

crypto::Hash root_in(std::string_view text) {
  crypto::Hash root{};
  if (text.size() < root.size()) stop_on_disk_failure("what is to be erased is not named whole");
  std::ranges::copy(crypto::as_bytes(text).first(root.size()), root.begin());
  return root;
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

// What remains takes the place of the attachment; the batch notes where the bytes stand still.
Done take_out(const Database& database, AttachmentFiles& attachments, const crypto::Hash& root,
              Batch& batch) {
  auto old = attachments.find(root);
  if (!old) return {};
  const DirectState state(database, [&](const crypto::Hash& r) { return attachments.get(r); });
  const auto redacted = ledger::redacted_leaves(state, root);
  std::optional<ledger::RedactedAttachment> remains;
  if (const auto whole = attachments.read(root)) {
    for (const auto& user : ledger::users_of_attachment(state, root)) {
      keep_link_hashes(database, state, user, batch);
    }
    remains = ledger::RedactedAttachment::of(**whole, redacted);
  } else if (const auto before = attachments.remains(root)) {
    remains = before->without(redacted);
  }
  if (remains) {
    const auto replaced = attachments.replace(*remains, batch);
    if (!replaced) return std::unexpected(replaced.error());
    old = *replaced;
  } else {  // damaged: all of it goes
    batch.erase(attachment_key(root));
    batch.erase(unclaimed_key(root));
  }
  crypto::Bytes place;
  append_place(place, *old);
  batch.put(redacted_place_key(place), root);
  return {};
}

}  // namespace

void note_redactions(const ledger::StateChanges& changes, Height height, Batch& batch) {
  for (const crypto::Hash& root : ledger::redacted_by(changes)) {
    batch.put(erasing_key(root, height), crypto::ByteSpan());
  }
}

std::expected<void, std::string> erase_redacted(Database& database, AttachmentFiles& attachments) {
  for (const auto& [noted, nothing] : all_noted(database, kErasingPrefix)) {
    Batch batch;
    if (auto out = take_out(database, attachments, root_in(noted), batch); !out) return out;
    batch.erase(std::string(kErasingPrefix) + noted);
    if (auto written = database.write(batch, Durability::synced); !written) return written;
  }
  for (const auto& [place, root] : all_noted(database, kRedactedPlacePrefix)) {
    if (place.size() != kPlaceBytes)
      stop_on_disk_failure("the place of redacted bytes is malformed");
    const Place at = read_place(crypto::as_bytes(place));
    if (auto erased = attachments.erase(root_in(root), at); !erased) return erased;
    Batch batch;
    batch.erase(redacted_place_key(crypto::as_bytes(place)));
    if (auto written = database.write(batch, Durability::buffered); !written) return written;
  }
  return {};
}

}  // namespace treeproof::store
