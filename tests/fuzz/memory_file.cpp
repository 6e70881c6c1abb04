#include "tests/fuzz/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cassert>

namespace treeproof::fuzz {

MemoryFile::MemoryFile(crypto::ByteSpan content) : descriptor_(memfd_create("input", 0)) {
  assert(descriptor_ >= 0);
  const ssize_t written = write(descriptor_, content.data(), content.size());
  assert(written == static_cast<ssize_t>(content.size()));
}
MemoryFile::~MemoryFile() { close(descriptor_); }

std::filesystem::path MemoryFile::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

}  // namespace treeproof::fuzz
