// Payloads of units: redeem, refund.
// Owns no rule (rules_redeem, rules_refund). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Statements". Points are whole grams of green energy.
#pragma once

#include "consensus/ledger/leaves.h"
#include "consensus/ledger/names.h"
#include "consensus/ledger/ranges.h"
#include "consensus/types/limits.h"

namespace treeproof::ledger {

struct Draw {
  static constexpr std::string_view kName = "draw";
  static constexpr bool kIsArray = true;
  ObjectId pledge;
  std::uint64_t units = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("pledge", self.pledge);
    visit("units", self.units);
  }
  bool operator==(const Draw&) const = default;
};

struct Redeem {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "redeem";
  Ref ref;
  ObjectId campaign;
  ObjectId programme;
  std::optional<Code> species;  // null only where all prices are equal
  List<Draw, kDrawsMax> draws;
  std::uint64_t units = 0;
  std::uint64_t grams = 0;
  AttachmentRef leaves;  // of RedeemLeaf

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("draws", self.draws);
    visit("grams", self.grams);
    visit("units", self.units);
    visit("leaves", self.leaves);
    visit("species", self.species);
    visit("campaign", self.campaign);
    visit("programme", self.programme);
  }
  bool operator==(const Redeem&) const = default;
};

// Units that will get no tree: their points return to the programme.
struct Refund {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "refund";
  Ref ref;
  ObjectId redeem;
  Ranges ranges;
  RefundReason reason{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("ranges", self.ranges);
    visit("reason", self.reason);
    visit("redeem", self.redeem);
  }
  bool operator==(const Refund&) const = default;
};

}  // namespace treeproof::ledger
