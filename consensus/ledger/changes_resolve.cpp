// The end of a dispute: whether it can be ended so, and what follows for the trees.
#include <algorithm>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/changes.h"
#include "consensus/ledger/disputes.h"
#include "consensus/ledger/rules_care.h"
#include "consensus/ledger/rules_dispute.h"

namespace treeproof::ledger {

namespace {

bool judge_dispute(Judgement& judgement, const Resolve& change,
                   const std::optional<DisputeObject>& dispute) {
  const auto which = [&] { return Numbers{{"dispute", change.dispute.text}}; };
  if (!judgement.require(dispute.has_value(), Reason::dispute_unknown, which)) return false;
  const bool is_ended = dispute->resolution || dispute->renewed_by;
  const std::uint64_t now = judgement.block().time.seconds();
  return judgement.require(!is_ended, Reason::dispute_closed, [&] {
    const auto& renewal = dispute->renewed_by;
    return Numbers{{"dispute", change.dispute.text},
                   {"renewed_by", renewal ? renewal->text : "none"}};
  }) && judgement.require(now <= dispute->lapses_at_s(), Reason::dispute_lapsed, [&] {
    return Numbers{{"lapsed_at_s", std::to_string(dispute->lapses_at_s())},
                   {"block_time", std::to_string(now)}};
  });
}

// The batch that a remedy acts on: the one that is disputed, or that the disputed verification
// judged.
std::optional<ObjectId> batch_of(const State& state, const DisputeTarget& target) {
  const auto* record = std::get_if<DisputedRecord>(&target);
  if (record == nullptr) return std::nullopt;
  if (state.find<BatchObject>(record->id)) return record->id;
  const auto verify = state.find<VerifyObject>(record->id);
  return verify ? std::optional(verify->payload.plant) : std::nullopt;
}

bool acts_on_trees(Remedy remedy) {
  return remedy == Remedy::void_ranges || remedy == Remedy::reverify;
}

// A rejected dispute has no remedy, and each remedy its target.
bool judge_remedy(Judgement& judgement, const Resolve& change,
                  const std::optional<ObjectId>& batch) {
  const bool on_trees = acts_on_trees(change.remedy);
  const bool holds = (change.outcome == Outcome::upheld || change.remedy == Remedy::none) &&
                     (!on_trees || batch) && (on_trees != change.ranges.empty());
  return judgement.require(holds, Reason::remedy_mismatch, [&] {
    return Numbers{{"outcome", std::string(name(change.outcome))},
                   {"remedy", std::string(name(change.remedy))},
                   {"batch", batch ? batch->text : "none"},
                   {"ranges", std::to_string(change.ranges.size())}};
  });
}

constexpr std::pair<TreeCode, TreeCode> kReopened[] = {
    {TreeCode::available, TreeCode::reopened},
    {TreeCode::reserved, TreeCode::reopened},
    {TreeCode::allocated, TreeCode::doubted},
};

bool judge_reopenable(Judgement& judgement, TreeBooks& books, const Ranges& ranges) {
  const bool any = std::ranges::any_of(
      kReopened, [&](const auto& codes) { return !books.that_are(codes.first, ranges).empty(); });
  return judgement.require(any, Reason::trees_unaffected,
                           [&] { return Numbers{{"batch", books.id().text}}; });
}

TreeBooks books_of(State& state, const ObjectId& batch) {
  return {state, batch, *state.find<BatchObject>(batch)};
}

bool judge_trees(Judgement& judgement, const Resolve& change, const ObjectId& batch) {
  TreeBooks books = books_of(judgement.state(), batch);
  const bool is_void = change.remedy == Remedy::void_ranges;
  return judge_member_ranges(judgement, "ranges", change.ranges, books.batch().size()) &&
         (is_void ? judge_voidable(judgement, books, change.ranges)
                  : judge_reopenable(judgement, books, change.ranges)) &&
         books.judge_leaves(judgement);
}

// Available trees wait for a verification again; allocated ones keep their units meanwhile. The
// next sample is drawn from a header that does not exist yet.
void reopen(Judgement& judgement, TreeBooks& books, const Ranges& ranges) {
  for (const auto& [code, reopened] : kReopened) {
    books.move(books.that_are(code, ranges), code, reopened);
  }
  books.batch().beacon = judgement.block().height.next().value;
  judgement.state().put(std::to_string(books.batch().beacon), BeaconObject{});
}

}  // namespace

bool require_parts(Judgement& judgement, const Resolve& change) {
  const State& state = judgement.state();
  const auto dispute = state.find<DisputeObject>(change.dispute);
  if (!judge_dispute(judgement, change, dispute)) return false;
  const auto batch = batch_of(state, dispute->payload.target);
  if (!judge_remedy(judgement, change, batch)) return false;
  if (acts_on_trees(change.remedy)) return judge_trees(judgement, change, *batch);
  if (change.remedy == Remedy::none) return true;
  return require_parts(judgement, SuspendOrg{*org_of_target(state, dispute->payload.target)});
}

void carry_out_parts(Judgement& judgement, const Resolve& change, const ObjectId& proposal) {
  State& state = judgement.state();
  auto dispute = state.find<DisputeObject>(change.dispute);
  const DisputeTarget& target = dispute->payload.target;
  if (acts_on_trees(change.remedy)) {
    TreeBooks books = books_of(state, *batch_of(state, target));
    [[maybe_unused]] const bool held = books.judge_leaves(judgement);
    assert(held);
    if (change.remedy == Remedy::reverify) {
      reopen(judgement, books, change.ranges);
    } else {
      void_trees(state, books, change.ranges, ObjectId{judgement.object_id()});
    }
    books.close();
  } else if (change.remedy == Remedy::suspend_org) {
    carry_out_parts(judgement, SuspendOrg{*org_of_target(state, target)});
  }
  dispute->resolution =
      Resolution{change.outcome, change.remedy, proposal, judgement.block().height.value};
  state.put(change.dispute.text, *dispute);
  set_freeze(state, change.dispute, *dispute, dispute->freezes_until_s());
  const auto& renewed = dispute->payload.renews;
  if (renewed) set_freeze(state, *renewed, *state.find<DisputeObject>(*renewed), 0);
}

}  // namespace treeproof::ledger
