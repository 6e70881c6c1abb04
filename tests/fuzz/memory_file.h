// An input as a file without a disk, for readers that take a path.
// Owns the file; it is gone with the object. Callers: fuzz targets. One thread.
// Source: memfd_create(2).
#pragma once

#include <filesystem>

#include "crypto/bytes.h"

namespace treeproof::fuzz {

class MemoryFile {
 public:
  explicit MemoryFile(crypto::ByteSpan content);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::filesystem::path path() const;

 private:
  int descriptor_;
};

}  // namespace treeproof::fuzz
