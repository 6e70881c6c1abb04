// What governance decides about what others recorded: the end of a dispute, a handover for a holder
// that is gone, the bytes of leaves that nodes drop.
// Owns no rule (changes_resolve, changes_handover, changes_redact). Callers: governance, rules.
// Pure. Source: docs/ledger.md "Disputes", "Handover", "Redaction".
#pragma once

#include "consensus/ledger/land.h"
#include "consensus/ledger/ranges.h"
#include "crypto/bytes.h"

namespace treeproof::ledger {

// Ends a dispute. Ranges are those of the batch that is disputed, or that the disputed verification
// judged.
struct Resolve {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "resolve";
  ObjectId dispute;
  Outcome outcome{};
  Remedy remedy{};
  Ranges ranges;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("kind", kName);
    visit("ranges", self.ranges);
    visit("remedy", self.remedy);
    visit("dispute", self.dispute);
    visit("outcome", self.outcome);
  }
  bool operator==(const Resolve&) const = default;
};

// A handover that the holder cannot sign any more.
struct HandoverFor {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "handover";
  static constexpr std::string_view kRuleName = "handover-for";
  OrgId org;
  OrgId to;
  ObjectIds plots;
  ObjectIds batches;
  ObjectIds duties;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("to", self.to);
    visit("org", self.org);
    visit.constant("kind", kName);
    visit("plots", self.plots);
    visit("duties", self.duties);
    visit("batches", self.batches);
  }
  bool operator==(const HandoverFor&) const = default;
};

// Nodes drop the bytes of these leaves and keep their hashes.
struct Redact {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "redact";
  crypto::Hash root{};  // of the attachment
  Ranges ranges;        // of its leaves

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("kind", kName);
    visit("root", self.root);
    visit("ranges", self.ranges);
  }
  bool operator==(const Redact&) const = default;
};

}  // namespace treeproof::ledger
