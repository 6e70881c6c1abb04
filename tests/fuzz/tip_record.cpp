#include "node/store/tip_record.h"

#include <cassert>

#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_tip_record(crypto::ByteSpan input) {
  const auto tip = store::decode_tip(input);
  if (!tip) return kRefused;
  assert(crypto::equal(store::encode(*tip), input));
  return kTaken;
}

}  // namespace treeproof::fuzz
