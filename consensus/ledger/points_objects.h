// What the state keeps of points: programmes with their balance, and the periods of each series.
// Owns no rule (rules_points). Callers: rules, queries, audit. Pure.
// Source: docs/ledger.md "Statements", I1. Points are whole grams.
#pragma once

#include "consensus/ledger/points.h"
#include "consensus/ledger/record.h"

namespace treeproof::ledger {

struct YearIssued {
  static constexpr std::string_view kName = "year-issued";
  static constexpr bool kIsArray = true;
  std::int32_t year = 0;  // UTC
  std::uint64_t grams = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("year", self.year);
    visit("grams", self.grams);
  }
  bool operator==(const YearIssued&) const = default;
};

// I1: issued = outstanding + expired + redeemed - refunded, none negative.
struct ProgrammeObject {
  static constexpr std::string_view kName = "programme-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = Programme::kName;
  RecordInfo record;
  Programme payload;
  List<YearIssued, 4096> years;  // ascending by year
  std::uint64_t issued = 0;
  std::uint64_t expired = 0;
  std::uint64_t redeemed = 0;
  std::uint64_t refunded = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("type", kType);
    visit("years", self.years);
    visit("issued", self.issued);
    visit("record", self.record);
    visit("expired", self.expired);
    visit("payload", self.payload);
    visit("redeemed", self.redeemed);
    visit("refunded", self.refunded);
  }
  std::uint64_t net_redeemed() const noexcept { return redeemed - refunded; }
  std::uint64_t outstanding() const noexcept { return issued - expired - net_redeemed(); }
  bool operator==(const ProgrammeObject&) const = default;
};

struct Period {
  static constexpr std::string_view kName = "period";
  static constexpr bool kIsArray = true;
  std::int32_t from_day = 0;
  std::int32_t to_day = 0;  // inclusive

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("from_day", self.from_day);
    visit("to_day", self.to_day);
  }
  bool operator==(const Period&) const = default;
};

// The days that a series has issued for; neighbours are joined, so daily issues stay one period.
// Id: programme, "#", series.
struct SeriesObject {
  static constexpr std::string_view kName = "series-object";
  static constexpr std::string_view kNamespace = "series";
  List<Period, 4096> periods;  // ascending, disjoint, never adjacent

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("periods", self.periods);
  }
  bool operator==(const SeriesObject&) const = default;
};

struct IssuedDay {
  static constexpr std::string_view kName = "issued-day";
  static constexpr bool kIsArray = true;
  std::int32_t day = 0;  // the last of a period
  std::uint64_t grams = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("day", self.day);
    visit("grams", self.grams);
  }
  bool operator==(const IssuedDay&) const = default;
};

// When the periods of one year ended, over all series: what may expire part by part. Id: programme,
// "#", year.
struct YearDaysObject {
  static constexpr std::string_view kName = "year-days-object";
  static constexpr std::string_view kNamespace = "points_by_day";
  List<IssuedDay, 366> days;  // ascending by day

  static std::string id(const ObjectId& programme, std::int32_t year) {
    return programme.text + "#" + std::to_string(year);
  }
  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("days", self.days);
  }
  bool operator==(const YearDaysObject&) const = default;
};

}  // namespace treeproof::ledger
