// RFC 9162 Merkle trees: append from a frontier, inclusion and consistency, made and checked.
// Owns no storage: full-subtree hashes come from a HashSource. Pure; safe from any thread.
// Source: RFC 9162 sections 2.1.1 to 2.1.5; docs/protocol.md section 4.
#pragma once

#include <functional>
#include <optional>

#include "crypto/bytes.h"

namespace treeproof::crypto {

Hash leaf_hash(ByteSpan leaf);                        // SHA-256(0x00 || leaf)
Hash node_hash(const Hash& left, const Hash& right);  // SHA-256(0x01 || left || right)
Hash empty_tree_root();                               // SHA-256("")

// Root over the leaf hashes; holds no more of them than a frontier does.
Hash merkle_root(std::span<const Hash> leaf_hashes);

// The right edge of a growing tree: at most 64 hashes, one per set bit of the size.
class Frontier {
 public:
  Frontier() = default;
  // From stored subtree roots, largest first. Requires: one per set bit of size.
  Frontier(std::uint64_t size, std::vector<Hash> subtree_roots);

  void append(const Hash& leaf);
  // As append, and calls `completed(level, index, hash)` for every full subtree that this leaf
  // completes, the leaf itself (level 0) first. Stores keep them for proofs.
  void append(const Hash& leaf,
              const std::function<void(std::uint32_t, std::uint64_t, const Hash&)>& completed);
  Hash root() const;
  std::uint64_t size() const noexcept { return size_; }
  std::span<const Hash> subtree_roots() const noexcept { return roots_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> roots_;
};

// Hash of the full subtree number `index` at `level` (level 0 = leaf hashes, left to right).
using HashSource = std::function<Hash(std::uint32_t level, std::uint64_t index)>;

// Requires: index < size, and every full subtree below size is known to the source.
std::vector<Hash> inclusion_path(std::uint64_t index, std::uint64_t size, const HashSource& source);
// Requires: 0 < from <= to. Empty when from == to.
std::vector<Hash> consistency_path(std::uint64_t from, std::uint64_t to, const HashSource& source);
// Over leaf hashes in memory. Requires: index < leaf_hashes.size().
std::vector<Hash> inclusion_path(std::uint64_t index, std::span<const Hash> leaf_hashes);

// The exact length of an inclusion path; a path of another length is no proof.
std::size_t inclusion_path_length(std::uint64_t index, std::uint64_t size);
// The root that a path leads to, or nothing where index >= size or the length is not exact.
std::optional<Hash> root_from_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                                        std::span<const Hash> path);
bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Hash> path, const Hash& root);
bool verify_consistency(std::uint64_t from, std::uint64_t to, std::span<const Hash> path,
                        const Hash& from_root, const Hash& to_root);

}  // namespace treeproof::crypto
