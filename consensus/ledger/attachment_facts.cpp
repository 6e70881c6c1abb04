#include "consensus/ledger/attachment_facts.h"

#include <cassert>

#include "consensus/ledger/cbor_decoder.h"

namespace treeproof::ledger {

namespace {

std::unexpected<Refusal> refuse(Reason reason, std::size_t index) {
  return std::unexpected(Refusal{reason, {{"leaf", std::to_string(index)}}});
}

// The sum of a unit's shares; nothing where one is zero or the sum is above the bound.
std::optional<std::uint64_t> grams_of(const RedeemLeaf& unit) {
  std::uint64_t grams = 0;
  for (const Share& share : unit) {
    if (share.grams == 0 || share.grams > kQuantityMax - grams) return std::nullopt;
    grams += share.grams;
  }
  return grams;
}

bool shares_ascend(const RedeemLeaf& unit) {
  for (std::size_t i = 1; i < unit.size(); ++i) {
    if (unit[i - 1].commitment >= unit[i].commitment) return false;
  }
  return true;
}

}  // namespace

std::expected<RedeemFacts, Refusal> redeem_facts(std::size_t count, const LeafAt& leaf) {
  assert(count > 0);
  RedeemFacts facts;
  crypto::Hash previous{};
  for (std::size_t i = 0; i < count; ++i) {
    const auto unit = decode<RedeemLeaf>(leaf(i));
    if (!unit) return refuse(Reason::leaf_invalid, i);
    const auto grams = grams_of(*unit);
    if (!grams) return refuse(Reason::leaf_invalid, i);
    const crypto::Hash& first = unit->front().commitment;
    if ((i > 0 && first <= previous) || !shares_ascend(*unit)) {
      return refuse(Reason::leaves_not_ascending, i);
    }
    previous = first;
    if (i == 0) facts.grams_per_unit = *grams;
    if (*grams != facts.grams_per_unit && !facts.other_unit) {
      facts.other_unit = i;
      facts.other_grams = *grams;
    }
  }
  return facts;
}

}  // namespace treeproof::ledger
