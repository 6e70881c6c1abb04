// What stands under the tip's key: where the chain and the store's own counters are after a height.
// Owns no block and no state. Callers: height_writer, store, check. Pure.
// Source: docs/consensus.md rule 24; docs/protocol.md sections 4 and 6.
#pragma once

#include <expected>

#include "consensus/replica/chain.h"
#include "node/store/segment_files.h"

namespace treeproof::store {

struct TipRecord {
  Height height;
  crypto::Hash header_hash{};  // SHA-256(genesis file) at height 0
  TimeMs time;
  crypto::Hash state_root{};
  crypto::Frontier log;
  crypto::Bytes commit{0xf6};       // CBOR of its certificate; null at height 0
  Height validators_since;          // the set of height + 1 is in force from there
  std::uint32_t names = 0;          // objects named so far
  std::uint32_t redemptions = 0;    // redemptions numbered so far
  SegmentPosition blocks_end;       // what stands behind it came after this height
  SegmentPosition attachments_end;  // all before it are found by their roots
};

crypto::Bytes encode(const TipRecord& tip);
// Strict.
std::expected<TipRecord, crypto::CborError> decode_tip(crypto::ByteSpan bytes);

}  // namespace treeproof::store
