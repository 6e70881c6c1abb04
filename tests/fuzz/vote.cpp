#include <cassert>

#include "consensus/bft/messages.h"
#include "tests/fuzz/golden.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_vote(crypto::ByteSpan input) {
  const std::string& chain_id = golden().chain_id;
  const auto vote = bft::decode_vote(input, chain_id);
  const auto proposal = bft::decode_proposal(input, chain_id);
  assert(!vote || !proposal);
  if (vote) {
    assert(crypto::equal(bft::encode(*vote, chain_id), input));
    bft::verify(*vote, chain_id, golden().trust.validators);
  }
  if (proposal) {
    assert(crypto::equal(bft::encode(*proposal, chain_id), input));
    bft::verify(*proposal, chain_id, golden().trust.validators);
  }
  return vote || proposal ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
