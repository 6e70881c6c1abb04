// What several trades ask of a campaign.
// Owns no object. Callers: rules of campaigns, pledges, batches, redemptions, allocations. Pure.
// Source: docs/ledger.md "close_campaign".
#pragma once

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

// campaign_closed: nothing new begins in a closed campaign; care, refunds and replacements go on.
bool judge_open(Judgement& judgement, const ObjectId& id, const CampaignObject& campaign);

}  // namespace treeproof::ledger
