#include <cassert>

#include "rpc/trust_json.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_trust_file(crypto::ByteSpan input) {
  const auto trust = rpc::parse_trust(crypto::as_text(input));
  if (!trust) {
    assert(!rpc::to_string(trust.error()).empty());
    return kRefused;
  }
  const std::string text = rpc::trust_to_text(*trust);
  const auto again = rpc::parse_trust(text);
  assert(again && rpc::trust_to_text(*again) == text);
  return kTaken;
}

}  // namespace treeproof::fuzz
