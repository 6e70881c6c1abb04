// SHA-256 through one reused EVP context per thread; a tree never pays for a context per node.
// Owns no domain prefix: callers name theirs. Everyone calls it. Pure in effect; safe from any
// thread. Source: FIPS 180-4; docs/protocol.md sections 3 to 6.
#pragma once

#include <initializer_list>

#include "crypto/bytes.h"

namespace treeproof::crypto {

// SHA-256 of the concatenation of the parts.
Hash sha256(ByteSpan bytes);
Hash sha256(std::initializer_list<ByteSpan> parts);

// A hash built piece by piece. Not copyable; update, then finish once, then it starts anew.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& update(ByteSpan bytes);
  Hash finish();

 private:
  void* context_;
};

}  // namespace treeproof::crypto
