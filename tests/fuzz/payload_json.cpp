#include <cassert>
#include <nlohmann/json.hpp>

#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/cbor_encoder.h"
#include "rpc/json_codec.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_payload_json(crypto::ByteSpan input) {
  const auto json = rpc::parse_json(crypto::as_text(input));
  if (!json) return kRefused;
  const auto payload = rpc::payload_from_json(*json);
  if (!payload) {
    assert(!rpc::to_string(payload.error()).empty());
    return kRefused;
  }
  const crypto::Bytes bytes = ledger::encode(*payload);
  const auto decoded = ledger::decode<ledger::Payload>(bytes);
  assert(decoded.has_value());
  const auto again = rpc::payload_from_json(rpc::payload_to_json(*decoded));
  assert(again && ledger::encode(*again) == bytes);
  return kTaken;
}

}  // namespace treeproof::fuzz
