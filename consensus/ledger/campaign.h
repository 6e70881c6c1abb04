// Payloads of a campaign: campaign, allocate.
// Owns no rule (rules_campaign, rules_allocate). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Statements".
#pragma once

#include "consensus/ledger/leaves.h"
#include "consensus/ledger/names.h"
#include "consensus/types/limits.h"

namespace treeproof::ledger {

struct Window {
  static constexpr std::string_view kName = "window";
  static constexpr bool kIsArray = true;
  std::int32_t from_day = 0;
  std::int32_t to_day = 0;  // inclusive

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("from_day", self.from_day);
    visit("to_day", self.to_day);
  }
  bool operator==(const Window&) const = default;
};

// What one unit of a species costs.
struct Price {
  static constexpr std::string_view kName = "price";
  static constexpr bool kIsArray = true;
  Code species;
  std::uint64_t grams = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("species", self.species);
    visit("grams", self.grams);
  }
  bool operator==(const Price&) const = default;
};

using Prices = List<Price, kSpeciesPerStatementMax, 1>;

struct Policy {
  static constexpr std::string_view kName = "policy";
  std::uint64_t sample_minimum = 0;          // trees a verifier visits at the least
  std::uint64_t replacement_until_days = 0;  // 0: no replacement is owed
  std::uint64_t lookback_days = 0;           // how old a planting may be when it is redeemed
  bool standing_consent = false;             // planters consent to every allocate beforehand

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("lookback_days", self.lookback_days);
    visit("sample_minimum", self.sample_minimum);
    visit("standing_consent", self.standing_consent);
    visit("replacement_until_days", self.replacement_until_days);
  }
  bool operator==(const Policy&) const = default;
};

struct Campaign {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "campaign";
  Ref ref;
  List<OrgId, 16, 1> planters;
  std::optional<OrgId> sponsor;
  Unit unit{};
  std::uint64_t unit_size = 0;  // m2 per unit; 1 for counted units
  Prices species;
  std::uint64_t target = 0;  // units
  Window redeem_window;
  Window plant_window;
  Mode mode{};
  std::uint32_t deadline_days = 0;  // from redemption to allocation
  Policy policy;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("mode", self.mode);
    visit.constant("type", kName);
    visit("unit", self.unit);
    visit("policy", self.policy);
    visit("target", self.target);
    visit("species", self.species);
    visit("sponsor", self.sponsor);
    visit("planters", self.planters);
    visit("unit_size", self.unit_size);
    visit("plant_window", self.plant_window);
    visit("deadline_days", self.deadline_days);
    visit("redeem_window", self.redeem_window);
  }
  bool operator==(const Campaign&) const = default;
};

struct Allocate {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "allocate";
  Ref ref;
  ObjectId campaign;
  AttachmentRef runs;  // of RunLeaf
  LinksRef links;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("runs", self.runs);
    visit.constant("type", kName);
    visit("links", self.links);
    visit("campaign", self.campaign);
  }
  bool operator==(const Allocate&) const = default;
};

}  // namespace treeproof::ledger
