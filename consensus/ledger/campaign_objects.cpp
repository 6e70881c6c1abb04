#include "consensus/ledger/campaign_objects.h"

#include <algorithm>

namespace treeproof::ledger {

CampaignTerms terms_of(const Campaign& opened) {
  return {opened.target, opened.species, opened.plant_window, opened.redeem_window};
}

const Price* price_of(const CampaignTerms& terms, const Code& species) noexcept {
  const auto found = std::ranges::find(terms.species, species, &Price::species);
  return found == terms.species.end() ? nullptr : &*found;
}

bool names_planter(const CampaignObject& campaign, const OrgId& org) noexcept {
  const auto& opened_for = campaign.payload.planters;
  return std::ranges::find(opened_for, org) != opened_for.end() ||
         std::ranges::find(campaign.joined, org) != campaign.joined.end();
}

std::string CampaignTally::id(const ObjectId& campaign) { return campaign.text; }

std::string CampaignTally::id(const ObjectId& campaign, const std::optional<Code>& species) {
  return campaign.text + "/" + (species ? species->text : "");
}

CampaignTally campaign_tally(const StateReader& state, const ObjectId& campaign) {
  return get<CampaignTally>(state, CampaignTally::id(campaign)).value_or(CampaignTally{});
}

CampaignTally campaign_tally(const StateReader& state, const ObjectId& campaign,
                             const std::optional<Code>& species) {
  return get<CampaignTally>(state, CampaignTally::id(campaign, species)).value_or(CampaignTally{});
}

}  // namespace treeproof::ledger
