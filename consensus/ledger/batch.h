// Payloads of trees in batches: plant, inventory, verify.
// Owns no rule (rules_batch, rules_verify). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Statements". Days since 1970-01-01.
#pragma once

#include "consensus/ledger/leaves.h"
#include "consensus/ledger/names.h"
#include "consensus/ledger/ranges.h"
#include "consensus/types/limits.h"

namespace treeproof::ledger {

struct SpeciesCount {
  static constexpr std::string_view kName = "species-count";
  static constexpr bool kIsArray = true;
  Code species;
  std::uint64_t count = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("species", self.species);
    visit("count", self.count);
  }
  bool operator==(const SpeciesCount&) const = default;
};

using SpeciesCounts = List<SpeciesCount, kSpeciesPerStatementMax, 1>;
using EvidenceList = List<ObjectId, 64>;

struct Plant {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "plant";
  Ref ref;
  ObjectId plot;
  std::optional<ObjectId> campaign;
  std::optional<ObjectId> pledge;
  Purpose purpose{};
  SpeciesCounts species;
  std::int32_t planted_from = 0;
  std::int32_t planted_to = 0;
  PlantingMethod method{};
  Positions positions{};
  std::uint32_t precision_m = 0;
  AttachmentRef leaves;  // of PlantLeaf
  EvidenceList evidence;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("plot", self.plot);
    visit.constant("type", kName);
    visit("leaves", self.leaves);
    visit("method", self.method);
    visit("pledge", self.pledge);
    visit("purpose", self.purpose);
    visit("species", self.species);
    visit("campaign", self.campaign);
    visit("evidence", self.evidence);
    visit("positions", self.positions);
    visit("planted_to", self.planted_to);
    visit("precision_m", self.precision_m);
    visit("planted_from", self.planted_from);
  }
  bool operator==(const Plant&) const = default;
};

// Trees that stood before registration, shown as such.
struct Inventory {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "inventory";
  Ref ref;
  std::optional<ObjectId> plot;
  std::optional<ObjectId> campaign;
  SpeciesCounts species;
  PlantingMethod method{};
  Positions positions{};
  std::uint32_t precision_m = 0;
  AttachmentRef leaves;  // of PlantLeaf
  EvidenceList evidence;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("plot", self.plot);
    visit.constant("type", kName);
    visit("leaves", self.leaves);
    visit("method", self.method);
    visit("species", self.species);
    visit("campaign", self.campaign);
    visit("evidence", self.evidence);
    visit("positions", self.positions);
    visit("precision_m", self.precision_m);
  }
  bool operator==(const Inventory&) const = default;
};

struct Verify {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "verify";
  Ref ref;
  ObjectId plant;
  VerifyMethod method{};
  Ranges visited;
  std::uint64_t failures = 0;  // of the visited ones
  Ranges rejected;
  crypto::Hash report{};  // SHA-256 of the report

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("plant", self.plant);
    visit("method", self.method);
    visit("report", self.report);
    visit("visited", self.visited);
    visit("failures", self.failures);
    visit("rejected", self.rejected);
  }
  bool operator==(const Verify&) const = default;
};

}  // namespace treeproof::ledger
