#include <cassert>

#include "crypto/cose.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_sign1(crypto::ByteSpan input) {
  if (const auto header = crypto::decode_protected(input)) {
    assert(crypto::equal(crypto::encode(*header), input));
  }
  const auto any = crypto::decode_sign1(input, 65'535, crypto::Unprotected::any);
  const auto strict = crypto::decode_sign1(input, 65'535, crypto::Unprotected::must_be_empty);
  assert(!strict || any);
  if (!any) return kRefused;
  if (any->payload) {
    const auto again = crypto::encode_sign1(any->protected_header, *any->payload, any->signature);
    assert(!strict || crypto::equal(again, input));
  } else {
    const auto again =
        crypto::encode_sign1_detached(any->protected_header, any->unprotected, any->signature);
    assert(crypto::equal(again, input));
  }
  return kTaken;
}

}  // namespace treeproof::fuzz
