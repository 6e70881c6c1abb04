// Days since 1970-01-01 as civil dates of the proleptic Gregorian calendar.
// Owns nothing. Callers: rules_points (UTC years), rules_care, tree_columns, queries. Pure.
// Source: RFC 3339 section 5; docs/ledger.md units.
#pragma once

#include <cstdint>

namespace treeproof::ledger {

// The year of a day. Counts in eras of 400 years from 0000-03-01, so that a leap day ends a year.
constexpr std::int32_t year_of(std::int32_t day) noexcept {
  constexpr std::int64_t kDaysPerEra = 146'097;
  constexpr std::int64_t kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01
  const std::int64_t shifted = std::int64_t{day} + kDaysToEpoch;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - kDaysPerEra + 1) / kDaysPerEra;
  const std::int64_t day_of_era = shifted - era * kDaysPerEra;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const bool is_january_or_february = day_of_year >= 306;
  return static_cast<std::int32_t>(era * 400 + year_of_era + (is_january_or_february ? 1 : 0));
}
static_assert(year_of(0) == 1970 && year_of(-1) == 1969 && year_of(364) == 1970);
static_assert(year_of(365) == 1971 && year_of(11'016) == 2000 && year_of(20'453) == 2025);

// 0001-01-01: no tree was planted and nothing was seen on a day that no calendar date names.
inline constexpr std::int32_t kFirstDateDay = -719'162;
static_assert(year_of(kFirstDateDay) == 1 && year_of(kFirstDateDay - 1) == 0);

}  // namespace treeproof::ledger
