#include <cassert>

#include "consensus/bft/certificates.h"
#include "consensus/bft/evidence.h"
#include "tests/fuzz/golden.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_vote_certificate(crypto::ByteSpan input) {
  const std::string& chain_id = golden().chain_id;
  const ValidatorSet& validators = golden().trust.validators;
  int forms = 0;
  if (const auto commit = bft::decode_commit_certificate(input)) {
    assert(crypto::equal(bft::encode(*commit), input));
    bft::verify(*commit, chain_id, validators);
    ++forms;
  }
  if (const auto polka = bft::decode_polka_certificate(input)) {
    assert(crypto::equal(bft::encode(*polka), input));
    bft::verify(*polka, chain_id, validators);
    ++forms;
  }
  if (const auto round = bft::decode_round_certificate(input, chain_id)) {
    assert(crypto::equal(bft::encode(*round, chain_id), input));
    bft::verify(*round, chain_id, validators);
    ++forms;
  }
  if (const auto evidence = bft::decode_evidence(input, chain_id)) {
    assert(crypto::equal(bft::encode(*evidence, chain_id), input));
    (void)bft::VerifiedEvidence::verify(*evidence, chain_id, validators);
    ++forms;
  }
  assert(forms <= 1);
  return forms == 1 ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
