// What the state keeps of trees: batches of a plant or an inventory, and their verifications.
// Owns no rule and no leaf. Callers: rules_batch, rules_verify, rules_allocate, links, queries.
// Pure. Source: docs/ledger.md "Statements", I3 to I5, I8.
#pragma once

#include <optional>

#include "consensus/ledger/batch.h"
#include "consensus/ledger/care.h"
#include "consensus/ledger/member_codes.h"
#include "consensus/ledger/objects.h"

namespace treeproof::ledger {

// The trees of one species in a batch.
struct BatchSpecies {
  static constexpr std::string_view kName = "batch-species";
  static constexpr bool kIsArray = true;
  Code species;
  TreeTally trees;
  std::uint64_t space_mm2 = 0;  // what one member occupies or covers on its plot

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("species", self.species);
    visit("trees", self.trees);
    visit("space_mm2", self.space_mm2);
  }
  bool operator==(const BatchSpecies&) const = default;
};

enum class BatchSource : std::uint8_t { plant, inventory };
Names names_of(BatchSource) noexcept;

// A plant or an inventory. The codes of its trees stand in pages (pages.h); tree i is leaf i of
// its attachment.
struct BatchObject {
  static constexpr std::string_view kName = "batch-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = "batch";
  RecordInfo record;
  OrgId holder;  // who looks after it: its issuer until a handover
  BatchSource source{};
  std::optional<ObjectId> plot;
  std::optional<ObjectId> campaign;
  std::optional<ObjectId> pledge;
  Unit unit{};  // of the campaign; stem without one
  Purpose purpose{};
  PlantingMethod method{};
  Positions positions{};
  std::uint32_t precision_m = 0;
  std::optional<std::int32_t> planted_from;  // null: no tree of the batch has a day
  std::optional<std::int32_t> planted_to;
  std::uint64_t undated = 0;                               // trees without a day
  AttachmentRef leaves;                                    // of PlantLeaf
  List<BatchSpecies, kSpeciesPerStatementMax, 1> species;  // in the order of the statement
  std::optional<ObjectId> verification;                    // the last one
  std::uint64_t beacon = 0;     // samples are drawn from the header of this height
  std::uint64_t corrected = 0;  // leaves that were overridden, each time counted
  crypto::Hash pages_root{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("plot", self.plot);
    visit.constant("type", kType);
    visit("unit", self.unit);
    visit("beacon", self.beacon);
    visit("holder", self.holder);
    visit("leaves", self.leaves);
    visit("method", self.method);
    visit("pledge", self.pledge);
    visit("record", self.record);
    visit("source", self.source);
    visit("purpose", self.purpose);
    visit("species", self.species);
    visit("undated", self.undated);
    visit("campaign", self.campaign);
    visit("corrected", self.corrected);
    visit("positions", self.positions);
    visit("pages_root", self.pages_root);
    visit("planted_to", self.planted_to);
    visit("precision_m", self.precision_m);
    visit("planted_from", self.planted_from);
    visit("verification", self.verification);
  }
  std::uint64_t size() const noexcept { return leaves.count; }
  TreeTally trees() const noexcept {
    TreeTally sum;
    for (const BatchSpecies& part : species) sum += part.trees;
    return sum;
  }
  bool operator==(const BatchObject&) const = default;
};

struct VerifyObject {
  static constexpr std::string_view kName = "verify-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = Verify::kName;
  RecordInfo record;
  Verify payload;
  std::optional<ObjectId> previous;  // the batch's verification before this one

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("type", kType);
    visit("record", self.record);
    visit("payload", self.payload);
    visit("previous", self.previous);
  }
  bool operator==(const VerifyObject&) const = default;
};

struct ObservationObject {
  static constexpr std::string_view kName = "observation-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = Observe::kName;
  RecordInfo record;
  Observe payload;
  Witness witness{};  // when it was recorded

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("type", kType);
    visit("record", self.record);
    visit("payload", self.payload);
    visit("witness", self.witness);
  }
  bool operator==(const ObservationObject&) const = default;
};

}  // namespace treeproof::ledger
