// The tree certificate: the one small file by which a user's tree is checked offline.
// Owns its encoding, not the judgement (verify.h) nor where its parts come from (rpc makes it).
// Callers: rpc, cli, tests. Pure.
// Source: docs/protocol.md section 8.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "consensus/bft/certificates.h"
#include "crypto/cose.h"

namespace treeproof::proofs {

struct Path {
  std::uint64_t index = 0;
  std::vector<crypto::Hash> hashes;
  bool operator==(const Path&) const = default;
};

// The owner's opening of one commitment of the link; private copies only.
struct Opening {
  crypto::Bytes salt;  // 16 to 64 bytes
  std::string reference;
  bool operator==(const Opening&) const = default;
};
// SHA-256 of deterministic CBOR [salt, user reference].
crypto::Hash commitment_of(const Opening& opening);

struct StatusEntry {
  std::string name_space;
  std::string id;
  std::optional<crypto::Bytes> value;  // absent: the proof shows that there is none
  crypto::Bytes proof;                 // ICS-23
  bool operator==(const StatusEntry&) const = default;
};
struct Status {
  crypto::Bytes header;
  std::vector<StatusEntry> entries;
  bool operator==(const Status&) const = default;
};

// One change of validators: a header certified by the set before, and the set that it announces.
struct SetChange {
  crypto::Bytes header;
  crypto::ReceiptBind bind;
  std::vector<bft::CertificateSignature> receipts;
  crypto::Bytes validators;  // CBOR [[org, power, key], ...]
  bool operator==(const SetChange&) const = default;
};

struct TreeCertificate {
  crypto::Bytes statement;                          // 2: exact bytes of the allocate or replace
  Path log_path;                                    // 3
  crypto::ReceiptBind bind;                         // 4
  std::vector<bft::CertificateSignature> receipts;  // 5: ascending by org
  crypto::Bytes link;                               // 6: the leaf
  Path link_path;                                   // 6: to the statement's links root
  std::optional<Opening> opening;                   // 7
  std::optional<Status> status;                     // 8
  std::vector<SetChange> set_changes;               // 9; field absent when empty
  bool operator==(const TreeCertificate&) const = default;
};

inline constexpr std::size_t kCertificateBytesMax = 1u << 20;
inline constexpr std::size_t kPathHashesMax = 63;
inline constexpr std::size_t kStatusEntriesMax = 64;
inline constexpr std::size_t kSetChangesMax = 256;

crypto::Bytes encode(const TreeCertificate& certificate);
std::expected<TreeCertificate, crypto::CborError> decode_certificate(crypto::ByteSpan bytes);

// "TP1:" and Base45, as a QR code carries it; white space around it is no matter.
std::string to_text(crypto::ByteSpan certificate);
std::optional<crypto::Bytes> from_text(std::string_view text);

}  // namespace treeproof::proofs
