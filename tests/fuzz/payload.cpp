#include <cassert>
#include <nlohmann/json.hpp>

#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/cbor_encoder.h"
#include "rpc/json_codec.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_payload(crypto::ByteSpan input) {
  const auto payload = ledger::decode<ledger::Payload>(input);
  if (!payload) return kRefused;
  assert(crypto::equal(ledger::encode(*payload), input));
  // What people see of it says the same.
  const auto shown = rpc::parse_json(rpc::to_text(rpc::payload_to_json(*payload)));
  assert(shown.has_value());
  const auto again = rpc::payload_from_json(*shown);
  assert(again.has_value());
  assert(crypto::equal(ledger::encode(*again), input));
  return kTaken;
}

}  // namespace treeproof::fuzz
