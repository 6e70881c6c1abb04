#include "node/store/height_writer.h"

#include <cassert>

#include "consensus/ledger/campaign_objects.h"
#include "crypto/hash.h"
#include "node/store/key_layout.h"
#include "node/store/link_index.h"

namespace treeproof::store {

namespace {

constexpr std::string_view kObjectNamespace = "object";

crypto::Bytes encode_height(Height height) {
  crypto::Bytes bytes;
  crypto::append_u64be(bytes, height.value);
  return bytes;
}

crypto::Hash state_root_of(const ledger::StateChanges& genesis) {
  crypto::StateMap map;
  map.apply(ledger::map_changes(genesis));
  return map.root();
}

void put_pages(const ledger::StateChanges& changes, Batch& batch) {
  for (const auto& [key, value] : changes.pages) {
    value ? batch.put(page_key(key), *value) : batch.erase(page_key(key));
  }
}

// The type of an object that a statement made; empty for any other.
std::string_view type_of(const ledger::ObjectKey& key, crypto::ByteSpan value) {
  if (key.name_space != kObjectNamespace) return {};
  return ledger::tag_of(value, "type");
}

}  // namespace

crypto::Bytes encode_names(const std::vector<ledger::ObjectKey>& names) {
  crypto::CborWriter out;
  out.array(2 * names.size());
  for (const ledger::ObjectKey& name : names) {
    out.bytes(crypto::as_bytes(name.name_space)).bytes(crypto::as_bytes(name.id));
  }
  return out.finish();
}

std::vector<ledger::ObjectKey> decode_names(std::string_view stored) {
  crypto::CborReader in(crypto::as_bytes(stored));
  std::vector<ledger::ObjectKey> names(in.array(SIZE_MAX) / 2);
  for (ledger::ObjectKey& name : names) {
    name.name_space = crypto::as_text(in.bytes(SIZE_MAX));
    name.id = crypto::as_text(in.bytes(SIZE_MAX));
  }
  assert(in.finish().has_value());
  return names;
}

void put_new_object(const ledger::ObjectKey& key, crypto::ByteSpan value, TipRecord& tip,
                    Additions& additions, Batch& batch) {
  additions.names.push_back(key);
  const std::string_view type = type_of(key, value);
  if (is_listed(type)) batch.put(type_key(type, key.id), crypto::ByteSpan());
  if (type != ledger::RedemptionObject::kType) return;
  batch.put(redemption_key(tip.redemptions++), key.id);
  additions.redemptions.push_back({key.id});
}

void put_names(const Additions& additions, TipRecord& tip, Batch& batch) {
  if (additions.names.empty()) return;
  tip.names += static_cast<std::uint32_t>(additions.names.size());
  assert(tip.names > additions.first_name && tip.redemptions >= additions.first_redemption);
  batch.put(names_key(tip.names - 1), encode_names(additions.names));
}

HeightWriter HeightWriter::genesis(const ledger::Genesis& genesis, const StoredState& before,
                                   Batch& batch) {
  HeightWriter writer({}, {});
  const ledger::StateChanges changes = ledger::genesis_state(genesis);
  std::vector<crypto::Hash> leaves;
  for (const crypto::Bytes& entry : ledger::genesis_log_entries(genesis)) {
    leaves.push_back(crypto::leaf_hash(entry));
    writer.tip_.log.append(leaves.back());
  }
  writer.tip_.header_hash = genesis.file_hash;
  writer.tip_.time = genesis.clock ? genesis.clock->start : genesis.time;
  writer.tip_.state_root = state_root_of(changes);
  writer.put_changes(changes, before, batch);
  writer.tiles_.append(leaves, batch);
  batch.put(validators_key({}), ledger::genesis_validators(genesis).encode());
  batch.put(kTipKey, encode(writer.tip_));
  return writer;
}

Additions HeightWriter::write(const Input& input, const StoredState& before, Batch& batch) {
  const replica::ExecutedBlock& block = *input.commit.block;
  const ledger::Header& header = block.header;
  assert(header.height == tip_.height.next() && header.previous == tip_.header_hash);
  tip_.height = header.height;
  tip_.header_hash = block.header_hash;
  tip_.time = header.time;
  tip_.state_root = header.state_root;
  tip_.log = block.log_after;
  tip_.commit = bft::encode(input.commit.certificate);
  tip_.blocks_end = end_of(input.places.certificate);
  tip_.attachments_end = input.attachments_end;

  Additions additions = put_changes(block.effects.changes, before, batch);
  put_pages(block.effects.changes, batch);
  for (const ledger::AllocationLinks& links : block.effects.links) put_links(batch, links);
  tiles_.append(block.leaf_hashes, batch);
  batch.put(block_key(header.height), encode_places(input.places));
  if (!block.leaf_hashes.empty()) {
    batch.put(log_index_key(header.log_size - 1), encode_height(header.height));
  }
  if (header.validators_hash != header.next_validators_hash) {
    tip_.validators_since = header.height.next();
    batch.put(validators_key(tip_.validators_since), block.next_validators->encode());
  }
  batch.put(kTipKey, encode(tip_));
  return additions;
}

// Overwritten versions move to the history; keys that were never written get names.
Additions HeightWriter::put_changes(const ledger::StateChanges& changes, const StoredState& before,
                                    Batch& batch) {
  Additions additions{tip_.height, tip_.names, {}, tip_.redemptions, {}};
  for (const auto& [key, value] : changes.objects) {
    const auto previous = before.version(key);
    const bool is_absent = !previous || !previous->value;
    if (!value && is_absent) continue;
    if (previous) {
      const crypto::ByteSpan overwritten = is_absent ? crypto::ByteSpan() : *previous->value;
      batch.put(history_key(key, previous->written), overwritten);
    } else {
      put_new_object(key, *value, tip_, additions, batch);
    }
    batch.put(object_key(key), encode_version({value, tip_.height}));
  }
  put_names(additions, tip_, batch);
  return additions;
}

}  // namespace treeproof::store
