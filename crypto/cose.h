// COSE_Sign1 in the one form that Treeproof uses: tag 18, embedded or detached payload, alg -47.
// Owns no meaning of payloads and no trust. Callers: statements, votes, receipts, hellos. Pure.
// Source: RFC 9052 section 4.2, RFC 9597 (CWT claims), RFC 9596 (typ), RFC 9942 (receipts);
// docs/protocol.md sections 3, 7, 8 and 10.
#pragma once

#include <expected>
#include <optional>

#include "crypto/cbor.h"
#include "crypto/signature.h"

namespace treeproof::crypto {

inline constexpr std::int64_t kAlgEs256k = -47;
inline constexpr std::int64_t kVdsRfc9162Sha256 = 1;  // header 395
inline constexpr std::int64_t kReceiptBind = -70001;  // [height, round, log size, header hash]

// What a precommit for a block binds beside the log root (docs/protocol.md section 7).
struct ReceiptBind {
  std::uint64_t height = 0;
  std::uint32_t round = 0;
  std::uint64_t log_size = 0;
  Hash header_hash{};
  bool operator==(const ReceiptBind&) const = default;
};

// The protected header in every form the protocol knows; absent fields are empty.
// Encoded with integer keys in canonical order: 1, 3, 4, 15, 16, 395, -70001.
struct ProtectedHeader {
  std::string content_type;                // 3
  Kid kid{};                               // 4
  std::string issuer;                      // 15: 1
  std::string subject;                     // 15: 2
  std::string audience;                    // 15: 3, the chain id
  std::optional<std::uint64_t> issued_at;  // 15: 6, seconds
  std::string typ;                         // 16
  std::optional<ReceiptBind> bind;         // 395: 1 and -70001, together
  bool operator==(const ProtectedHeader&) const = default;
};

Bytes encode(const ProtectedHeader& header);
// Strict: unknown labels, another alg, empty texts and texts above 128 bytes are refused.
std::expected<ProtectedHeader, CborError> decode_protected(ByteSpan bytes);

// SHA-256 of the Sig_structure ["Signature1", protected, h'', payload].
Hash sig_structure_hash(ByteSpan protected_header, ByteSpan payload);

// A decoded COSE_Sign1; spans point into the decoded bytes.
struct Sign1View {
  ByteSpan protected_header;
  ByteSpan unprotected;             // the exact encoded map; 0xA0 when empty
  std::optional<ByteSpan> payload;  // absent when detached (null)
  Signature signature{};
};

// Strict; accepts a non-empty unprotected map only where the caller allows it.
enum class Unprotected : std::uint8_t { must_be_empty, any };
std::expected<Sign1View, CborError> decode_sign1(ByteSpan bytes, std::size_t payload_bytes_max,
                                                 Unprotected unprotected);

Bytes encode_sign1(ByteSpan protected_header, ByteSpan payload, const Signature& signature);
// With a detached payload and the given encoded unprotected map, as receipts travel.
Bytes encode_sign1_detached(ByteSpan protected_header, ByteSpan unprotected,
                            const Signature& signature);

}  // namespace treeproof::crypto
