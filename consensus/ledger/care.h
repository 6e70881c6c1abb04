// Payloads of what became of trees: observe, mortality.
// Owns no rule (rules_observe, rules_mortality). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Statements". Days since 1970-01-01.
#pragma once

#include "consensus/ledger/names.h"
#include "consensus/ledger/ranges.h"
#include "consensus/types/limits.h"

namespace treeproof::ledger {

struct Mortality {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "mortality";
  Ref ref;
  ObjectId plant;
  Ranges ranges;
  Cause cause{};
  std::int32_t day = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("day", self.day);
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("cause", self.cause);
    visit("plant", self.plant);
    visit("ranges", self.ranges);
  }
  bool operator==(const Mortality&) const = default;
};

// What an observer saw of one species of a batch. Together they are all that is planted and not
// voided.
struct ObservedSpecies {
  static constexpr std::string_view kName = "observed-species";
  static constexpr bool kIsArray = true;
  Code species;
  std::uint64_t alive = 0;
  std::uint64_t dead = 0;
  std::uint64_t unknown = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("species", self.species);
    visit("alive", self.alive);
    visit("dead", self.dead);
    visit("unknown", self.unknown);
  }
  bool operator==(const ObservedSpecies&) const = default;
};

struct Observe {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "observe";
  Ref ref;
  ObjectId plant;
  std::int32_t day = 0;
  List<ObservedSpecies, kSpeciesPerStatementMax, 1> species;  // in the order of the batch
  Ranges dead;                                                // those that nobody named dead before
  std::optional<Cause> cause;                                 // of them; null where there are none

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("day", self.day);
    visit("ref", self.ref);
    visit("dead", self.dead);
    visit.constant("type", kName);
    visit("cause", self.cause);
    visit("plant", self.plant);
    visit("species", self.species);
  }
  bool operator==(const Observe&) const = default;
};

}  // namespace treeproof::ledger
