// Rules of `programme`, `issue_points` and `expire_points`: points come and go in whole grams.
#include <algorithm>

#include "consensus/ledger/calendar.h"
#include "consensus/ledger/changes.h"
#include "consensus/ledger/points_objects.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

namespace {

std::string series_id(const IssuePoints& payload) {
  return payload.programme.text + "#" + payload.series.text;
}

bool is_platform(const StateReader& state, const OrgId& id) {
  const auto org = get<OrgObject>(state, id.text);
  return org && org->has(OrgRole::platform);
}

bool judge_period(Judgement& judgement, const IssuePoints& payload) {
  const auto numbers = [&] {
    return Numbers{{"from_day", std::to_string(payload.from_day)},
                   {"to_day", std::to_string(payload.to_day)},
                   {"block_day", std::to_string(judgement.block().day())}};
  };
  return judgement.require(0 <= payload.from_day && payload.from_day <= payload.to_day,
                           Reason::period_invalid, numbers) &&
         judgement.require(payload.to_day <= judgement.block().day() + 1, Reason::period_in_future,
                           numbers) &&
         judgement.require(year_of(payload.from_day) == year_of(payload.to_day),
                           Reason::period_crosses_years, numbers);
}

// Puts the period into its place and joins it with neighbours that it touches.
void insert_joined(SeriesObject& series, Period period) {
  auto& periods = series.periods;
  auto next = std::ranges::lower_bound(periods, period.from_day, {}, &Period::from_day);
  if (next != periods.begin() && std::prev(next)->to_day + 1 == period.from_day) {
    --next;
    period.from_day = next->from_day;
    next = periods.erase(next);
  }
  if (next != periods.end() && period.to_day + 1 == next->from_day) {
    period.to_day = next->to_day;
    next = periods.erase(next);
  }
  periods.insert(next, period);
}

bool judge_series(Judgement& judgement, const IssuePoints& payload, SeriesObject& series) {
  const auto overlapping = std::ranges::find_if(series.periods, [&](const Period& period) {
    return period.from_day <= payload.to_day && payload.from_day <= period.to_day;
  });
  const bool disjoint = overlapping == series.periods.end();
  if (!judgement.require(disjoint, Reason::period_overlaps, [&] {
        if (disjoint) return Numbers{{"series", payload.series.text}};
        return Numbers{{"series", payload.series.text},
                       {"issued_from_day", std::to_string(overlapping->from_day)},
                       {"issued_to_day", std::to_string(overlapping->to_day)}};
      })) {
    return false;
  }
  insert_joined(series, {payload.from_day, payload.to_day});
  constexpr std::size_t kPeriodsMax = decltype(series.periods)::kMax;
  return judgement.require(series.periods.size() <= kPeriodsMax, Reason::periods_too_many, [&] {
    return Numbers{{"periods", std::to_string(series.periods.size())},
                   {"limit", std::to_string(kPeriodsMax)}};
  });
}

YearIssued& year_row(ProgrammeObject& programme, std::int32_t year) {
  auto& years = programme.years;
  const auto place = std::ranges::lower_bound(years, year, {}, &YearIssued::year);
  if (place != years.end() && place->year == year) return *place;
  return *years.insert(place, {year, 0});
}

void note_day(State& state, const IssuePoints& payload) {
  const std::string id = YearDaysObject::id(payload.programme, year_of(payload.to_day));
  YearDaysObject year = state.get<YearDaysObject>(id).value_or(YearDaysObject{});
  auto place = std::ranges::lower_bound(year.days, payload.to_day, {}, &IssuedDay::day);
  const bool is_known = place != year.days.end() && place->day == payload.to_day;
  if (!is_known) place = year.days.insert(place, {payload.to_day, 0});
  place->grams += payload.grams;
  state.put(id, year);
}

// What was issued in periods that ended more than the expiry days before this day.
std::uint64_t expirable(const StateReader& state, const ObjectId& id,
                        const ProgrammeObject& programme, std::int32_t today) {
  const std::int64_t last = std::int64_t{today} - programme.payload.expiry_days - 1;
  if (last < 0) return 0;
  const std::int32_t last_year = year_of(static_cast<std::int32_t>(last));
  std::uint64_t grams = 0;
  for (const YearIssued& year : programme.years) {
    if (year.year < last_year) grams += year.grams;
  }
  const auto days = get<YearDaysObject>(state, YearDaysObject::id(id, last_year));
  if (!days) return grams;
  for (const IssuedDay& day : days->days) {
    if (day.day <= last) grams += day.grams;
  }
  return grams;
}

}  // namespace

bool judge(Judgement& judgement, const Programme& payload) {
  const bool names_ascend =
      std::ranges::adjacent_find(payload.actions, std::ranges::greater_equal{}, &Action::name) ==
      payload.actions.end();
  const auto stranger = std::ranges::find_if(
      payload.platforms, [&](const OrgId& org) { return !is_platform(judgement.state(), org); });
  const bool worthless =
      std::ranges::any_of(payload.actions, [](const Action& action) { return action.grams == 0; });
  const bool holds =
      judgement.require(payload.yearly_cap > 0 && payload.expiry_days > 0 && !worthless,
                        Reason::empty,
                        [&] {
                          return Numbers{{"yearly_cap", std::to_string(payload.yearly_cap)},
                                         {"expiry_days", std::to_string(payload.expiry_days)}};
                        }) &&
      judgement.require(payload.yearly_cap <= kQuantityMax, Reason::quantity_too_large,
                        [&] {
                          return Numbers{{"yearly_cap", std::to_string(payload.yearly_cap)},
                                         {"limit", std::to_string(kQuantityMax)}};
                        }) &&
      judgement.require(names_ascend, Reason::list_not_ascending,
                        [] { return Numbers{{"field", "actions"}}; }) &&
      require_ascending(judgement, payload.platforms, "platforms") &&
      judgement.require(stranger == payload.platforms.end(), Reason::platform_unknown, [&] {
        const bool all_known = stranger == payload.platforms.end();
        return Numbers{{"org", all_known ? "none" : stranger->text}};
      });
  if (!holds) return false;
  ProgrammeObject programme;
  programme.record = judgement.record_info();
  programme.payload = payload;
  judgement.create(programme);
  return true;
}

bool judge(Judgement& judgement, const IssuePoints& payload) {
  State& state = judgement.state();
  auto programme = state.find<ProgrammeObject>(payload.programme);
  const auto which = [&] { return Numbers{{"programme", payload.programme.text}}; };
  const auto amounts = [&] {
    return Numbers{{"grams", std::to_string(payload.grams)},
                   {"accounts", std::to_string(payload.accounts)}};
  };
  const bool known =
      judgement.require(programme.has_value(), Reason::programme_unknown, which) &&
      judgement.require(payload.programme.org() == judgement.issuer(), Reason::programme_not_own,
                        which) &&
      judgement.require(payload.grams > 0 && payload.accounts > 0, Reason::empty, amounts) &&
      judgement.require(payload.grams <= kQuantityMax && payload.accounts <= kQuantityMax,
                        Reason::quantity_too_large, amounts);
  if (!known || !judge_period(judgement, payload)) return false;
  SeriesObject series = state.get<SeriesObject>(series_id(payload)).value_or(SeriesObject{});
  if (!judge_series(judgement, payload, series)) return false;

  YearIssued& year = year_row(*programme, year_of(payload.to_day));
  const std::uint64_t cap = programme->payload.yearly_cap;
  if (!judgement.require(payload.grams <= cap - year.grams, Reason::yearly_cap_exceeded, [&] {
        return Numbers{{"year", std::to_string(year.year)},
                       {"issued", std::to_string(year.grams)},
                       {"grams", std::to_string(payload.grams)},
                       {"yearly_cap", std::to_string(cap)}};
      })) {
    return false;
  }
  year.grams += payload.grams;
  programme->issued += payload.grams;
  state.put(payload.programme.text, *programme);
  state.put(series_id(payload), series);
  note_day(state, payload);
  judgement.create(Recorded<IssuePoints>{judgement.record_info(), payload});
  return true;
}

bool judge(Judgement& judgement, const ExpirePoints& payload) {
  State& state = judgement.state();
  auto programme = state.find<ProgrammeObject>(payload.programme);
  const auto which = [&] { return Numbers{{"programme", payload.programme.text}}; };
  const bool known = judgement.require(programme.has_value(), Reason::programme_unknown, which) &&
                     judgement.require(payload.programme.org() == judgement.issuer(),
                                       Reason::programme_not_own, which) &&
                     judgement.require(payload.grams > 0, Reason::empty,
                                       [] { return Numbers{{"field", "grams"}}; });
  if (!known) return false;
  const std::uint64_t old =
      expirable(state, payload.programme, *programme, judgement.block().day());
  const std::uint64_t left = old - std::min(old, programme->expired);
  const bool holds =
      judgement.require(payload.grams <= left, Reason::expiry_exceeded,
                        [&] {
                          return Numbers{{"grams", std::to_string(payload.grams)},
                                         {"expired", std::to_string(programme->expired)},
                                         {"issued_before", std::to_string(old)}};
                        }) &&
      judgement.require(payload.grams <= programme->outstanding(), Reason::points_insufficient,
                        [&] {
                          return Numbers{{"grams", std::to_string(payload.grams)},
                                         {"outstanding", std::to_string(programme->outstanding())}};
                        });
  if (!holds) return false;
  programme->expired += payload.grams;
  state.put(payload.programme.text, *programme);
  judgement.create(Recorded<ExpirePoints>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
