#include <cassert>
#include <nlohmann/json.hpp>

#include "rpc/json_reader.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_json_text(crypto::ByteSpan input) {
  const auto json = rpc::parse_json(crypto::as_text(input));
  if (!json) {
    assert(!rpc::to_string(json.error()).empty());
    return kRefused;
  }
  const std::string text = rpc::to_text(*json);
  for (const std::string& written : {text, rpc::to_pretty_text(*json)}) {
    const auto again = rpc::parse_json(written);
    assert(again && rpc::to_text(*again) == text);
  }
  return kTaken;
}

}  // namespace treeproof::fuzz
