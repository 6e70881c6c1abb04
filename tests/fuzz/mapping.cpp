#include "node/import/mapping.h"

#include <cassert>

#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_mapping(crypto::ByteSpan input) {
  const MemoryFile file(input);
  const auto mapping = import::read_mapping(file.path());
  if (!mapping) {
    assert(!mapping.error().what.empty() && !mapping.error().remedy.empty());
    return kRefused;
  }
  return kTaken;
}

}  // namespace treeproof::fuzz
