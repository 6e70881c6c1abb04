// Header and block: what validators agree on, as bytes.
// Owns no rule of agreement and no signature. Callers: replica, store, rpc, certificates. Pure.
// Source: docs/protocol.md section 6.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/names.h"
#include "consensus/types/height.h"
#include "crypto/cbor.h"

namespace treeproof::ledger {

// CBOR map with integer keys 1 to 12, in this order.
struct Header {
  std::string chain_id;                 // 1
  Height height;                        // 2
  TimeMs time;                          // 3
  crypto::Hash previous{};              // 4: header hash of height - 1
  OrgId proposer;                       // 5
  std::uint64_t log_size = 0;           // 6: after this block
  crypto::Hash log_root{};              // 7: after this block
  crypto::Hash state_root{};            // 8: after this block
  crypto::Hash validators_hash{};       // 9
  crypto::Hash next_validators_hash{};  // 10
  std::uint64_t rules_version = 1;      // 11
  crypto::Hash evidence_hash{};         // 12: SHA-256(CBOR [evidence, previous commit])
  bool operator==(const Header&) const = default;
};
inline constexpr std::uint64_t kRulesVersion = 1;

crypto::Bytes encode_header(const Header& header);
std::expected<Header, crypto::CborError> decode_header(crypto::ByteSpan bytes);
// SHA-256("treeproof/header/v1" || 0x00 || header bytes).
crypto::Hash header_hash(crypto::ByteSpan header_bytes);

// A block: header, statements in order, evidence, the commit of the previous block. Evidence and
// commit stay encoded: their meaning is bft's.
struct Block {
  crypto::Bytes header_bytes;
  std::vector<crypto::Bytes> statements;  // exact bytes
  crypto::Bytes evidence{0x80};           // one CBOR item, an array; empty by default
  crypto::Bytes previous_commit{0xf6};    // one CBOR item; null at height 1
  bool operator==(const Block&) const = default;
};

// CBOR [header bytes, [statement, ...], evidence, previous commit].
crypto::Bytes encode_block(const Block& block);
// Strict and bounded by kBlockBytesMax.
std::expected<Block, crypto::CborError> decode_block(crypto::ByteSpan bytes);
// What it weighs, without the few bytes that hold it together: header, statements, evidence,
// commit.
std::size_t content_bytes(const Block& block) noexcept;
// SHA-256(CBOR [evidence, previous commit]): field 12.
crypto::Hash evidence_hash(const Block& block);

}  // namespace treeproof::ledger
