#include <cassert>

#include "crypto/ics23.h"
#include "tests/fuzz/golden.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_state_proof(crypto::ByteSpan input) {
  const StateProof& there = golden().existence;
  const StateProof& not_there = golden().absence;
  const crypto::Hash& root = golden().state_root;
  const bool exists = crypto::verify_existence(input, root, there.key, there.value);
  const bool is_absent = crypto::verify_absence(input, root, not_there.key);
  // One root and one key have one proof, in one encoding.
  assert(!exists || crypto::equal(input, there.proof));
  assert(!is_absent || crypto::equal(input, not_there.proof));
  assert(!crypto::verify_absence(input, root, there.key));
  return exists || is_absent ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
