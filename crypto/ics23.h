// ICS-23 commitment proofs of the state map, in the one form that its ProofSpec allows.
// Owns no map and no trust. Callers: StateMap makes them, certificates and tools check them. Pure.
// Source: cosmos/ics23 proto/cosmos/ics23/v1/proofs.proto; docs/protocol.md section 5.
// ProofSpec: leaf SHA-256(0x02 || key || SHA-256(value)), inner SHA-256(0x03 || left || right),
// no length prefixes, no empty child, child size 32, depth at most 256.
#pragma once

#include <optional>

#include "crypto/bytes.h"

namespace treeproof::crypto {

inline constexpr std::size_t kStateDepthMax = 256;

enum class Side : std::uint8_t { left = 0, right = 1 };

// One inner node on the way from a leaf to the root.
struct StatePathStep {
  Side child;    // the side that the path comes up on
  Hash sibling;  // the hash of the other side
};

// One key with its value and its way up, leaf first.
struct StateExistence {
  Hash key;
  Bytes value;
  std::vector<StatePathStep> path;
};

// CommitmentProof{exist}. Requires: the value is not empty.
Bytes encode_existence(const StateExistence& proof);
// CommitmentProof{nonexist} by the neighbours in key order. Requires: at least one of them.
Bytes encode_absence(const Hash& key, const std::optional<StateExistence>& left,
                     const std::optional<StateExistence>& right);

// Strict: exact operations, one encoding, bounded depth, nothing else in the protobuf.
bool verify_existence(ByteSpan ics23_proof, const Hash& root, const Hash& key, ByteSpan value);
bool verify_absence(ByteSpan ics23_proof, const Hash& root, const Hash& key);

}  // namespace treeproof::crypto
