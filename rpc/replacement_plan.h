// What a replace statement has to say now: which trees take the places of the lost ones that units
// wait for, as an attachment, and the links that follow.
// Owns nothing and signs nothing. Callers: replace_plan. Safe from any thread; slow.
// Source: docs/ledger.md "replace"; docs/api.md "replace_plan".
#pragma once

#include <expected>
#include <vector>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/replace.h"
#include "rpc/ports.h"

namespace treeproof::rpc {

struct ReplacementPlan {
  std::vector<ledger::ReplaceLeaf> runs;
  ledger::AttachmentPtr attachment;
  ledger::LinksRef links;
  std::vector<ledger::LinkRange> ranges;
};

// Gives the dead and voided trees of a batch that owe a unit another, in order, successors of the
// same holder and campaign: those planted as replacements first, then available ones, plant-first
// only as many as no unit waits for; as far as one statement reaches. Empty where there are none.
// Requires: the batch is the object of `lost`.
std::vector<ledger::ReplaceLeaf> propose_successors(const ChainView& view,
                                                    const ledger::ObjectId& lost,
                                                    const ledger::BatchObject& batch);

// Refuses what ledger::links_of refuses. Requires: what propose_successors gave, and not nothing.
std::expected<ReplacementPlan, ledger::Refusal> plan_replacement(
    const ChainView& view, std::vector<ledger::ReplaceLeaf> runs);

}  // namespace treeproof::rpc
