// A redaction: whether any rule still needs the leaves, and noting that their bytes go; and a
// handover that governance decides on.
#include <algorithm>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/changes.h"
#include "consensus/ledger/chunked_list.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/redaction.h"
#include "consensus/ledger/rules_care.h"
#include "consensus/ledger/rules_handover.h"

namespace treeproof::ledger {

namespace {

// How many leaves an attachment has, and whether a rule may ask for them again.
struct Announced {
  std::uint64_t leaves = 0;
  bool is_needed = false;
};

bool is_outline_of(const State& state, const ObjectId& id, const crypto::Hash& root) {
  const auto plot = state.find<PlotObject>(id);
  return plot->holds_land() && plot->payload.geometry.root == root;
}

Announced announced_by(const State& state, const ObjectId& id, const crypto::Hash& root) {
  if (const auto batch = state.find<BatchObject>(id)) {
    const TreeTally trees = batch->trees();
    return {batch->leaves.count, trees.live() + trees.owed() > 0};
  }
  if (const auto redemption = state.find<RedemptionObject>(id)) {
    const UnitTally& units = redemption->units;
    return {redemption->payload.leaves.count, units[UnitCode::free] + units[UnitCode::owed] > 0};
  }
  if (const auto allocation = state.find<AllocationObject>(id)) {
    return {allocation->payload.runs.count, false};
  }
  if (const auto replacement = state.find<ReplacementObject>(id)) {
    return {replacement->payload.runs.count, false};
  }
  if (const auto revision = state.find<Recorded<PlotRevision>>(id)) {
    const PlotRevision& payload = revision->payload;
    return {payload.geometry.count, is_outline_of(state, payload.plot, root)};
  }
  const auto plot = state.find<PlotObject>(id);
  assert(plot.has_value());
  return {kRingsMax, is_outline_of(state, id, root)};
}

// Nothing where no statement announced it.
std::optional<Announced> announced(const State& state, const crypto::Hash& root) {
  std::optional<Announced> found;
  for (const ObjectId& user : users_of_attachment(state, root)) {
    const Announced here = announced_by(state, user, root);
    const bool is_needed = here.is_needed || (found && found->is_needed);
    found = Announced{found ? std::min(found->leaves, here.leaves) : here.leaves, is_needed};
  }
  return found;
}

}  // namespace

bool require_parts(Judgement& judgement, const Redact& change) {
  const auto found = announced(judgement.state(), change.root);
  const auto which = [&] { return Numbers{{"root", crypto::to_hex(change.root)}}; };
  return judgement.require(found.has_value(), Reason::redaction_unknown, which) &&
         judgement.require(!change.ranges.empty(), Reason::empty,
                           [] { return Numbers{{"field", "ranges"}}; }) &&
         judge_member_ranges(judgement, "ranges", change.ranges, found->leaves) &&
         judgement.require(!found->is_needed, Reason::redaction_needed, which);
}

void carry_out_parts(Judgement& judgement, const Redact& change, const ObjectId& proposal) {
  std::vector<RedactedRange> redacted;
  for (const Range& range : change.ranges) redacted.push_back({range.from, range.count, proposal});
  append_items<RedactedRange>(judgement.state(), kRedactionNamespace, crypto::to_hex(change.root),
                              redacted);
}

bool require_parts(Judgement& judgement, const HandoverFor& change) {
  const HandoverTerms terms{change.org, change.to, change.plots, change.batches, change.duties};
  return judge_order(judgement, terms) && require_org(judgement, change.org) &&
         judge_handover(judgement, terms);
}

void carry_out_parts(Judgement& judgement, const HandoverFor& change, const ObjectId&) {
  hand_over(judgement.state(),
            {change.org, change.to, change.plots, change.batches, change.duties});
}

}  // namespace treeproof::ledger
