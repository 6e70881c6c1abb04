#include <cassert>

#include "consensus/replica/messages.h"
#include "tests/fuzz/golden.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_peer_message(crypto::ByteSpan input) {
  if (input.empty()) return kRefused;
  const std::uint8_t kind = input.front();
  const crypto::ByteSpan payload = input.subspan(1);
  const auto message = replica::decode(kind, payload, golden().chain_id);
  if (!message) {
    assert(!message.error().empty());
    return kRefused;
  }
  assert(replica::kind_of(*message) == kind);
  assert(payload.size() <= replica::payload_bytes_max(kind));
  assert(crypto::equal(replica::encode(*message, golden().chain_id), payload));
  return kTaken;
}

}  // namespace treeproof::fuzz
