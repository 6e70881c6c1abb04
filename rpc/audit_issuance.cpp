// I1 by year: what each programme issued, against its yearly cap, and the days for which more than
// one of its series did.
#include <algorithm>
#include <map>
#include <utility>

#include "consensus/ledger/calendar.h"
#include "consensus/ledger/geometry/wide_integer.h"
#include "consensus/ledger/points_objects.h"
#include "rpc/audit_check.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::ProgrammeObject;
using IssueObject = ledger::Recorded<ledger::IssuePoints>;

struct Year {
  std::uint64_t issues = 0;
  std::uint64_t grams = 0;
  std::map<std::string, std::vector<ledger::Period>> series;
};
using Years = std::map<std::int32_t, Year>;

std::map<std::string, Years> years_of(const ChainView& view, Height at) {
  std::map<std::string, Years> programmes;
  each_object<IssueObject>(view, at, [&](const auto&, const auto& object) {
    const ledger::IssuePoints& issue = object.payload;
    Year& year = programmes[issue.programme.text][ledger::year_of(issue.from_day)];
    ++year.issues;
    year.grams += issue.grams;
    year.series[issue.series.text].push_back({issue.from_day, issue.to_day});
  });
  return programmes;
}

// The days for which a series issued twice: none, by the rules.
std::uint64_t days_twice(std::vector<ledger::Period> periods) {
  std::ranges::sort(periods, {}, &ledger::Period::from_day);
  std::uint64_t days = 0;
  for (std::size_t i = 1; i < periods.size(); ++i) {
    const std::int32_t end = std::min(periods[i - 1].to_day, periods[i].to_day);
    if (periods[i].from_day <= end)
      days += static_cast<std::uint64_t>(end - periods[i].from_day) + 1;
  }
  return days;
}

// The days for which at least two series issued: no rule forbids it, a regulator asks why.
std::uint64_t shared_days(const Year& year) {
  std::map<std::int32_t, std::uint64_t> issued;  // series, by day; at most 366 days
  for (const auto& [series, periods] : year.series) {
    for (const ledger::Period& period : periods) {
      for (std::int32_t day = period.from_day; day <= period.to_day; ++day) ++issued[day];
    }
  }
  return static_cast<std::uint64_t>(
      std::ranges::count_if(issued, [](const auto& day) { return day.second > 1; }));
}

void audit_year(AuditReport& report, const std::string& id, const ProgrammeObject& programme,
                std::int32_t number, const Year& year) {
  AuditCheck check(report, id);
  const auto stated = std::ranges::find(programme.years, number, &ledger::YearIssued::year);
  check.expect_equal("year_differs", stated == programme.years.end() ? 0 : stated->grams,
                     year.grams);
  check.expect_at_most("issued_above_cap", year.grams, programme.payload.yearly_cap);
  for (const auto& [series, periods] : year.series) {
    check.expect_equal("days_issued_twice", 0, days_twice(periods));
  }
  const std::uint64_t cap = std::max<std::uint64_t>(programme.payload.yearly_cap, 1);
  const auto permille = static_cast<std::uint64_t>(geometry::UInt128{year.grams} * 1'000 / cap);
  report.rows.push_back({{"programme", id},
                         {"year", std::to_string(number)},
                         {"issues", std::to_string(year.issues)},
                         {"series", std::to_string(year.series.size())},
                         {"grams", std::to_string(year.grams)},
                         {"yearly_cap", std::to_string(programme.payload.yearly_cap)},
                         {"cap_permille", std::to_string(permille)},
                         {"days_of_two_series", std::to_string(shared_days(year))},
                         {"holds", check.holds_text()}});
}

}  // namespace

AuditReport audit_issuance(const ChainView& view, Height at, const AuditScope& scope) {
  auto programmes = years_of(view, at);
  AuditReport report{"I1", {}, {}, {}};
  std::uint64_t count = 0;
  std::uint64_t issues = 0;
  each_object<ProgrammeObject>(view, at, [&](const ledger::ObjectId& id, const auto& programme) {
    if (scope.programme && scope.programme->text != id.text) return;
    Years& years = programmes[id.text];
    for (const ledger::YearIssued& stated : programme.years) years[stated.year];
    for (const auto& [number, year] : years) {
      issues += year.issues;
      const bool is_wanted = !scope.year || std::cmp_equal(*scope.year, number);
      if (is_wanted) audit_year(report, id.text, programme, number, year);
    }
    ++count;
  });
  report.checked = {{"programmes", count}, {"issues", issues}};
  return report;
}

}  // namespace treeproof::rpc
