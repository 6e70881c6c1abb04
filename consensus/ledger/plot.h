// Payloads of land and what is promised and shown on it: plot, pledge, pledge_release, evidence.
// Owns no rule (rules_plot, rules_evidence). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Statements". Areas in m2, distances in m, days since 1970-01-01.
#pragma once

#include "consensus/ledger/leaves.h"
#include "consensus/ledger/names.h"
#include "consensus/types/limits.h"

namespace treeproof::ledger {

struct Plot {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "plot";
  Ref ref;
  CountryCode country;
  Layer layer{};
  std::uint64_t area = 0;      // m2, as stated
  std::uint64_t capacity = 0;  // stems or units
  std::uint32_t uncertainty_m = 0;
  AttachmentRef geometry;              // one leaf per ring, the outer first; or one point
  std::optional<ObjectId> land_right;  // evidence

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("area", self.area);
    visit.constant("type", kName);
    visit("layer", self.layer);
    visit("country", self.country);
    visit("capacity", self.capacity);
    visit("geometry", self.geometry);
    visit("land_right", self.land_right);
    visit("uncertainty_m", self.uncertainty_m);
  }
  bool operator==(const Plot&) const = default;
};

struct Pledge {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "pledge";
  Ref ref;
  ObjectId campaign;
  ObjectId plot;
  Code species;
  std::uint64_t count = 0;
  std::int32_t season = 0;  // year

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("plot", self.plot);
    visit.constant("type", kName);
    visit("count", self.count);
    visit("season", self.season);
    visit("species", self.species);
    visit("campaign", self.campaign);
  }
  bool operator==(const Pledge&) const = default;
};

// What is neither planted nor redeemed of a pledge is not promised any more.
struct PledgeRelease {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "pledge_release";
  Ref ref;
  ObjectId pledge;
  std::uint64_t count = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("count", self.count);
    visit("pledge", self.pledge);
  }
  bool operator==(const PledgeRelease&) const = default;
};

struct LatLon {
  static constexpr std::string_view kName = "lat-lon";
  static constexpr bool kIsArray = true;
  std::int32_t lat = 0;
  std::int32_t lon = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("lat", self.lat);
    visit("lon", self.lon);
  }
  bool operator==(const LatLon&) const = default;
};

struct Evidence {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "evidence";
  Ref ref;
  crypto::Hash sha256{};
  EvidenceKind kind{};
  std::int32_t day = 0;
  std::optional<LatLon> position;  // rounded
  std::optional<std::uint64_t> phash64;
  Provenance c2pa{};
  std::uint64_t bytes = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("day", self.day);
    visit("ref", self.ref);
    visit("c2pa", self.c2pa);
    visit("kind", self.kind);
    visit.constant("type", kName);
    visit("bytes", self.bytes);
    visit("sha256", self.sha256);
    visit("phash64", self.phash64);
    visit("position", self.position);
  }
  bool operator==(const Evidence&) const = default;
};

}  // namespace treeproof::ledger
