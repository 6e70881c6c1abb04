#include <gtest/gtest.h>

#include "consensus/ledger/calendar.h"
#include "tests/unit/consensus/ledger/rules/points_fixture.h"

namespace treeproof::ledger {
namespace {

class Programmes : public testing::Test {
 protected:
  Reason refused() { return consortium_.refusal(kPlatform, programme_).reason; }
  Consortium consortium_;
  Programme programme_ = energy_programme();
};

TEST_F(Programmes, BeginWithoutPoints) {
  consortium_.must(kPlatform, programme_);
  const auto object = consortium_.find<ProgrammeObject>(kProgramme.text);
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(object->payload, programme_);
  EXPECT_EQ(object->outstanding(), 0u);
}

TEST_F(Programmes, ArePartnersOwnToo) { consortium_.must(kPartner, programme_); }

TEST_F(Programmes, RefuseZeros) {
  programme_.yearly_cap = 0;
  EXPECT_EQ(refused(), Reason::empty);
  programme_ = energy_programme();
  programme_.expiry_days = 0;
  EXPECT_EQ(refused(), Reason::empty);
  programme_ = energy_programme();
  programme_.actions.front().grams = 0;
  EXPECT_EQ(refused(), Reason::empty);
}

TEST_F(Programmes, RefuseACapThatNoReaderKeepsExact) {
  programme_.yearly_cap = kQuantityMax + 1;
  EXPECT_EQ(refused(), Reason::quantity_too_large);
  programme_.yearly_cap = kQuantityMax;
  consortium_.must(kPlatform, programme_);
}

TEST_F(Programmes, RefuseListsThatDoNotAscend) {
  std::ranges::reverse(programme_.actions);
  EXPECT_EQ(refused(), Reason::list_not_ascending);
  programme_ = energy_programme();
  programme_.platforms = {{"platform"}, {"platform"}};
  EXPECT_EQ(refused(), Reason::list_not_ascending);
}

TEST_F(Programmes, RefuseAPlatformThatIsNone) {
  programme_.platforms = {{"desert-ngo"}};
  const Refusal refusal = consortium_.refusal(kPlatform, programme_);
  EXPECT_EQ(refusal.reason, Reason::platform_unknown);
  EXPECT_EQ(number(refusal, "org"), "desert-ngo");
}

class Issues : public testing::Test {
 protected:
  Refusal refused(const IssuePoints& payload) { return consortium_.refusal(kPlatform, payload); }
  // Days counted from the first of the year.
  IssuePoints period(std::int32_t from, std::int32_t to, std::uint64_t grams = 10) {
    IssuePoints payload = consortium_.issue(grams);
    payload.from_day = kFirstDay + from;
    payload.to_day = kFirstDay + to;
    return payload;
  }
  std::vector<Period> periods() {
    return consortium_.get<SeriesObject>("platform/energy#daily")->periods;
  }
  PointsConsortium consortium_;
};

TEST_F(Issues, AddToWhatIsOutstanding) {
  consortium_.must(kPlatform, consortium_.issue(700));
  consortium_.advance_days(1);
  consortium_.must(kPlatform, consortium_.issue(50));
  EXPECT_EQ(consortium_.programme().issued, 750u);
  EXPECT_EQ(consortium_.programme().outstanding(), 750u);
  EXPECT_EQ(consortium_.programme().years.front(), (YearIssued{2026, 750}));
}

TEST_F(Issues, RefuseAnUnknownProgramme) {
  IssuePoints payload = consortium_.issue(1);
  payload.programme = kPledged;
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::programme_unknown);
  EXPECT_EQ(number(refusal, "programme"), kPledged.text);
}

TEST_F(Issues, RefuseAnothersProgramme) {
  EXPECT_EQ(consortium_.refusal(kPartner, consortium_.issue(1)).reason, Reason::programme_not_own);
}

TEST_F(Issues, RefuseZeros) {
  EXPECT_EQ(refused(consortium_.issue(0)).reason, Reason::empty);
  IssuePoints payload = consortium_.issue(1);
  payload.accounts = 0;
  EXPECT_EQ(refused(payload).reason, Reason::empty);
}

TEST_F(Issues, RefuseAnAmountThatNoReaderKeepsExact) {
  EXPECT_EQ(refused(consortium_.issue(kQuantityMax + 1)).reason, Reason::quantity_too_large);
}

TEST_F(Issues, RefuseAPeriodThatEndsBeforeItBegins) {
  EXPECT_EQ(refused(period(0, -1)).reason, Reason::period_invalid);
  IssuePoints payload = period(0, 0);
  payload.from_day = -1;
  EXPECT_EQ(refused(payload).reason, Reason::period_invalid);
}

TEST_F(Issues, RefuseAPeriodLaterThanTheDayAfter) {
  consortium_.must(kPlatform, period(0, 1));
  const Refusal refusal = refused(period(2, 2));
  EXPECT_EQ(refusal.reason, Reason::period_in_future);
  EXPECT_EQ(number(refusal, "block_day"), std::to_string(kFirstDay));
}

TEST_F(Issues, RefuseAPeriodAcrossTwoYears) {
  EXPECT_EQ(refused(period(-1, 0)).reason, Reason::period_crosses_years);
  consortium_.must(kPlatform, period(-365, -1));
}

TEST_F(Issues, RefuseOverlapsWithinASeriesOnly) {
  consortium_.advance_days(20);
  consortium_.must(kPlatform, period(5, 10));
  for (const auto& [from, to] : {std::pair{0, 5}, {10, 12}, {6, 7}, {0, 20}}) {
    const Refusal refusal = refused(period(from, to));
    EXPECT_EQ(refusal.reason, Reason::period_overlaps);
    EXPECT_EQ(number(refusal, "issued_to_day"), std::to_string(kFirstDay + 10));
  }
  IssuePoints other = period(5, 10);
  other.series = {"weekly"};
  consortium_.must(kPlatform, other);
}

TEST_F(Issues, JoinNeighbouringPeriods) {
  consortium_.advance_days(20);
  const auto at = [](std::int32_t from, std::int32_t to) {
    return Period{kFirstDay + from, kFirstDay + to};
  };
  consortium_.must(kPlatform, period(5, 6));
  consortium_.must(kPlatform, period(9, 9));
  EXPECT_EQ(periods(), (std::vector{at(5, 6), at(9, 9)}));
  consortium_.must(kPlatform, period(2, 4));
  EXPECT_EQ(periods(), (std::vector{at(2, 6), at(9, 9)}));
  consortium_.must(kPlatform, period(7, 8));
  EXPECT_EQ(periods(), (std::vector{at(2, 9)}));
}

TEST_F(Issues, RefuseMorePeriodsThanASeriesCanHave) {
  SeriesObject series;
  for (std::int32_t i = 0; i < 4'096; ++i) series.periods.push_back({2 * i, 2 * i});
  State overlay(consortium_.state);
  overlay.put("platform/energy#daily", series);
  consortium_.state.all.merge(overlay.take_changes());
  EXPECT_EQ(refused(consortium_.issue(1)).reason, Reason::periods_too_many);
}

TEST_F(Issues, RefuseMoreThanTheYearlyCap) {
  consortium_.must(kPlatform, period(-1, -1, kYearlyCap));
  consortium_.must(kPlatform, period(0, 0, kYearlyCap - 1));
  const Refusal refusal = refused(period(1, 1, 2));
  EXPECT_EQ(refusal.reason, Reason::yearly_cap_exceeded);
  EXPECT_EQ(number(refusal, "issued"), std::to_string(kYearlyCap - 1));
  consortium_.must(kPlatform, period(1, 1, 1));
}

TEST(Calendar, KnowsTheYearOfADay) {
  std::int32_t day = 0;
  for (std::int32_t year = 1970; year < 2500; ++year) {
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const std::int32_t days = is_leap ? 366 : 365;
    EXPECT_EQ(year_of(day), year);
    EXPECT_EQ(year_of(day + days - 1), year);
    day += days;
  }
  EXPECT_EQ(year_of(INT32_MAX), 5'881'580);
  EXPECT_EQ(year_of(INT32_MIN), -5'877'641);
}

}  // namespace
}  // namespace treeproof::ledger
