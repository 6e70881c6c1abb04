// Payload of a doubt about what was recorded: dispute.
// Owns no rule (rules_dispute). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Disputes".
#pragma once

#include <variant>

#include "consensus/ledger/batch.h"
#include "consensus/ledger/names.h"
#include "crypto/signature.h"

namespace treeproof::ledger {

// What one statement made: a planting, a plot, a verification, a campaign, a redemption.
struct DisputedRecord {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "disputed_record";
  ObjectId id;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("id", self.id);
    visit.constant("kind", kName);
  }
  bool operator==(const DisputedRecord&) const = default;
};

// All that an organisation recorded from a height on.
struct DisputedOrg {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "disputed_org";
  OrgId org;
  std::uint64_t from_height = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("org", self.org);
    visit.constant("kind", kName);
    visit("from_height", self.from_height);
  }
  bool operator==(const DisputedOrg&) const = default;
};

// All that a key signed from a height on.
struct DisputedKey {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "disputed_key";
  crypto::PublicKeyBytes public_key{};
  std::uint64_t from_height = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("kind", kName);
    visit("public_key", self.public_key);
    visit("from_height", self.from_height);
  }
  bool operator==(const DisputedKey&) const = default;
};

using DisputeTarget = std::variant<DisputedRecord, DisputedOrg, DisputedKey>;

struct Dispute {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "dispute";
  Ref ref;
  DisputeTarget target;
  Ground ground{};
  std::optional<ObjectId> report;  // the observation that it relies on
  std::optional<ObjectId> renews;  // the issuer's own dispute that would lapse
  EvidenceList evidence;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("ground", self.ground);
    visit("renews", self.renews);
    visit("report", self.report);
    visit("target", self.target);
    visit("evidence", self.evidence);
  }
  bool operator==(const Dispute&) const = default;
};

}  // namespace treeproof::ledger
