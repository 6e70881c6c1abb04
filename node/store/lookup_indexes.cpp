#include "node/store/lookup_indexes.h"

#include <algorithm>

#include "consensus/ledger/attachment_facts.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/redaction.h"
#include "crypto/state_map.h"
#include "node/store/file.h"
#include "node/store/key_layout.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kChunk = 1u << 16;  // entries taken at once while catching up

// The leaf in which the byte at `offset` of the attachment lies; nothing before the first.
std::optional<std::size_t> leaf_at(const ledger::Attachment& attachment, std::size_t offset) {
  const std::uint8_t* const at = attachment.bytes().data() + offset;
  std::size_t low = 0;
  std::size_t high = attachment.leaf_count();
  while (high - low > 1) {
    const std::size_t middle = (low + high) / 2;
    (attachment.leaf(middle).data() <= at ? low : high) = middle;
  }
  if (at < attachment.leaf(low).data()) return std::nullopt;
  return low;
}

bool holds(crypto::ByteSpan leaf, const crypto::Hash& commitment) {
  bool is_there = false;
  ledger::visit_shares(leaf, [&](crypto::ByteSpan held, std::uint64_t) {
    is_there = is_there || std::ranges::equal(held, commitment);
  });
  return is_there;
}

// The root of a redemption's leaves; nothing where the object is none.
std::optional<crypto::Hash> leaves_root(const ledger::SharedBytes& redemption) {
  if (!redemption || ledger::tag_of(*redemption, "type") != ledger::RedemptionObject::kType) {
    return std::nullopt;
  }
  return ledger::decode_stored<ledger::RedemptionObject>(*redemption).payload.leaves.root;
}

std::optional<std::uint64_t> unit_of(const ledger::Attachment& leaves,
                                     const crypto::Hash& commitment) {
  const std::string_view bytes = crypto::as_text(leaves.bytes());
  const std::string_view wanted = crypto::as_text(commitment);
  for (std::size_t at = bytes.find(wanted); at != bytes.npos; at = bytes.find(wanted, at + 1)) {
    const auto leaf = leaf_at(leaves, at);
    if (leaf && holds(leaves.leaf(*leaf), commitment)) return *leaf;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> unit_of(const ledger::RedactedAttachment& remains,
                                     const crypto::Hash& commitment) {
  for (std::uint64_t i = 0; i < remains.announced().count; ++i) {
    const auto leaf = remains.leaf(i);
    if (leaf && holds(*leaf, commitment)) return i;
  }
  return std::nullopt;
}

}  // namespace

void append_commitments(Entries& out, const ledger::SharedBytes& redemption,
                        const AttachmentFiles& attachments, std::uint32_t number) {
  const auto root = leaves_root(redemption);
  if (!root) return;
  const auto add = [&](crypto::ByteSpan commitment, std::uint64_t) {
    out.push_back(make_entry(commitment, number));
  };
  if (const auto whole = attachments.get(*root)) {
    for (std::size_t i = 0; i < whole->leaf_count(); ++i) ledger::visit_shares(whole->leaf(i), add);
  } else if (const auto remains = attachments.remains(*root)) {
    for (std::uint64_t i = 0; i < remains->announced().count; ++i) {
      if (const auto leaf = remains->leaf(i)) ledger::visit_shares(*leaf, add);
    }
  }
}

LookupIndexes::LookupIndexes(const std::filesystem::path& folder, const Database& database,
                             const AttachmentFiles& attachments, const TipRecord& tip)
    : database_(database),
      attachments_(attachments),
      names_(folder, "names", tip.names),
      commitments_(folder, "commitments", tip.redemptions),
      follower_(
          tip.height, [this, tip] { cover_missing(tip); },
          [this](std::vector<Additions> additions) { take(additions); }) {}

void LookupIndexes::push(Additions additions) {
  const Height height = additions.height;
  follower_.push(height, std::move(additions));
}

void LookupIndexes::cover_missing(const TipRecord& tip) {
  while (names_.covered() < tip.names) {
    Additions additions{{}, names_.covered(), {}, commitments_.covered(), {}};
    Cursor cursor = database_.cursor();
    std::uint32_t end = additions.first_name;
    for (cursor.seek(names_key(end)); cursor.valid() && end < tip.names; cursor.next()) {
      auto names = decode_names(cursor.value());
      const auto last = crypto::read_u32be(crypto::as_bytes(cursor.key().substr(1)));
      // A run may end inside the names of a block.
      const std::size_t missing = last + 1 - end;
      std::ranges::move(names.end() - static_cast<std::ptrdiff_t>(missing), names.end(),
                        std::back_inserter(additions.names));
      end = last + 1;
      if (additions.names.size() >= kChunk) break;
    }
    Database::stop_if_failed(cursor);
    if (end == additions.first_name) stop_on_disk_failure("names of objects are missing");
    take({additions});
  }
  while (commitments_.covered() < tip.redemptions) {
    const std::uint32_t number = commitments_.covered();
    const auto id = database_.get(redemption_key(number));
    if (!id) stop_on_disk_failure("the number of a redemption is missing");
    take({Additions{{}, names_.covered(), {}, number, {ledger::ObjectId{*id}}}});
  }
}

void LookupIndexes::take(const std::vector<Additions>& additions) {
  Entries names;
  Entries commitments;
  for (const Additions& added : additions) {
    std::uint32_t number = added.first_name;
    for (const ledger::ObjectKey& name : added.names) {
      names.push_back(make_entry(crypto::state_key(name.name_space, name.id), number++));
    }
    number = added.first_redemption;
    for (const ledger::ObjectId& id : added.redemptions) {
      const auto stored = database_.get(object_key({"object", id.text}));
      const auto value = stored ? decode_version(*stored).value : nullptr;
      append_commitments(commitments, value, attachments_, number++);
    }
  }
  const Additions& last = additions.back();
  names_.add(std::move(names), last.first_name + static_cast<std::uint32_t>(last.names.size()));
  commitments_.add(std::move(commitments),
                   last.first_redemption + static_cast<std::uint32_t>(last.redemptions.size()));
}

std::optional<std::pair<ledger::ObjectId, std::uint64_t>> LookupIndexes::find_commitment(
    const ledger::StateReader& view, Height height, const crypto::Hash& commitment) const {
  follower_.wait_for(height);
  for (const std::uint32_t number : commitments_.find(commitment)) {
    const auto id = database_.get(redemption_key(number));
    if (!id) continue;
    const auto root = leaves_root(view.object({"object", *id}));
    if (!root) continue;
    std::optional<std::uint64_t> unit;
    if (ledger::is_redacted(view, *root)) {
      if (const auto remains = attachments_.remains(*root)) unit = unit_of(*remains, commitment);
      if (unit && ledger::is_redacted(view, *root, *unit)) unit.reset();  // not erased yet
    } else if (const auto leaves = attachments_.get(*root)) {
      unit = unit_of(*leaves, commitment);
    }
    if (unit) return std::pair{ledger::ObjectId{*id}, *unit};
  }
  return std::nullopt;
}

std::optional<ledger::ObjectKey> LookupIndexes::name_of(const crypto::Hash& state_key,
                                                        Height height) const {
  follower_.wait_for(height);
  Cursor cursor = database_.cursor();
  for (const std::uint32_t number : names_.find(state_key)) {
    cursor.seek(names_key(number));
    if (!cursor.valid()) continue;
    const auto names = decode_names(cursor.value());
    const auto last = crypto::read_u32be(crypto::as_bytes(cursor.key().substr(1)));
    const std::size_t at = names.size() - 1 - (last - number);
    if (crypto::state_key(names.at(at).name_space, names.at(at).id) == state_key) return names[at];
  }
  Database::stop_if_failed(cursor);
  return std::nullopt;
}

}  // namespace treeproof::store
