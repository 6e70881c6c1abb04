// The state map: a crit-bit Merkle map from 32-byte keys to value hashes, with ICS-23 proofs.
// Owns its nodes in memory (at most 100 bytes per key), never values. One owner at a time:
// not thread-safe. Callers: replica (roots), store (rebuild on open, proofs).
// Source: docs/protocol.md section 5. Its proofs are checked by the functions of ics23.h.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "crypto/bytes.h"
#include "crypto/ics23.h"

namespace treeproof::crypto {

// SHA-256(namespace || 0x00 || id).
Hash state_key(std::string_view name_space, std::string_view id);
// SHA-256(0x02 || key || SHA-256(value)); SHA-256(0x03 || left || right).
Hash state_leaf_hash(const Hash& key, const Hash& value_hash);
Hash state_inner_hash(const Hash& left, const Hash& right);

struct StateMapChange {
  Hash key{};
  std::optional<Hash> value_hash;  // SHA-256(value), or nothing to remove
};

class StateNodes;

class StateMap {
 public:
  StateMap();
  ~StateMap();
  StateMap(StateMap&&) noexcept;
  StateMap& operator=(StateMap&&) noexcept;

  // What undoes one apply(); valid until the map is changed otherwise.
  class Undo {
   public:
    Undo() = default;

   private:
    friend class StateMap;
    struct Previous {
      Hash key;
      std::optional<Hash> leaf_hash;
    };
    std::vector<Previous> previous_;
  };
  // Applies the changes (keys distinct, any order) and rehashes each touched path once.
  // Removing an absent key is a no-op.
  Undo apply(std::span<const StateMapChange> changes);
  // Requires: nothing was applied since that undo was made, or all of it was reverted.
  void revert(const Undo& undo);

  // Requires: not empty (genesis sets a sentinel key).
  Hash root() const;
  bool contains(const Hash& key) const;
  // The leaf's hash, state_leaf_hash(key, SHA-256(value)): enough to compare a value with.
  std::optional<Hash> leaf_hash(const Hash& key) const;
  std::size_t size() const noexcept;
  // Bytes held by nodes; divided by size() it is the figure of docs/performance.md.
  std::size_t memory_bytes() const noexcept;

  // ICS-23 CommitmentProof (protobuf bytes): existence of the key with this value, or absence
  // (NonExistenceProof with the existing neighbours; `value_of` returns a neighbour's value).
  // Requires for existence: the map holds SHA-256(value) under the key. For absence: the map is
  // not empty, holds no such key, and value_of returns what the map holds.
  Bytes prove_existence(const Hash& key, ByteSpan value) const;
  using ValueOf = std::function<Bytes(const Hash& key)>;
  Bytes prove_absence(const Hash& key, const ValueOf& value_of) const;

 private:
  StateExistence existence(const Hash& key, Bytes value) const;

  std::unique_ptr<StateNodes> nodes_;
};

}  // namespace treeproof::crypto
