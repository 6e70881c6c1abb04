// What the state keeps of campaigns: the campaign itself, its tallies, redemptions, allocations.
// Owns no rule. Callers: rules_campaign, rules_redeem, rules_plot, rules_batch, rules_verify,
// rules_allocate, queries, audit. Pure. Source: docs/ledger.md "Statements", I1 to I5.
#pragma once

#include <algorithm>
#include <concepts>

#include "consensus/ledger/campaign.h"
#include "consensus/ledger/member_codes.h"
#include "consensus/ledger/objects.h"
#include "consensus/ledger/redeem.h"
#include "consensus/ledger/replace.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

// What revisions may change, as it is now.
struct CampaignTerms {
  static constexpr std::string_view kName = "campaign-terms";
  std::uint64_t target = 0;
  Prices species;
  Window plant_window;
  Window redeem_window;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("target", self.target);
    visit("species", self.species);
    visit("plant_window", self.plant_window);
    visit("redeem_window", self.redeem_window);
  }
  bool operator==(const CampaignTerms&) const = default;
};

// What changes with every pledge and redemption stands in CampaignTally.
struct CampaignObject {
  static constexpr std::string_view kName = "campaign-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = Campaign::kName;
  RecordInfo record;
  Campaign payload;  // as it was opened
  CampaignTerms terms;
  std::optional<std::uint64_t> closed;  // height
  List<OrgId, 64> joined;               // planters that others handed their part over to

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("type", kType);
    visit("terms", self.terms);
    visit("closed", self.closed);
    visit("joined", self.joined);
    visit("record", self.record);
    visit("payload", self.payload);
  }
  bool operator==(const CampaignObject&) const = default;
};
CampaignTerms terms_of(const Campaign& opened);

// The price of one unit; null where the campaign does not offer the species.
const Price* price_of(const CampaignTerms& terms, const Code& species) noexcept;
bool names_planter(const CampaignObject& campaign, const OrgId& org) noexcept;

// What a campaign has promised, taken and planted. One row for each species, one for redemptions
// that name no species, and one for all together, which is their sum.
struct CampaignTally {
  static constexpr std::string_view kName = "campaign-tally";
  static constexpr std::string_view kNamespace = "campaign_tally";
  std::uint64_t pledged = 0;    // stems promised, planted ones among them
  std::uint64_t redeemed = 0;   // units; refunded ones among them
  std::uint64_t refunded = 0;   // units
  std::uint64_t allocated = 0;  // units that hold a tree or are owed one
  std::uint64_t replacing = 0;  // live trees planted as replacements that replaced none yet
  TreeTally trees;              // planted for the campaign

  // "org/ref" for all, "org/ref/species" for a species, "org/ref/" for redemptions without one.
  static std::string id(const ObjectId& campaign);
  static std::string id(const ObjectId& campaign, const std::optional<Code>& species);

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("trees", self.trees);
    visit("pledged", self.pledged);
    visit("redeemed", self.redeemed);
    visit("refunded", self.refunded);
    visit("allocated", self.allocated);
    visit("replacing", self.replacing);
  }
  std::uint64_t net_redeemed() const noexcept { return redeemed - refunded; }
  // Units that wait for a tree. I4 keeps it from going below zero.
  std::uint64_t waiting() const noexcept { return net_redeemed() - allocated; }
  // I4, plant-first: every waiting unit was redeemed against a verified tree, which may have died,
  // been voided or been put in doubt before it was given away.
  std::uint64_t backed() const noexcept {
    return trees[TreeCode::available] + trees[TreeCode::reopened] +
           trees[TreeCode::dead_unallocated] + trees[TreeCode::voided_unallocated];
  }
  // Trees that may be redeemed against.
  std::uint64_t uncommitted() const noexcept {
    const std::uint64_t available = trees[TreeCode::available];
    return available - std::min(available, waiting());
  }
  bool operator==(const CampaignTally&) const = default;
};

// All zero where nothing happened yet.
CampaignTally campaign_tally(const StateReader& state, const ObjectId& campaign);
CampaignTally campaign_tally(const StateReader& state, const ObjectId& campaign,
                             const std::optional<Code>& species);

// Applies one change to the row of a species (or of none) and to that of all together.
template <std::invocable<CampaignTally&> Change>
void change_tally(State& state, const ObjectId& campaign, const std::optional<Code>& species,
                  Change change) {
  for (const std::string& id :
       {CampaignTally::id(campaign), CampaignTally::id(campaign, species)}) {
    CampaignTally tally = state.get<CampaignTally>(id).value_or(CampaignTally{});
    change(tally);
    state.put(id, tally);
  }
}

// A batch of redeemed units. Their codes stand in pages (pages.h).
struct RedemptionObject {
  static constexpr std::string_view kName = "redemption-object";
  static constexpr std::string_view kNamespace = "object";
  static constexpr std::string_view kType = Redeem::kName;
  RecordInfo record;
  Redeem payload;
  UnitTally units;
  crypto::Hash pages_root{};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit.constant("type", kType);
    visit("units", self.units);
    visit("record", self.record);
    visit("payload", self.payload);
    visit("pages_root", self.pages_root);
  }
  // I2: what each unit cost at that height.
  std::uint64_t grams_per_unit() const noexcept { return payload.grams / payload.units; }
  bool operator==(const RedemptionObject&) const = default;
};

// Its links are derived (links.h), its runs travel as an attachment.
using AllocationObject = Recorded<Allocate>;
using ReplacementObject = Recorded<Replace>;

}  // namespace treeproof::ledger
