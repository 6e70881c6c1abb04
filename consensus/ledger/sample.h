// The sample of a batch that a verifier must visit: drawn from a header hash that nobody knew when
// the trees were planted, the same for everyone who draws it. Owns no rule. Callers: rules_verify,
// rpc (sample_draw). Pure. Source: docs/ledger.md "verify"; docs/protocol.md "The drawn sample".
//
// To the bit: word k = 0, 1, 2, ... is the first 8 bytes, big-endian, of
// SHA-256(header hash (32 bytes) || batch id ("org/ref", ASCII) || k (4 bytes, big-endian)).
// Let a[j] = j for 0 <= j < n. For i = 0, 1, ...: with m = n - i, take the next word w that has
// not been taken yet; skip it, and take the one after it, while w >= 2^64 - (2^64 mod m); let
// r = w mod m; swap a[i] and a[i + r]; the i-th tree of the sample is a[i].
// So the first s of the order are the same for every s.
#pragma once

#include <vector>

#include "consensus/ledger/names.h"
#include "crypto/bytes.h"

namespace treeproof::ledger {

class SampleDraw {
 public:
  // Requires: 0 < members <= kAttachmentLeavesMax.
  SampleDraw(const crypto::Hash& header_hash, const ObjectId& batch, std::uint64_t members);

  // The next tree of the order. Requires: fewer than members were drawn.
  std::uint64_t next();

 private:
  std::uint64_t word();

  crypto::Bytes prefix_;  // header hash || batch id
  std::vector<std::uint32_t> order_;
  std::size_t drawn_ = 0;
  std::uint32_t words_ = 0;
};

// The first `size` trees, in drawing order. Requires: size <= members.
std::vector<std::uint64_t> sample_draw(const crypto::Hash& header_hash, const ObjectId& batch,
                                       std::uint64_t members, std::uint64_t size);

}  // namespace treeproof::ledger
