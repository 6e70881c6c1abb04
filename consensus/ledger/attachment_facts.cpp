#include "consensus/ledger/attachment_facts.h"

#include <algorithm>
#include <cassert>

namespace treeproof::ledger {

namespace {

std::unexpected<Refusal> refuse(Reason reason, std::size_t index) {
  return std::unexpected(Refusal{reason, {{"leaf", std::to_string(index)}}});
}

bool is_less(crypto::ByteSpan left, crypto::ByteSpan right) {
  return std::ranges::lexicographical_compare(left, right);
}

struct Unit {
  crypto::ByteSpan first;  // commitment
  std::uint64_t grams = 0;
  bool ascends = true;
};

// Nothing where it is no RedeemLeaf, a share is of nothing, or the sum is above the bound.
std::optional<Unit> unit_of(crypto::ByteSpan leaf) {
  Unit unit;
  crypto::ByteSpan last;
  bool adds_up = true;
  const bool whole = visit_shares(leaf, [&](crypto::ByteSpan commitment, std::uint64_t grams) {
    adds_up = adds_up && grams > 0 && grams <= kQuantityMax - unit.grams;
    if (adds_up) unit.grams += grams;
    if (unit.first.empty()) unit.first = commitment;
    unit.ascends = unit.ascends && is_less(last, commitment);
    last = commitment;
  });
  return whole && adds_up ? std::optional(unit) : std::nullopt;
}

}  // namespace

std::expected<RedeemFacts, Refusal> redeem_facts(std::size_t count, const LeafAt& leaf) {
  assert(count > 0);
  RedeemFacts facts;
  crypto::ByteSpan previous;
  for (std::size_t i = 0; i < count; ++i) {
    const auto unit = unit_of(leaf(i));
    if (!unit) return refuse(Reason::leaf_invalid, i);
    if (!unit->ascends || !is_less(previous, unit->first)) {
      return refuse(Reason::leaves_not_ascending, i);
    }
    previous = unit->first;
    if (i == 0) facts.grams_per_unit = unit->grams;
    if (unit->grams != facts.grams_per_unit && !facts.other_unit) {
      facts.other_unit = i;
      facts.other_grams = unit->grams;
    }
  }
  return facts;
}

}  // namespace treeproof::ledger
