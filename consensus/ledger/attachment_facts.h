// What the leaves of an attachment say by themselves: pure functions of its bytes, computed once,
// when the attachment is checked, so that no rule decodes a quarter of a million leaves again.
// Owns no bytes. Callers: Attachment (makes them), rules (read them). Pure.
// Source: docs/ledger.md "redeem", I2.
#pragma once

#include <expected>
#include <functional>
#include <optional>

#include "consensus/ledger/leaves.h"
#include "consensus/ledger/reason.h"
#include "crypto/cbor.h"

namespace treeproof::ledger {

// The leaves of a redeem: units whose shares add up to one price.
struct RedeemFacts {
  std::uint64_t grams_per_unit = 0;  // of unit 0
  // The first unit whose shares add up to something else.
  std::optional<std::uint64_t> other_unit;
  std::uint64_t other_grams = 0;
  bool operator==(const RedeemFacts&) const = default;
};

// Reads a RedeemLeaf where it lies, share by share: visit(commitment, grams), 32 bytes and a
// number. As strict as decode<RedeemLeaf>, without its vector. False: it is none; some may be
// visited.
template <class Visit>
bool visit_shares(crypto::ByteSpan leaf, const Visit& visit) {
  crypto::CborReader in(leaf);
  const std::size_t shares = in.array(kCommitmentsPerUnitMax);
  for (std::size_t i = 0; i < shares && in.ok(); ++i) {
    in.array_exact(2);
    const crypto::ByteSpan commitment = in.bytes_exact(sizeof(crypto::Hash));
    const std::uint64_t grams = in.uint();
    if (in.ok()) visit(commitment, grams);
  }
  return in.finish().has_value() && shares > 0;
}

// The bytes stay where they are for as long as the attachment lives.
using LeafAt = std::function<crypto::ByteSpan(std::size_t index)>;

// Refuses, with the leaf's index: leaf_invalid (not a RedeemLeaf, a share of nothing, grams above
// kQuantityMax), leaves_not_ascending (strictly, by first commitment; and by commitment within a
// unit). Stops at the first. Requires: count > 0.
std::expected<RedeemFacts, Refusal> redeem_facts(std::size_t count, const LeafAt& leaf);

}  // namespace treeproof::ledger
