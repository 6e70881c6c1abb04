// The head of a CBOR item: major type and argument in the shortest form.
// Owns nothing. Callers: CborWriter, and cose, which hashes a structure without building it. Pure.
// Source: RFC 8949 section 3.
#pragma once

#include "crypto/bytes.h"

namespace treeproof::crypto {

class CborHead {
 public:
  // Requires: major < 8.
  CborHead(std::uint8_t major, std::uint64_t argument) noexcept;
  ByteSpan bytes() const noexcept { return ByteSpan(bytes_).first(size_); }

 private:
  std::array<std::uint8_t, 9> bytes_;
  std::size_t size_ = 1;
};

}  // namespace treeproof::crypto
