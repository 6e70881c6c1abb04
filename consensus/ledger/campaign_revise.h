// Payloads that change a campaign: campaign_revise, close_campaign.
// Owns no rule (rules_campaign). Callers: statement, rules. Pure.
// Source: docs/ledger.md "Statements".
#pragma once

#include "consensus/ledger/campaign.h"

namespace treeproof::ledger {

// Null leaves a term as it is. Never retroactive: a price holds from its height on.
struct CampaignRevise {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "campaign_revise";
  Ref ref;
  ObjectId campaign;
  std::optional<Prices> species;  // all of them
  std::optional<std::uint64_t> target;
  std::optional<Window> redeem_window;
  std::optional<Window> plant_window;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("target", self.target);
    visit("species", self.species);
    visit("campaign", self.campaign);
    visit("plant_window", self.plant_window);
    visit("redeem_window", self.redeem_window);
  }
  bool operator==(const CampaignRevise&) const = default;
};

struct CloseCampaign {
  static constexpr std::string_view kTag = "type";
  static constexpr std::string_view kName = "close_campaign";
  Ref ref;
  ObjectId campaign;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("ref", self.ref);
    visit.constant("type", kName);
    visit("campaign", self.campaign);
  }
  bool operator==(const CloseCampaign&) const = default;
};

}  // namespace treeproof::ledger
