#include "node/import/derived_names.h"

#include <algorithm>

#include "crypto/hash.h"

namespace treeproof::import {

namespace {

constexpr std::string_view kCross = "\xc3\x97";  // U+00D7
constexpr std::size_t kDigestChars = 8;
constexpr std::size_t kDisplayBytesMax = 96;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_foreign(char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }

std::string with_plain_crosses(std::string_view name) {
  std::string text(name);
  for (std::size_t at = 0; (at = text.find(kCross, at)) != std::string::npos; ++at) {
    text.replace(at, kCross.size(), "x");
  }
  return text;
}

std::string single_spaced(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\t';
    if (!is_space) result += c;
    if (is_space && !result.empty() && result.back() != ' ') result += ' ';
  }
  if (result.ends_with(' ')) result.pop_back();
  return result;
}

void cut_to(std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  text.resize(end);
}

}  // namespace

std::string derived_code(std::string_view name, std::size_t chars_max) {
  const std::string text = with_plain_crosses(name);
  std::string code;
  for (const char c : text) {
    const char letter = lower(c);
    const bool fits = is_lower(letter) || (c >= '0' && c <= '9') || c == '.' || c == '_';
    if (fits) code += letter;
    if (!fits && !code.empty() && code.back() != '-') code += '-';
  }
  if (code.ends_with('-')) code.pop_back();
  const bool is_lossy = std::ranges::any_of(text, is_foreign) || code.size() > chars_max;
  if (!is_lossy) return code;
  const std::string digest = crypto::to_hex(crypto::sha256(crypto::as_bytes(name)));
  code.resize(std::min(code.size(), chars_max - kDigestChars - 1));
  return code + (code.empty() ? "" : "-") + digest.substr(0, kDigestChars);
}

std::string display_name(std::string_view genus, std::string_view epithet) {
  std::string name = single_spaced(std::string(genus) + " " + std::string(epithet));
  if (std::ranges::none_of(name, is_lower)) {
    std::ranges::transform(name, name.begin(), lower);
    if (!name.empty()) name.front() = upper(name.front());
  }
  cut_to(name, kDisplayBytesMax);
  return name;
}

}  // namespace treeproof::import
