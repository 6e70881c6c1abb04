// Dates as files write them, by a pattern of YYYY, MM and DD, to days since 1970-01-01.
// Owns no calendar. Callers: mapping, tree intake. Pure.
// Source: docs/importing.md "Dates".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace treeproof::import {

class DayFormat {
 public:
  // "YYYYMMDD", "DD.MM.YYYY", "YYYY-MM", "YYYY" and the like: each part once, anything between them
  // stands for itself. Nothing for a pattern without a year, or with a day of no month. A month or
  // year stands for its first day.
  static std::optional<DayFormat> of(std::string_view pattern);

  // Nothing for a text of another form, or a day that no calendar has.
  std::optional<std::int32_t> day(std::string_view text) const noexcept;

 private:
  std::string pattern_;
  std::size_t year_ = 0;
  std::optional<std::size_t> month_;
  std::optional<std::size_t> day_;
};

}  // namespace treeproof::import
