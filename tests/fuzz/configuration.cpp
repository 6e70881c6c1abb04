#include <cassert>

#include "node/config.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_configuration(crypto::ByteSpan input) {
  const MemoryFile file(input);
  const auto config = node::read_config(file.path());
  if (!config) {
    assert(!config.error().empty());
    return kRefused;
  }
  const std::string text = node::write_config(*config);
  const MemoryFile rewritten(crypto::as_bytes(text));
  const auto again = node::read_config(rewritten.path());
  assert(again && node::write_config(*again) == text);
  return kTaken;
}

}  // namespace treeproof::fuzz
