#include "consensus/types/validator_set.h"

#include <cassert>

#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_validator_set(crypto::ByteSpan input) {
  const auto validators = ValidatorSet::decode(input);
  if (!validators) return kRefused;
  assert(crypto::equal(validators->encode(), input));
  assert(validators->is_quorum(validators->total_power()));
  return kTaken;
}

}  // namespace treeproof::fuzz
