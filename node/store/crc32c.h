// CRC-32C (Castagnoli), as journal and segment records end with it: finds torn and rotten bytes.
// Owns nothing and is no protection against an adversary. Callers: journal, segment files. Pure.
// Source: RFC 3720 appendix B.4.
#pragma once

#include "crypto/bytes.h"

namespace treeproof::store {

// Of `bytes` after what `before` already covers; 0 starts anew.
std::uint32_t crc32c(crypto::ByteSpan bytes, std::uint32_t before = 0) noexcept;

}  // namespace treeproof::store
