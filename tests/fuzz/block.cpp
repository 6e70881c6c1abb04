#include "consensus/ledger/block.h"

#include <cassert>

#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_block(crypto::ByteSpan input) {
  const auto header = ledger::decode_header(input);
  const auto block = ledger::decode_block(input);
  assert(!header || !block);  // a map and an array
  if (header) assert(crypto::equal(ledger::encode_header(*header), input));
  if (block) {
    assert(crypto::equal(ledger::encode_block(*block), input));
    ledger::evidence_hash(*block);
  }
  return header || block ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
