#include <cassert>

#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

// Each text has one value and each value one text.
bool holds(crypto::ByteSpan input, std::string (*encode)(crypto::ByteSpan),
           std::optional<crypto::Bytes> (*decode)(std::string_view)) {
  const auto there_and_back = decode(encode(input));
  assert(there_and_back && crypto::equal(*there_and_back, input));
  const auto bytes = decode(crypto::as_text(input));
  assert(!bytes || encode(*bytes) == crypto::as_text(input));
  return bytes.has_value();
}

}  // namespace

int fuzz_text_codecs(crypto::ByteSpan input) {
  bool is_any = holds(input, crypto::to_hex, crypto::from_hex);
  is_any |= holds(input, crypto::to_base64url, crypto::from_base64url);
  is_any |= holds(input, crypto::to_base64, crypto::from_base64);
  is_any |= holds(input, crypto::to_base45, crypto::from_base45);
  return is_any ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
