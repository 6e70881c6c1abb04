#include "consensus/ledger/attachment.h"

#include <cassert>

#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/cbor_encoder.h"
#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/replace.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

// The leaves of an array of items; none where the bytes are no such array.
std::vector<crypto::Bytes> leaves_of(crypto::ByteSpan bytes) {
  crypto::CborReader in(bytes);
  std::vector<crypto::Bytes> leaves;
  const std::size_t count = in.array(kAttachmentLeavesMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) leaves.push_back(crypto::to_bytes(in.item()));
  return in.finish() ? leaves : std::vector<crypto::Bytes>();
}

template <class Leaf>
bool leaf_holds(crypto::ByteSpan leaf) {
  const auto decoded = ledger::decode<Leaf>(leaf);
  assert(!decoded || crypto::equal(ledger::encode(*decoded), leaf));
  return decoded.has_value();
}

// A ring, or the point that is alone in its outline.
bool outline_leaf_holds(crypto::ByteSpan leaf) {
  const auto ring = geometry::decode_ring(leaf);
  assert(!ring || crypto::equal(geometry::encode_ring(*ring), leaf));
  if (ring) return true;
  const crypto::Bytes alone = crypto::CborWriter().array(1).raw(leaf).finish();
  return geometry::decode_shape(alone).has_value();
}

using LeafHolds = bool (*)(crypto::ByteSpan);
constexpr std::array<LeafHolds, 6> kKinds{
    outline_leaf_holds,          leaf_holds<ledger::PlantLeaf>, leaf_holds<ledger::RedeemLeaf>,
    leaf_holds<ledger::RunLeaf>, leaf_holds<ledger::LinkLeaf>,  leaf_holds<ledger::ReplaceLeaf>};

void judge_as_shape(crypto::ByteSpan bytes) {
  constexpr std::uint64_t kPointAreaM2 = 2'500;
  const auto shape = geometry::decode_shape(bytes);
  if (!shape) return;
  assert(crypto::equal(geometry::encode_shape(*shape), bytes));
  const geometry::Polygon polygon = geometry::counted_polygon(*shape, kPointAreaM2);
  const auto area = geometry::check(polygon);
  assert(!area || geometry::area_m2(polygon) == area->square_metres);
}

}  // namespace

int fuzz_attachment(crypto::ByteSpan input) {
  if (input.empty()) return kRefused;
  const crypto::ByteSpan bytes = input.subspan(1);
  judge_as_shape(bytes);
  const std::vector<crypto::Bytes> leaves = leaves_of(bytes);
  assert(!ledger::Attachment::check(crypto::to_bytes(bytes), {}).has_value());
  if (leaves.empty()) return kRefused;
  const ledger::AttachmentRef announced = ledger::Attachment::build(leaves)->announced();
  const auto attachment = ledger::Attachment::check(crypto::to_bytes(bytes), announced);
  if (!attachment) return kRefused;
  assert(crypto::equal((*attachment)->bytes(), bytes));
  assert((*attachment)->leaf_count() == leaves.size());

  const LeafHolds holds = kKinds.at(input.front() % kKinds.size());
  bool all_hold = true;
  bool all_are_trees = true;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    assert(crypto::equal((*attachment)->leaf(i), leaves[i]));
    all_hold = holds(leaves[i]) && all_hold;
    all_are_trees = leaf_holds<ledger::PlantLeaf>(leaves[i]) && all_are_trees;
  }
  const auto& trees = (*attachment)->trees();
  assert(!trees || (all_are_trees && trees->size() == leaves.size()));
  if (const auto runs = ledger::decode_runs(**attachment)) assert(runs->size() == leaves.size());
  return all_hold ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
