#include "consensus/ledger/cbor_decoder.h"

namespace treeproof::ledger {

crypto::ByteSpan field_of(crypto::ByteSpan encoded_map, std::string_view key) {
  crypto::CborReader in(encoded_map);
  const std::size_t pairs = in.map(kTextBytesMax);
  for (std::size_t i = 0; i < pairs && in.ok(); ++i) {
    if (in.peek() != crypto::CborKind::text) break;
    const bool found = in.text(kTextBytesMax) == key;
    const crypto::ByteSpan item = in.item();
    if (found) return item;
  }
  return {};
}

std::string_view tag_of(crypto::ByteSpan encoded_map, std::string_view key) {
  crypto::CborReader in(field_of(encoded_map, key));
  return in.peek() == crypto::CborKind::text ? in.text(kTextBytesMax) : std::string_view();
}

}  // namespace treeproof::ledger
