// A plant or an inventory while it is judged: the object in the making and what it refers to.
// Owns no rule; the rules of terms, trees and land each have a unit. Callers: rules_batch,
// rules_trees, rules_land. Pure; lives for one judgement. Source: docs/ledger.md "plant".
#pragma once

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

struct BatchDraft {
  ObjectId id;
  BatchObject batch;
  AttachmentPtr leaves;
  std::optional<CampaignObject> campaign;
  std::optional<PlotObject> plot;
  std::optional<PledgeObject> pledge;

  // Usable by replace only: outside pledges, the plant window and the campaign's end.
  bool is_replacement() const noexcept { return batch.purpose == Purpose::replacement; }
  Mode mode() const noexcept { return campaign->payload.mode; }           // Requires: a campaign
  const TreeColumns& trees() const noexcept { return *leaves->trees(); }  // Requires: form held
};

// The leaves by themselves and against the statement: form, species, positions, days (I5, I11).
// Requires: the draft's species list and days are those of the statement.
bool judge_tree_form(Judgement& judgement, const BatchDraft& draft);
bool judge_tree_days(Judgement& judgement, const BatchDraft& draft);

// The trees against their plot: capacity and density (I8), outline (I9), positions that live trees
// hold already (I8). Notes on the plot what the trees take. Without a plot: nothing to ask.
bool judge_land(Judgement& judgement, BatchDraft& draft);

}  // namespace treeproof::ledger
