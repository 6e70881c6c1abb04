#include "crypto/bytes.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace treeproof::crypto {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase64Standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

constexpr std::uint8_t kNoDigit = 0xFF;
using DigitTable = std::array<std::uint8_t, 256>;

constexpr DigitTable digits_of(std::string_view alphabet) {
  DigitTable table{};
  table.fill(kNoDigit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr DigitTable kHexValues = digits_of(kHexDigits);
constexpr DigitTable kBase64UrlValues = digits_of(kBase64Url);
constexpr DigitTable kBase64StandardValues = digits_of(kBase64Standard);
constexpr DigitTable kBase45Values = digits_of(kBase45);

std::uint32_t digit(const DigitTable& table, char character) noexcept {
  return table[static_cast<std::uint8_t>(character)];
}

std::string encode_base64(ByteSpan bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t pending = 0;
  std::uint32_t pending_bits = 0;
  for (const std::uint8_t byte : bytes) {
    pending = (pending << 8 | byte) & 0xFFFF;
    pending_bits += 8;
    while (pending_bits >= 6) {
      pending_bits -= 6;
      text.push_back(alphabet[pending >> pending_bits & 0x3F]);
    }
  }
  if (pending_bits > 0) text.push_back(alphabet[pending << (6 - pending_bits) & 0x3F]);
  return text;
}

std::optional<Bytes> decode_base64(std::string_view text, const DigitTable& table) {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t pending = 0;
  std::uint32_t pending_bits = 0;
  for (const char character : text) {
    const std::uint32_t value = digit(table, character);
    if (value == kNoDigit) return std::nullopt;
    pending = (pending << 6 | value) & 0xFFFF;
    pending_bits += 6;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(pending >> pending_bits));
    }
  }
  const std::uint32_t spare = pending & ((1u << pending_bits) - 1);
  if (spare != 0) return std::nullopt;
  return bytes;
}

// Length of the well-formed multi-byte sequence at the front, or 0 (Unicode table 3-7).
std::size_t utf8_sequence(ByteSpan bytes) noexcept {
  const std::uint8_t lead = bytes[0];
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((bytes[i] & 0xC0) != 0x80) return 0;
  }
  const std::uint8_t second = bytes[1];
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second >= 0xA0;
  const bool too_high = lead == 0xF4 && second >= 0x90;
  return overlong || surrogate || too_high ? 0 : length;
}

}  // namespace

std::size_t HashHasher::operator()(const Hash& hash) const noexcept {
  std::size_t value = 0;
  std::memcpy(&value, hash.data(), sizeof value);
  return value;
}

ByteSpan as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(ByteSpan bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes to_bytes(ByteSpan bytes) { return {bytes.begin(), bytes.end()}; }

bool equal(ByteSpan left, ByteSpan right) noexcept { return std::ranges::equal(left, right); }

bool is_utf8(ByteSpan bytes) noexcept {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (bytes.size() - at >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if ((word & 0x8080808080808080) == 0) {
        at += 8;
        continue;
      }
    }
    if (bytes[at] < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = utf8_sequence(bytes.subspan(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string to_hex(ByteSpan bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 0x0F]);
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint32_t high = digit(kHexValues, text[i]);
    const std::uint32_t low = digit(kHexValues, text[i + 1]);
    if (high == kNoDigit || low == kNoDigit) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::optional<Hash> hash_from_hex(std::string_view text) {
  Hash hash{};
  if (text.size() != hash.size() * 2) return std::nullopt;
  const auto bytes = from_hex(text);
  if (!bytes) return std::nullopt;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

std::string to_base64url(ByteSpan bytes) { return encode_base64(bytes, kBase64Url); }

std::optional<Bytes> from_base64url(std::string_view text) {
  return decode_base64(text, kBase64UrlValues);
}

std::string to_base64(ByteSpan bytes) {
  std::string text = encode_base64(bytes, kBase64Standard);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return decode_base64(text, kBase64StandardValues);
}

std::string to_base45(ByteSpan bytes) {
  std::string text;
  text.reserve((bytes.size() + 1) / 2 * 3);
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const bool pair = i + 1 < bytes.size();
    const std::uint32_t value = pair ? bytes[i] * 256u + bytes[i + 1] : bytes[i];
    text.push_back(kBase45[value % 45]);
    text.push_back(kBase45[value / 45 % 45]);
    if (pair) text.push_back(kBase45[value / (45 * 45)]);
  }
  return text;
}

std::optional<Bytes> from_base45(std::string_view text) {
  if (text.size() % 3 == 1) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 3 * 2 + 1);
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const bool triple = i + 2 < text.size();
    const std::uint32_t low = digit(kBase45Values, text[i]);
    const std::uint32_t middle = digit(kBase45Values, text[i + 1]);
    const std::uint32_t high = triple ? digit(kBase45Values, text[i + 2]) : 0;
    if (low == kNoDigit || middle == kNoDigit || high == kNoDigit) return std::nullopt;
    const std::uint32_t value = low + middle * 45 + high * 45 * 45;
    if (value > (triple ? 0xFFFFu : 0xFFu)) return std::nullopt;
    if (triple) bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value & 0xFF));
  }
  return bytes;
}

void append_u32be(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

void append_u64be(Bytes& out, std::uint64_t value) {
  append_u32be(out, static_cast<std::uint32_t>(value >> 32));
  append_u32be(out, static_cast<std::uint32_t>(value));
}

std::uint32_t read_u32be(ByteSpan bytes) noexcept {
  assert(bytes.size() >= 4);
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[i];
  return value;
}

std::uint64_t read_u64be(ByteSpan bytes) noexcept {
  assert(bytes.size() >= 8);
  const std::uint64_t high = read_u32be(bytes);
  return high << 32 | read_u32be(bytes.subspan(4));
}

}  // namespace treeproof::crypto
