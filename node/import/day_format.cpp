#include "node/import/day_format.h"

#include <chrono>

namespace treeproof::import {

namespace {

constexpr std::size_t kPatternCharsMax = 32;

// Where a part stands, if it does so once.
std::optional<std::size_t> place_of(std::string_view pattern, std::string_view part) {
  const std::size_t place = pattern.find(part);
  if (place == std::string_view::npos) return std::nullopt;
  return pattern.find(part, place + part.size()) == std::string_view::npos ? std::optional(place)
                                                                           : std::nullopt;
}

std::optional<int> digits_at(std::string_view text, std::size_t place, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(place, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<DayFormat> DayFormat::of(std::string_view pattern) {
  const auto year = place_of(pattern, "YYYY");
  const auto month = place_of(pattern, "MM");
  const auto day = place_of(pattern, "DD");
  if (!year || !month || !day || pattern.size() > kPatternCharsMax) return std::nullopt;
  DayFormat format;
  format.pattern_ = pattern;
  format.year_ = *year;
  format.month_ = *month;
  format.day_ = *day;
  return format;
}

std::optional<std::int32_t> DayFormat::day(std::string_view text) const noexcept {
  if (text.size() != pattern_.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_part = (i >= year_ && i < year_ + 4) || (i >= month_ && i < month_ + 2) ||
                         (i >= day_ && i < day_ + 2);
    if (!is_part && text[i] != pattern_[i]) return std::nullopt;
  }
  const auto year = digits_at(text, year_, 4);
  const auto month = digits_at(text, month_, 2);
  const auto day = digits_at(text, day_, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
}

}  // namespace treeproof::import
