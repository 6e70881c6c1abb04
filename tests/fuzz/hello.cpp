#include "node/network/hello.h"

#include <cassert>

#include "tests/fuzz/golden.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_hello(crypto::ByteSpan input) {
  const network::HelloTerms terms{golden().chain_id, "platform", network::Side::client,
                                  golden().hello_exporter};
  const auto admitted = network::check_hello(input, terms, golden().directory);
  if (!admitted) return kRefused;
  // Nobody else has signed one for this very session.
  assert(crypto::equal(input, golden().hello));
  return kTaken;
}

}  // namespace treeproof::fuzz
