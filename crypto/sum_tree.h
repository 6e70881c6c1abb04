// Merkle trees over amounts: the root commits to every leaf and to the sum below every node, so
// that whoever holds a leaf sees that it is counted in the total. RFC 9162 shape for any count.
// Owns no meaning of an amount. Callers: points proofs, the commands of programmes. Pure.
// Source: docs/protocol.md section 9; docs/adr/0031.
#pragma once

#include <expected>

#include "crypto/bytes.h"

namespace treeproof::crypto {

struct SumLeaf {
  Hash commitment{};
  std::uint64_t amount = 0;  // at least 1
  auto operator<=>(const SumLeaf&) const = default;
};

// A subtree, as the node above it covers it.
struct SumNode {
  Hash hash{};
  std::uint64_t sum = 0;
  bool operator==(const SumNode&) const = default;
};

enum class SumError : std::uint8_t {
  no_leaves,
  amount_zero,          // the leaf's own
  commitment_repeated,  // two leaves of one commitment
  sum_overflow,         // above 64 bits
  index_out_of_range,
  path_length_wrong,  // not the one length that index and count have
  subtree_empty,      // a sibling of sum 0: no leaf has that
};
std::string_view to_string(SumError error) noexcept;

// SHA-256(0x04 || commitment || amount), the amount as u64 big-endian.
SumNode sum_leaf(const SumLeaf& leaf);
// SHA-256(0x05 || left hash || left sum || right hash || right sum). Refuses: sum_overflow.
std::expected<SumNode, SumError> sum_node(const SumNode& left, const SumNode& right);

// A whole tree in memory: 40 bytes for each leaf, and as much again for the nodes above each level.
class SumTree {
 public:
  // Leaves get their places by their commitments, ascending: the same leaves, the same root.
  // Refuses: no_leaves, amount_zero, commitment_repeated, sum_overflow.
  static std::expected<SumTree, SumError> build(std::vector<SumLeaf> leaves);

  std::uint64_t count() const noexcept { return levels_.front().size(); }
  const SumNode& root() const noexcept { return levels_.back().front(); }
  // The place of a leaf; nothing where none has this commitment.
  std::optional<std::uint64_t> index_of(const Hash& commitment) const;
  // Siblings on the way up, the lowest first. Requires: index < count().
  std::vector<SumNode> path(std::uint64_t index) const;

 private:
  std::vector<Hash> commitments_;             // ascending
  std::vector<std::vector<SumNode>> levels_;  // leaves first; an odd last node rises as it is
};

// The root that a leaf and its siblings lead to; what it is compared with is the caller's.
// Refuses: amount_zero, index_out_of_range, path_length_wrong, subtree_empty, sum_overflow.
std::expected<SumNode, SumError> sum_root_from_path(const SumLeaf& leaf, std::uint64_t index,
                                                    std::uint64_t count,
                                                    std::span<const SumNode> path);

}  // namespace treeproof::crypto
