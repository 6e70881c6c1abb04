// Strict deterministic CBOR: one encoding per value, and a reader that refuses every other.
// Owns neither schema nor meaning. Callers: cose, every payload, header and message. Pure.
// Source: RFC 8949 section 4.2.1; docs/protocol.md section 1.
#pragma once

#include <expected>
#include <optional>

#include "crypto/bytes.h"

namespace treeproof::crypto {

enum class CborError : std::uint8_t {
  none,
  truncated,          // the input ends inside an item
  trailing_bytes,     // bytes after the one item
  not_shortest,       // an integer or length not in its shortest form
  indefinite_length,  // an indefinite-length string, array or map
  unsupported_item,   // a float, a tag other than expected, an undefined or simple value
  wrong_type,         // another major type than the schema asks for
  unsorted_key,       // a map key not after its predecessor
  duplicate_key,
  unknown_field,  // a key that the schema does not know, or a required one missing
  too_long,       // a declared length above the caller's bound
  too_deep,       // nesting above kCborDepthMax
  invalid_utf8,
  out_of_range,  // an integer or an exact length other than the caller's
};
// The stable name of an error, such as "cbor_not_shortest"; the texts go into Reason tables.
std::string_view to_string(CborError error) noexcept;

inline constexpr std::size_t kCborDepthMax = 16;  // arrays and maps open at once

// One open array or map; the previous key as a place in the bytes.
struct CborLevel {
  std::uint64_t items_left;  // a pair counts twice
  std::size_t previous_key_at;
  std::size_t previous_key_size;  // 0 before the first key
  bool is_map;
  bool at_key;
};

// Writes items one after the other. Map keys are the caller's duty: written in canonical order
// (asserted). Lengths of arrays and maps are given up front and asserted by finish().
class CborWriter {
 public:
  explicit CborWriter(std::size_t reserve_bytes = 256) { out_.reserve(reserve_bytes); }

  CborWriter& uint(std::uint64_t value);
  CborWriter& integer(std::int64_t value);
  CborWriter& bytes(ByteSpan value);
  CborWriter& text(std::string_view value);  // Requires: UTF-8
  CborWriter& array(std::size_t items);
  CborWriter& map(std::size_t pairs);
  CborWriter& boolean(bool value);
  CborWriter& null();
  CborWriter& tag(std::uint64_t number);
  // One item that is already encoded canonically. Requires: the caller knows it to be.
  CborWriter& raw(ByteSpan encoded_item);

  // The encoding; the writer is empty again. Requires: every opened array and map is complete.
  Bytes finish();

 private:
  void head(std::uint8_t major, std::uint64_t value);
  void open(std::uint64_t items, bool is_map);
  void close_empty();
  void close_item(std::size_t item_at);

  Bytes out_;
  std::array<CborLevel, kCborDepthMax> levels_;
  std::size_t depth_ = 0;
  bool tag_pending_ = false;
};

enum class CborKind : std::uint8_t {
  uint,
  negative,
  bytes,
  text,
  array,
  map,
  tag,
  boolean,
  null,
  end
};

// Reads items in order. Errors are sticky: after the first, reads return zero or empty values, so a
// decoder reads straight through and asks once, in finish(). Key order, shortest forms, depth and
// UTF-8 are checked by the reader itself. Nothing is allocated; spans point into the input.
// Map keys are integers, byte strings or texts.
class CborReader {
 public:
  explicit CborReader(ByteSpan input) noexcept : input_(input) {}

  // The kind of the next item of the input; end when the input is exhausted, or failed. A complete
  // container closes by itself, so the next item may be its parent's: count the items.
  CborKind peek() const noexcept;

  std::uint64_t uint(std::uint64_t max = UINT64_MAX);
  std::int64_t integer(std::int64_t min = INT64_MIN, std::int64_t max = INT64_MAX);
  ByteSpan bytes(std::size_t max_length);
  // Empty on any error: check ok() before relying on the length.
  ByteSpan bytes_exact(std::size_t length);
  Hash hash();  // a byte string of exactly 32 bytes
  std::string_view text(std::size_t max_length);
  std::size_t array(std::size_t max_items);
  // Requires of the input: an array of exactly `items`.
  void array_exact(std::size_t items);
  std::size_t map(std::size_t max_pairs);
  bool boolean();
  void null();
  bool next_is_null() const noexcept;
  // Expects this tag number; the tagged item follows.
  void tag(std::uint64_t number);
  // The exact bytes of the next whole item, whatever it is, checked canonical; tag 18 only.
  ByteSpan item();

  void fail(CborError error) noexcept;  // keeps the first
  bool ok() const noexcept { return error_ == CborError::none; }
  CborError error() const noexcept { return error_; }
  std::size_t offset() const noexcept { return at_; }
  // Nothing may follow. Returns the first error otherwise.
  std::expected<void, CborError> finish();

 private:
  std::optional<std::uint64_t> head(std::uint8_t major);
  std::optional<std::uint64_t> argument(std::uint8_t info);
  ByteSpan string(std::uint8_t major, std::size_t max_length);
  std::size_t open(std::uint64_t count, std::uint64_t items_each);
  void close_item(std::size_t item_at);
  bool key_ascends(CborLevel& level, std::size_t key_at);
  bool simple(std::uint8_t first, std::uint8_t second);
  void any_head();

  ByteSpan input_;
  std::size_t at_ = 0;
  CborError error_ = CborError::none;
  bool tag_pending_ = false;
  std::size_t depth_ = 0;
  std::array<CborLevel, kCborDepthMax> levels_;
};

// Checks that the input is one canonical item and nothing else.
std::expected<void, CborError> check_canonical(ByteSpan input);

}  // namespace treeproof::crypto
