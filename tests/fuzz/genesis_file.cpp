#include <cassert>

#include "rpc/genesis_json.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_genesis_file(crypto::ByteSpan input) {
  const auto genesis = rpc::parse_genesis(crypto::as_text(input));
  if (!genesis) {
    assert(!rpc::to_string(genesis.error()).empty());
    return kRefused;
  }
  const std::string text = rpc::genesis_to_text(*genesis);
  const auto again = rpc::parse_genesis(text);
  assert(again && rpc::genesis_to_text(*again) == text);
  const auto judged = ledger::check_genesis(*genesis);
  assert(ledger::check_genesis(*again).has_value() == judged.has_value());
  if (!judged) return kRefused;
  assert(ledger::genesis_validators(*genesis).size() >= 4);
  assert(!ledger::genesis_log_entries(*genesis).empty());
  return kTaken;
}

}  // namespace treeproof::fuzz
