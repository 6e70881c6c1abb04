// What the state keeps of land: plots, pledges and evidence. Owns no rule and no geometry. Callers:
// rules_plot, rules_pledge, rules_evidence, rules_batch, rules_governance (confirms a capacity),
// queries. Pure. Source: docs/ledger.md "Statements", I6 to I10. Areas in m2, positions in 1e-7
// degrees.
#pragma once

#include <optional>

#include "consensus/ledger/objects.h"
#include "consensus/ledger/placed_objects.h"
#include "consensus/ledger/plot.h"

namespace treeproof::ledger {

struct PlotObject {
  static constexpr std::string_view kName = "plot-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = Plot::kName;
  RecordInfo record;
  Plot payload;  // its area and geometry as the last revision left them, its capacity as corrected
  OrgId holder;  // who looks after it: its issuer until a handover
  Box box;
  std::uint64_t area_m2 = 0;             // recomputed: the area of every rule
  std::uint64_t confirmed_capacity = 0;  // a verifier's consent raises it to the stated one
  std::uint64_t pledged = 0;             // stems of pledges that are still to be planted
  std::uint64_t live = 0;                // stems that stand: unverified, available or allocated
  std::uint64_t occupied_mm2 = 0;        // what live stems need by their species' density
  std::uint64_t covered_mm2 = 0;         // what live units of campaigns by area take
  std::optional<ObjectId> revision;      // the last one
  std::optional<std::uint64_t> closed;   // height

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("box", self.box);
    visit("live", self.live);
    visit.constant("type", kType);
    visit("closed", self.closed);
    visit("holder", self.holder);
    visit("record", self.record);
    visit("area_m2", self.area_m2);
    visit("payload", self.payload);
    visit("pledged", self.pledged);
    visit("revision", self.revision);
    visit("covered_mm2", self.covered_mm2);
    visit("occupied_mm2", self.occupied_mm2);
    visit("confirmed_capacity", self.confirmed_capacity);
  }
  // A closed plot gives its land free with its last live tree, for ever.
  bool holds_land() const noexcept { return !closed || live > 0; }
  bool operator==(const PlotObject&) const = default;
};

struct PledgeObject {
  static constexpr std::string_view kName = "pledge-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = Pledge::kName;
  RecordInfo record;
  Pledge payload;
  OrgId holder;                // who plants it: its issuer until a handover
  std::uint64_t planted = 0;   // stems that left the pledge by a plant
  std::uint64_t redeemed = 0;  // units drawn by redemptions
  std::uint64_t released = 0;  // stems that are not promised any more

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("type", kType);
    visit("holder", self.holder);
    visit("record", self.record);
    visit("payload", self.payload);
    visit("planted", self.planted);
    visit("redeemed", self.redeemed);
    visit("released", self.released);
  }
  std::uint64_t promised() const noexcept { return payload.count - released; }
  std::uint64_t unplanted() const noexcept { return promised() - planted; }
  std::uint64_t undrawn() const noexcept { return promised() - redeemed; }
  bool operator==(const PledgeObject&) const = default;
};

using EvidenceObject = Recorded<Evidence>;

// The one planting that a photo proves (I10). Id: the photo's SHA-256 in hex.
struct PhotoUse {
  static constexpr std::string_view kName = "photo-use";
  static constexpr std::string_view kNamespace = "evidence_by_hash";
  ObjectId batch;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("batch", self.batch);
  }
  bool operator==(const PhotoUse&) const = default;
};

}  // namespace treeproof::ledger
