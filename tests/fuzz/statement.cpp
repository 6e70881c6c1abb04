#include "consensus/ledger/statement.h"

#include <cassert>

#include "consensus/ledger/cbor_encoder.h"
#include "tests/fuzz/golden.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_statement(crypto::ByteSpan input) {
  const auto statement = ledger::parse_statement(crypto::to_bytes(input), golden().chain_id);
  if (!statement) {
    assert(!ledger::to_string(statement.error()).empty());
    return kRefused;
  }
  const ledger::SignedStatement& parsed = **statement;
  assert(crypto::equal(parsed.bytes, input));
  const auto sign1 = crypto::decode_sign1(input, input.size(), crypto::Unprotected::must_be_empty);
  assert(sign1 && sign1->payload);
  assert(crypto::equal(ledger::encode(parsed.payload), *sign1->payload));
  assert(parsed.id == crypto::sig_structure_hash(sign1->protected_header, *sign1->payload));
  assert(ledger::ObjectId::check(parsed.object().text));
  return kTaken;
}

}  // namespace treeproof::fuzz
