// Payload of a correction: correct. Owns no rule (rules_correct). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Corrections", I14. Positions in 1e-7 degrees.
#pragma once

#include <variant>

#include "consensus/ledger/names.h"
#include "consensus/ledger/ranges.h"

namespace treeproof::ledger {

// The plot holds fewer.
struct CorrectCapacity {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "capacity";
  std::uint64_t value = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("kind", kName);
    visit("value", self.value);
  }
  bool operator==(const CorrectCapacity&) const = default;
};

// These trees were never there.
struct CorrectVoid {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "void";
  Ranges ranges;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("kind", kName);
    visit("ranges", self.ranges);
  }
  bool operator==(const CorrectVoid&) const = default;
};

// The tree is of another species.
struct CorrectSpecies {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "leaf_species";
  std::uint64_t leaf = 0;
  Code species;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("kind", kName);
    visit("leaf", self.leaf);
    visit("species", self.species);
  }
  bool operator==(const CorrectSpecies&) const = default;
};

// The tree stands elsewhere.
struct CorrectPosition {
  static constexpr std::string_view kTag = "kind";
  static constexpr std::string_view kName = "leaf_position";
  std::uint64_t leaf = 0;
  std::int32_t lat = 0;
  std::int32_t lon = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("lat", self.lat);
    visit("lon", self.lon);
    visit.constant("kind", kName);
    visit("leaf", self.leaf);
  }
  bool operator==(const CorrectPosition&) const = default;
};

using Correction = std::variant<CorrectVoid, CorrectCapacity, CorrectSpecies, CorrectPosition>;

struct Correct {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "correct";
  Ref ref;
  ObjectId target;  // a batch; of a capacity: a plot
  Correction change;
  CorrectionReason reason{};
  OrgId verifier;  // whose consent it needs

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("change", self.change);
    visit("reason", self.reason);
    visit("target", self.target);
    visit("verifier", self.verifier);
  }
  bool operator==(const Correct&) const = default;
};

}  // namespace treeproof::ledger
