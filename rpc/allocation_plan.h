// What an allocate statement has to say now: its runs as an attachment, and the links that follow.
// Owns nothing and signs nothing. Callers: allocate_plan. Safe from any thread; slow.
// Source: docs/ledger.md "allocate"; docs/api.md "allocate_plan".
#pragma once

#include <expected>
#include <span>
#include <vector>

#include "consensus/ledger/links.h"
#include "rpc/ports.h"

namespace treeproof::rpc {

struct AllocationPlan {
  std::vector<ledger::RunLeaf> runs;
  ledger::AttachmentPtr attachment;
  ledger::LinksRef links;
  std::vector<ledger::LinkRange> ranges;
};

// Gives free units the available trees of their species, both in the order of their ids, as far as
// one statement reaches. Empty where nothing can be given. Requires: the campaign exists.
std::vector<ledger::RunLeaf> propose_runs(const ChainView& view, const ledger::ObjectId& campaign);

// Refuses what ledger::derive_ranges and links_of refuse. Requires: 1 to kRunsMax runs.
std::expected<AllocationPlan, ledger::Refusal> plan_allocation(const ChainView& view,
                                                               std::vector<ledger::RunLeaf> runs);

}  // namespace treeproof::rpc
