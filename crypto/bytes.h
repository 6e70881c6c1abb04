// Bytes and their text forms: hex, base64url, base64, Base45.
// Owns no key and no protocol meaning. Everyone calls it. Pure; safe from any thread.
// Source: RFC 4648 (base16, base64url), RFC 9285 (Base45); docs/protocol.md section 1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#ifdef NDEBUG
#error "Treeproof keeps its assertions: build without NDEBUG"
#endif

namespace treeproof::crypto {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;
using Hash = std::array<std::uint8_t, 32>;

// For unordered containers that are never iterated; a hash is already uniform.
struct HashHasher {
  std::size_t operator()(const Hash& hash) const noexcept;
};

// The bytes of a text, without a copy.
ByteSpan as_bytes(std::string_view text) noexcept;
// The text of some bytes; the caller knows them to be text.
std::string_view as_text(ByteSpan bytes) noexcept;
Bytes to_bytes(ByteSpan bytes);
// Content equality. Not constant-time: for public values only.
bool equal(ByteSpan left, ByteSpan right) noexcept;
// Well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF.
bool is_utf8(ByteSpan bytes) noexcept;

// Lower-case hex. from_hex refuses odd lengths, upper case and any other character.
std::string to_hex(ByteSpan bytes);
std::optional<Bytes> from_hex(std::string_view text);
std::optional<Hash> hash_from_hex(std::string_view text);

// base64url without padding (RFC 4648 section 5); decoding refuses non-zero spare bits.
// A chunk is 4 characters for 3 bytes; 1 stray character is refused.
std::string to_base64url(ByteSpan bytes);
std::optional<Bytes> from_base64url(std::string_view text);
// Standard base64 with padding (RFC 4648 section 4), as checkpoints of C2SP signed notes use it.
std::string to_base64(ByteSpan bytes);
std::optional<Bytes> from_base64(std::string_view text);

// Base45 (RFC 9285); decoding refuses values above 65,535 and stray lengths.
std::string to_base45(ByteSpan bytes);
std::optional<Bytes> from_base45(std::string_view text);

// Big-endian integers, as the protocol writes them outside CBOR.
void append_u32be(Bytes& out, std::uint32_t value);
void append_u64be(Bytes& out, std::uint64_t value);
// Requires: bytes.size() >= 4 or 8.
std::uint32_t read_u32be(ByteSpan bytes) noexcept;
std::uint64_t read_u64be(ByteSpan bytes) noexcept;

}  // namespace treeproof::crypto
