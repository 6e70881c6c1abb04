#include "node/import/decimal.h"

#include <algorithm>
#include <charconv>

namespace treeproof::import {

namespace {

constexpr std::size_t kWholeDigitsMax = 12;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<std::int64_t> scaled_decimal(std::string_view text, unsigned decimals) noexcept {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point < text.size() ? text.substr(point + 1) : "";
  const bool is_number = !(whole.empty() && fraction.empty()) && whole.size() <= kWholeDigitsMax &&
                         std::ranges::all_of(whole, is_digit) &&
                         std::ranges::all_of(fraction, is_digit);
  if (!is_number) return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : whole) value = value * 10 + (digit - '0');
  for (std::size_t i = 0; i < decimals; ++i) {
    value = value * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  }
  if (fraction.size() > decimals && fraction[decimals] >= '5') ++value;
  return is_negative ? -value : value;
}

std::optional<std::uint64_t> whole_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

}  // namespace treeproof::import
