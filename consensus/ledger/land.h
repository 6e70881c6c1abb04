// Payloads of what changes about land and who looks after it: plot_revision, plot_close, assign,
// handover. Owns no rule (rules_plot_revision, rules_assign, rules_handover). Callers: statement,
// remedies, rules. Pure. Source: docs/ledger.md "Statements". Areas in m2.
#pragma once

#include "consensus/ledger/leaves.h"
#include "consensus/ledger/names.h"
#include "consensus/types/limits.h"

namespace treeproof::ledger {

using ObjectIds = List<ObjectId, kHandoverMax>;

// A better outline of the same land.
struct PlotRevision {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "plot_revision";
  Ref ref;
  ObjectId plot;
  std::uint64_t area = 0;  // m2, as stated
  AttachmentRef geometry;  // as that of a plot

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("area", self.area);
    visit("plot", self.plot);
    visit.constant("type", kName);
    visit("geometry", self.geometry);
  }
  bool operator==(const PlotRevision&) const = default;
};

// Nothing new grows there; the land is free once no tree of the plot lives.
struct PlotClose {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "plot_close";
  Ref ref;
  ObjectId plot;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit("plot", self.plot);
    visit.constant("type", kName);
  }
  bool operator==(const PlotClose&) const = default;
};

// Trees without a campaign join one, once.
struct Assign {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "assign";
  Ref ref;
  ObjectId plant;
  ObjectId campaign;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("plant", self.plant);
    visit("campaign", self.campaign);
  }
  bool operator==(const Assign&) const = default;
};

// Another planter looks after them from now on.
struct Handover {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "handover";
  Ref ref;
  OrgId to;
  ObjectIds plots;
  ObjectIds batches;
  ObjectIds duties;  // pledges

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("to", self.to);
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("plots", self.plots);
    visit("duties", self.duties);
    visit("batches", self.batches);
  }
  bool operator==(const Handover&) const = default;
};

}  // namespace treeproof::ledger
