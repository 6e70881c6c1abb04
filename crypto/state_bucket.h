// Sorted leaves of the state map and the crit-bit tree that they alone determine.
// Owns no memory. Only StateNodes calls it. Pure.
// Source: docs/protocol.md section 5.
#pragma once

#include "crypto/ics23.h"

namespace treeproof::crypto {

struct StateLeaf {
  Hash key;
  Hash hash;
};

inline constexpr std::uint32_t kNoDifference = 256;

// Bits count from 0, most significant first. Requires: bit < 256.
inline std::size_t bit_of(const Hash& key, std::uint32_t bit) noexcept {
  return key[bit / 8] >> (7 - bit % 8) & 1u;
}
// The first bit in which two keys differ, or kNoDifference.
std::uint32_t first_difference(const Hash& a, const Hash& b) noexcept;

// All of these require: leaves ascend by key.
// Where the right half begins: the leaves that have the bit set. Requires: earlier bits are equal.
std::size_t split_at(std::span<const StateLeaf> leaves, std::uint32_t bit) noexcept;
// The index of the first leaf whose key is not below the given one.
std::size_t lower_bound(std::span<const StateLeaf> leaves, const Hash& key) noexcept;
// Whether there is a leaf with this key at lower_bound's index.
bool has_key_at(std::span<const StateLeaf> leaves, std::size_t index, const Hash& key) noexcept;
// The root of the crit-bit tree over them. Requires: not empty, few (as deep as there are leaves).
Hash bucket_root(std::span<const StateLeaf> leaves);
// Appends the way from one leaf up to bucket_root.
void append_bucket_path(std::vector<StatePathStep>& path, std::span<const StateLeaf> leaves,
                        std::size_t index);

}  // namespace treeproof::crypto
