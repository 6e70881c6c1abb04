// Which units hold which trees, as an allocate derived it: compact, in link leaf order.
// Owns no leaf and no rule. Callers: rules_allocate (makes them), execution, store, snapshots.
// Pure. Source: docs/ledger.md "allocate"; docs/protocol.md sections 8 and 12.
//
//   ranges = CBOR [[object id, ...], [redemption, unit from, batch, tree from, count, ...]],
//            redemption and batch being numbers of the list of ids, which has each once, in the
//            order in which the numbers first name it
#pragma once

#include <expected>
#include <vector>

#include "consensus/ledger/names.h"
#include "crypto/cbor.h"

namespace treeproof::ledger {

// `count` units from `unit_from` of a redemption hold as many trees from `tree_from` of a batch.
struct LinkRange {
  ObjectId redeem;
  std::uint64_t unit_from = 0;
  ObjectId plant;
  std::uint64_t tree_from = 0;
  std::uint64_t count = 0;
  bool operator==(const LinkRange&) const = default;
};

crypto::Bytes encode(const std::vector<LinkRange>& ranges);
// Strict: at most kLinksMax of them, ids well formed. What they name is not looked at.
std::expected<std::vector<LinkRange>, crypto::CborError> decode_link_ranges(crypto::ByteSpan bytes);

// Derived, not part of the state: what lookups by tree and by unit are made of.
struct AllocationLinks {
  ObjectId allocation;
  std::vector<LinkRange> ranges;  // in run order, then unit order: link leaf order
  bool operator==(const AllocationLinks&) const = default;
};

}  // namespace treeproof::ledger
