#include "consensus/proofs/certificate.h"

#include <cassert>

#include "tests/fuzz/golden.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_certificate(crypto::ByteSpan input) {
  const auto certificate = proofs::decode_certificate(input);
  const proofs::Verdict verdict = proofs::verify(input, golden().trust);
  assert(verdict.checks.size() == proofs::kCheckCount);
  assert(verdict.valid == verdict.facts.has_value());
  const bool is_encoded = verdict.checks.front().state == proofs::CheckState::passed;
  assert(!is_encoded || certificate.has_value());
  assert(!verdict.valid || is_encoded);
  if (!certificate) return kRefused;
  assert(crypto::equal(proofs::encode(*certificate), input));
  return kTaken;
}

}  // namespace treeproof::fuzz
