#include "node/import/day_format.h"

#include <chrono>

namespace treeproof::import {

namespace {

constexpr std::size_t kPatternCharsMax = 32;

bool is_twice(std::string_view pattern, std::string_view part) {
  return pattern.find(part) != pattern.rfind(part);
}

std::optional<std::size_t> place_of(std::string_view pattern, std::string_view part) {
  const std::size_t place = pattern.find(part);
  return place == std::string_view::npos ? std::nullopt : std::optional(place);
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
  if (!year || (day && !month) || pattern.size() > kPatternCharsMax) return std::nullopt;
  for (const std::string_view part : {"YYYY", "MM", "DD"}) {
    if (is_twice(pattern, part)) return std::nullopt;
  }
  DayFormat format;
  format.pattern_ = pattern;
  format.year_ = *year;
  format.month_ = month;
  format.day_ = day;
  return format;
}

std::optional<std::int32_t> DayFormat::day(std::string_view text) const noexcept {
  if (text.size() != pattern_.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto is_of = [i](const std::optional<std::size_t>& two) {
      return two && i >= *two && i < *two + 2;
    };
    const bool is_part = (i >= year_ && i < year_ + 4) || is_of(month_) || is_of(day_);
    if (!is_part && text[i] != pattern_[i]) return std::nullopt;
  }
  const auto year = digits_at(text, year_, 4);
  const auto month = month_ ? digits_at(text, *month_, 2) : 1;
  const auto day = day_ ? digits_at(text, *day_, 2) : 1;
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *year == 0) return std::nullopt;  // the calendar begins with the year 1
  return static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
}

}  // namespace treeproof::import
