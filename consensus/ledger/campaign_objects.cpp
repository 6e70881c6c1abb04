#include "consensus/ledger/campaign_objects.h"

#include <algorithm>

namespace treeproof::ledger {

const Price* price_of(const Campaign& campaign, const Code& species) noexcept {
  const auto found = std::ranges::find(campaign.species, species, &Price::species);
  return found == campaign.species.end() ? nullptr : &*found;
}

bool names_planter(const Campaign& campaign, const OrgId& org) noexcept {
  return std::ranges::find(campaign.planters, org) != campaign.planters.end();
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
