// The nodes of the state map: inner crit-bit nodes, and buckets of up to four leaves.
// Owns their memory and hashes, no proofs and no changes. Only StateMap calls it. Not thread-safe.
// Source: docs/protocol.md section 5.
//
//   subtree of more than four keys = inner node: its hash, two children, the bit they differ in
//   subtree of at most four keys   = bucket: the leaves in key order, then the subtree's hash
//
// Inside a bucket the inner hashes are recomputed when one of its leaves changes: that saves their
// memory and the cache misses on the way to them. Which subtree is a bucket follows from the keys
// alone, and no hash depends on it.
#pragma once

#include <optional>

#include "crypto/slot_arena.h"
#include "crypto/state_bucket.h"
#include "crypto/state_map.h"

namespace treeproof::crypto {

// A child: an inner node, or a bucket with its number of leaves (0 says inner node).
struct NodeRef {
  std::uint32_t leaves : 3;
  std::uint32_t place : 29;
  bool is_bucket() const noexcept { return leaves > 0; }
};

class StateNodes {
 public:
  static constexpr std::size_t kBucketLeavesMax = 4;
  static constexpr std::size_t kWarmMax = 32;  // keys that walk side by side

  StateNodes();

  // Walks down for these keys side by side, so that their cache misses overlap. Changes nothing.
  // Requires: at most kWarmMax of them.
  void warm(std::span<const StateMapChange> changes) const;
  // Both return the leaf hash that stood there before. Hashes above are stale until rehash().
  std::optional<Hash> put(const Hash& key, const Hash& leaf_hash);
  std::optional<Hash> erase(const Hash& key);
  // Recomputes every stale hash once.
  void rehash();

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  std::size_t memory_bytes() const noexcept;
  // Requires: not empty, nothing stale.
  const Hash& root() const;
  std::optional<Hash> find(const Hash& key) const;
  // The way from this key up to the root. Requires: the key is there, nothing stale.
  std::vector<StatePathStep> path_up(const Hash& key) const;
  struct Neighbours {
    std::optional<Hash> left;
    std::optional<Hash> right;
  };
  // The keys next to an absent one. Requires: not empty, the key is not there.
  Neighbours neighbours(const Hash& key) const;

 private:
  struct Inner {
    Hash hash;
    std::array<NodeRef, 2> child;
    std::uint8_t bit;
    std::array<bool, 2> child_stale;
  };
  struct Step {
    Inner* inner;
    std::size_t side;
  };
  // The way from the root to a bucket. Position 0 is the root, position p the child of step p - 1.
  struct Descent {
    std::array<Step, kStateDepthMax> steps;
    std::size_t depth = 0;
    NodeRef bucket{};
  };

  void descend(const Hash& key, Descent& descent) const;
  NodeRef& link(const Descent& descent, std::size_t position);
  bool& stale(const Descent& descent, std::size_t position);
  void mark_stale(const Descent& descent, std::size_t position);
  static std::size_t position_of_bit(const Descent& descent, std::uint32_t bit);

  Inner& inner(NodeRef ref) const noexcept;
  std::span<StateLeaf> leaves(NodeRef ref) const noexcept;
  // The hash of the subtree, once it is not stale.
  Hash& hash_of(NodeRef ref) const noexcept;
  // Asks the processor for a node, or for its hash alone, before it is read.
  void prefetch(NodeRef ref) const noexcept;
  void prefetch_hash(NodeRef ref) const noexcept;
  NodeRef make_bucket(std::span<const StateLeaf> leaves);
  NodeRef make_inner(std::uint32_t bit);
  void release(NodeRef ref);

  void put_above(const Descent& descent, std::size_t position, std::uint32_t bit,
                 const StateLeaf& leaf);
  void put_into_bucket(const Descent& descent, const StateLeaf& leaf);
  void drop_bucket(Descent& descent);
  void merge_up(Descent& descent);
  void rehash(NodeRef ref);
  const Hash& outermost_key(NodeRef ref, Side side) const;
  std::optional<Hash> key_beyond(const Descent& descent, std::size_t position, Side side) const;

  std::array<SlotArena, kBucketLeavesMax + 1> arenas_;  // by NodeRef::leaves
  NodeRef root_{};
  bool root_stale_ = false;
  std::size_t size_ = 0;
};

}  // namespace treeproof::crypto
