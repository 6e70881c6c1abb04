#include <algorithm>

#include "crypto/cbor.h"

namespace treeproof::crypto {

namespace {

constexpr std::uint8_t kUint = 0;
constexpr std::uint8_t kNegative = 1;
constexpr std::uint8_t kBytes = 2;
constexpr std::uint8_t kText = 3;
constexpr std::uint8_t kArray = 4;
constexpr std::uint8_t kMap = 5;
constexpr std::uint8_t kTag = 6;
constexpr std::uint8_t kSimple = 7;

constexpr std::uint8_t kFalse = 0xF4;
constexpr std::uint8_t kTrue = 0xF5;
constexpr std::uint8_t kNull = 0xF6;
constexpr std::uint64_t kTagSign1 = 18;
constexpr std::uint8_t kInfoIndefinite = 31;

bool is_known_simple(std::uint8_t initial) noexcept {
  return initial >= kFalse && initial <= kNull;
}

// Why an item that begins so is not the one that is expected.
CborError error_of_type(std::uint8_t initial) noexcept {
  const std::uint8_t major = initial >> 5;
  const bool foreign = major == kTag || (major == kSimple && !is_known_simple(initial));
  return foreign ? CborError::unsupported_item : CborError::wrong_type;
}

}  // namespace

std::string_view to_string(CborError error) noexcept {
  switch (error) {
    case CborError::none:
      return "cbor_none";
    case CborError::truncated:
      return "cbor_truncated";
    case CborError::trailing_bytes:
      return "cbor_trailing_bytes";
    case CborError::not_shortest:
      return "cbor_not_shortest";
    case CborError::indefinite_length:
      return "cbor_indefinite_length";
    case CborError::unsupported_item:
      return "cbor_unsupported_item";
    case CborError::wrong_type:
      return "cbor_wrong_type";
    case CborError::unsorted_key:
      return "cbor_unsorted_key";
    case CborError::duplicate_key:
      return "cbor_duplicate_key";
    case CborError::unknown_field:
      return "cbor_unknown_field";
    case CborError::too_long:
      return "cbor_too_long";
    case CborError::too_deep:
      return "cbor_too_deep";
    case CborError::invalid_utf8:
      return "cbor_invalid_utf8";
    case CborError::out_of_range:
      return "cbor_out_of_range";
  }
  return "cbor_none";
}

void CborReader::fail(CborError error) noexcept {
  if (ok()) error_ = error;
}

CborKind CborReader::peek() const noexcept {
  if (!ok() || at_ == input_.size()) return CborKind::end;
  const std::uint8_t initial = input_[at_];
  switch (initial >> 5) {
    case kUint:
      return CborKind::uint;
    case kNegative:
      return CborKind::negative;
    case kBytes:
      return CborKind::bytes;
    case kText:
      return CborKind::text;
    case kArray:
      return CborKind::array;
    case kMap:
      return CborKind::map;
    case kTag:
      return CborKind::tag;
    default:
      return initial == kNull ? CborKind::null : CborKind::boolean;
  }
}

// Reads the initial byte and argument of an item that must have this major type (not kSimple).
// Returns nothing on any error. Inlined into each reader: most heads are one byte.
[[gnu::always_inline]] inline std::optional<std::uint64_t> CborReader::head(std::uint8_t major) {
  if (!ok()) return std::nullopt;
  if (at_ == input_.size()) {
    fail(CborError::truncated);
    return std::nullopt;
  }
  const std::uint8_t initial = input_[at_];
  if (initial >> 5 != major) {
    fail(error_of_type(initial));
    return std::nullopt;
  }
  const bool key_place = depth_ > 0 && levels_[depth_ - 1].at_key;
  if (key_place && major >= kArray) {
    fail(CborError::wrong_type);
    return std::nullopt;
  }
  const std::uint8_t info = initial & 0x1F;
  if (info >= 24) return argument(info);
  ++at_;
  return info;
}

// The bytes after the initial one; `info` is at least 24.
std::optional<std::uint64_t> CborReader::argument(std::uint8_t info) {
  if (info > 27) {
    fail(info == kInfoIndefinite ? CborError::indefinite_length : CborError::unsupported_item);
    return std::nullopt;
  }
  const std::size_t width = std::size_t{1} << (info - 24);
  if (input_.size() - at_ <= width) {
    fail(CborError::truncated);
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (const std::uint8_t byte : input_.subspan(at_ + 1, width)) value = value << 8 | byte;
  const std::uint64_t shorter_max = width == 1 ? 23 : (std::uint64_t{1} << (width * 4)) - 1;
  if (value <= shorter_max) {
    fail(CborError::not_shortest);
    return std::nullopt;
  }
  at_ += 1 + width;
  return value;
}

bool CborReader::key_ascends(CborLevel& level, std::size_t key_at) {
  const ByteSpan previous = input_.subspan(level.previous_key_at, level.previous_key_size);
  const ByteSpan key = input_.subspan(key_at, at_ - key_at);
  level.previous_key_at = key_at;
  level.previous_key_size = key.size();
  if (previous.empty() || previous.front() < key.front()) return true;  // as most
  const auto order = std::lexicographical_compare_three_way(previous.begin(), previous.end(),
                                                            key.begin(), key.end());
  if (order < 0) return true;
  fail(order == 0 ? CborError::duplicate_key : CborError::unsorted_key);
  return false;
}

// Counts the item that began at `item_at`, and every container that it completes.
[[gnu::always_inline]] inline void CborReader::close_item(std::size_t item_at) {
  tag_pending_ = false;
  while (depth_ > 0) {
    CborLevel& level = levels_[depth_ - 1];
    if (level.at_key && !key_ascends(level, item_at)) return;
    level.at_key = level.is_map && !level.at_key;
    if (--level.items_left > 0) return;
    --depth_;
  }
}

std::uint64_t CborReader::uint(std::uint64_t max) {
  const std::size_t item_at = at_;
  const auto value = head(kUint);
  if (!value) return 0;
  if (*value > max) {
    fail(CborError::out_of_range);
    return 0;
  }
  close_item(item_at);
  return ok() ? *value : 0;
}

std::int64_t CborReader::integer(std::int64_t min, std::int64_t max) {
  const std::size_t item_at = at_;
  const bool negative = peek() == CborKind::negative;
  const auto argument = head(negative ? kNegative : kUint);
  if (!argument) return 0;
  const auto magnitude = static_cast<std::int64_t>(*argument & INT64_MAX);
  const std::int64_t value = negative ? -1 - magnitude : magnitude;
  if (*argument > INT64_MAX || value < min || value > max) {
    fail(CborError::out_of_range);
    return 0;
  }
  close_item(item_at);
  return ok() ? value : 0;
}

[[gnu::always_inline]] inline ByteSpan CborReader::string(std::uint8_t major,
                                                          std::size_t max_length) {
  const std::size_t item_at = at_;
  const auto length = head(major);
  if (!length) return {};
  if (*length > max_length || *length > input_.size() - at_) {
    fail(*length > max_length ? CborError::too_long : CborError::truncated);
    return {};
  }
  const ByteSpan content = input_.subspan(at_, *length);
  if (major == kText && !is_utf8(content)) {
    fail(CborError::invalid_utf8);
    return {};
  }
  at_ += content.size();
  close_item(item_at);
  return ok() ? content : ByteSpan{};
}

ByteSpan CborReader::bytes(std::size_t max_length) { return string(kBytes, max_length); }

ByteSpan CborReader::bytes_exact(std::size_t length) {
  const ByteSpan content = string(kBytes, length);
  if (ok() && content.size() != length) fail(CborError::out_of_range);
  return ok() ? content : ByteSpan{};
}

Hash CborReader::hash() {
  Hash hash{};
  std::ranges::copy(bytes_exact(hash.size()), hash.begin());
  return hash;
}

std::string_view CborReader::text(std::size_t max_length) {
  return as_text(string(kText, max_length));
}

// An item takes at least one byte, so a count above the bytes that remain is already truncated.
std::size_t CborReader::open(std::uint64_t count, std::uint64_t items_each) {
  if (count > (input_.size() - at_) / items_each) {
    fail(CborError::truncated);
    return 0;
  }
  if (depth_ == kCborDepthMax) {
    fail(CborError::too_deep);
    return 0;
  }
  if (count == 0) {
    close_item(at_);
    return 0;
  }
  tag_pending_ = false;
  const bool is_map = items_each == 2;
  levels_[depth_++] = {count * items_each, at_, 0, is_map, is_map};
  return count;
}

std::size_t CborReader::array(std::size_t max_items) {
  const auto count = head(kArray);
  if (count && *count > max_items) fail(CborError::too_long);
  return ok() ? open(*count, 1) : 0;
}

void CborReader::array_exact(std::size_t items) {
  const auto count = head(kArray);
  if (count && *count != items) fail(CborError::out_of_range);
  if (ok()) open(*count, 1);
}

std::size_t CborReader::map(std::size_t max_pairs) {
  const auto count = head(kMap);
  if (count && *count > max_pairs) fail(CborError::too_long);
  return ok() ? open(*count, 2) : 0;
}

// Accepts one of two initial bytes; returns whether it was the second.
bool CborReader::simple(std::uint8_t first, std::uint8_t second) {
  if (!ok()) return false;
  if (at_ == input_.size()) {
    fail(CborError::truncated);
    return false;
  }
  const std::uint8_t initial = input_[at_];
  if (initial != first && initial != second) {
    fail(error_of_type(initial));
    return false;
  }
  if (depth_ > 0 && levels_[depth_ - 1].at_key) {
    fail(CborError::wrong_type);
    return false;
  }
  ++at_;
  close_item(at_ - 1);
  return initial == second;
}

bool CborReader::boolean() { return simple(kFalse, kTrue); }

void CborReader::null() { simple(kNull, kNull); }

bool CborReader::next_is_null() const noexcept { return peek() == CborKind::null; }

void CborReader::tag(std::uint64_t number) {
  const auto found = head(kTag);
  if (!found) return;
  if (*found != number || tag_pending_) return fail(CborError::unsupported_item);
  tag_pending_ = true;
}

// Reads a scalar whole, or the head of a container or tag.
void CborReader::any_head() {
  const std::size_t item_at = at_;
  switch (peek()) {
    case CborKind::uint:
      uint();
      return;
    case CborKind::negative:
      if (head(kNegative)) close_item(item_at);
      return;
    case CborKind::bytes:
      bytes(SIZE_MAX);
      return;
    case CborKind::text:
      text(SIZE_MAX);
      return;
    case CborKind::array:
      array(SIZE_MAX);
      return;
    case CborKind::map:
      map(SIZE_MAX);
      return;
    case CborKind::tag:
      tag(kTagSign1);
      return;
    case CborKind::boolean:
      boolean();
      return;
    case CborKind::null:
      null();
      return;
    case CborKind::end:
      fail(CborError::truncated);
      return;
  }
}

ByteSpan CborReader::item() {
  const std::size_t item_at = at_;
  const std::size_t outer_depth = depth_;
  do {
    any_head();
  } while (ok() && (depth_ > outer_depth || tag_pending_));
  return ok() ? input_.subspan(item_at, at_ - item_at) : ByteSpan{};
}

std::expected<void, CborError> CborReader::finish() {
  if (ok() && at_ < input_.size()) fail(CborError::trailing_bytes);
  if (ok() && (depth_ > 0 || tag_pending_)) fail(CborError::truncated);
  if (!ok()) return std::unexpected(error_);
  return {};
}

std::expected<void, CborError> check_canonical(ByteSpan input) {
  CborReader in(input);
  in.item();
  return in.finish();
}

}  // namespace treeproof::crypto
