// Payloads of points: programme, issue_points, expire_points.
// Owns no rule (rules_points). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Statements". Points are whole grams of green energy.
#pragma once

#include "consensus/ledger/names.h"
#include "crypto/bytes.h"

namespace treeproof::ledger {

struct Action {
  static constexpr std::string_view kName = "action";
  static constexpr bool kIsArray = true;
  Code name;
  std::uint64_t grams = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("name", self.name);
    visit("grams", self.grams);
  }
  bool operator==(const Action&) const = default;
};

struct Programme {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "programme";
  Ref ref;
  List<Action, 64, 1> actions;
  std::uint64_t yearly_cap = 0;  // grams
  std::uint32_t expiry_days = 0;
  List<OrgId, 16, 1> platforms;  // who may redeem its points

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("actions", self.actions);
    visit("platforms", self.platforms);
    visit("yearly_cap", self.yearly_cap);
    visit("expiry_days", self.expiry_days);
  }
  bool operator==(const Programme&) const = default;
};

struct IssuePoints {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "issue_points";
  Ref ref;
  ObjectId programme;
  Code series;
  std::int32_t from_day = 0;
  std::int32_t to_day = 0;  // inclusive
  std::uint64_t accounts = 0;
  std::uint64_t grams = 0;
  crypto::Hash root{};  // of a Merkle sum tree

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("root", self.root);
    visit.constant("type", kName);
    visit("grams", self.grams);
    visit("series", self.series);
    visit("to_day", self.to_day);
    visit("accounts", self.accounts);
    visit("from_day", self.from_day);
    visit("programme", self.programme);
  }
  bool operator==(const IssuePoints&) const = default;
};

struct ExpirePoints {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "expire_points";
  Ref ref;
  ObjectId programme;
  std::uint64_t grams = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("grams", self.grams);
    visit("programme", self.programme);
  }
  bool operator==(const ExpirePoints&) const = default;
};

}  // namespace treeproof::ledger
