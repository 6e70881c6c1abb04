// Payloads of trees that take another's place and of those that came back to life: replace, revive.
// Owns no rule (rules_replace, rules_revive). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Replacements", I13. Days since 1970-01-01.
#pragma once

#include "consensus/ledger/leaves.h"
#include "consensus/ledger/names.h"
#include "consensus/ledger/ranges.h"

namespace treeproof::ledger {

// `count` trees from `to_tree` take the places of as many from `from_tree`, one by one. A leaf of
// the attachment of a replace.
struct ReplaceLeaf {
  static constexpr std::string_view kName = "replace-leaf";
  static constexpr bool kIsArray = true;
  ObjectId from;  // the batch of the dead or voided
  std::uint64_t from_tree = 0;
  ObjectId to;  // the batch of their successors
  std::uint64_t to_tree = 0;
  std::uint64_t count = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("from", self.from);
    visit("from_tree", self.from_tree);
    visit("to", self.to);
    visit("to_tree", self.to_tree);
    visit("count", self.count);
  }
  bool operator==(const ReplaceLeaf&) const = default;
};

struct Replace {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "replace";
  Ref ref;
  std::optional<ObjectId> campaign;  // of all its batches
  AttachmentRef runs;                // of ReplaceLeaf
  std::optional<LinksRef> links;     // of the units that wait for a successor; null without any
  OrgId verifier;                    // whose consent it needs

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("runs", self.runs);
    visit.constant("type", kName);
    visit("links", self.links);
    visit("campaign", self.campaign);
    visit("verifier", self.verifier);
  }
  bool operator==(const Replace&) const = default;
};

// Trees that were taken for dead live: saxaul that was dormant.
struct Revive {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "revive";
  Ref ref;
  ObjectId plant;
  Ranges ranges;
  std::int32_t day = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("day", self.day);
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("plant", self.plant);
    visit("ranges", self.ranges);
  }
  bool operator==(const Revive&) const = default;
};

}  // namespace treeproof::ledger
