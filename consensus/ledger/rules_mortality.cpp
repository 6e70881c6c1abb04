// Rules of `mortality`: the planter or an independent verifier names the trees that died.
#include "consensus/ledger/rules_care.h"

namespace treeproof::ledger {

namespace {

bool judge_author(Judgement& judgement, const Mortality& payload, const BatchObject& batch) {
  const bool owns = batch.holder == judgement.issuer();
  return judgement.require(owns || judgement.org().has(OrgRole::verifier), Reason::batch_not_own,
                           [&] { return Numbers{{"batch", payload.plant.text}}; }) &&
         (owns || judge_independence(judgement, batch, payload.plant));
}

}  // namespace

bool judge(Judgement& judgement, const Mortality& payload) {
  State& state = judgement.state();
  auto batch = state.find<BatchObject>(payload.plant);
  if (!judgement.require(batch.has_value(), Reason::batch_unknown,
                         [&] { return Numbers{{"batch", payload.plant.text}}; }) ||
      !judge_author(judgement, payload, *batch)) {
    return false;
  }
  TreeBooks books(state, payload.plant, *std::move(batch));
  const std::uint64_t size = books.batch().size();
  const bool holds = judgement.require(!payload.ranges.empty(), Reason::empty,
                                       [] { return Numbers{{"field", "ranges"}}; }) &&
                     judge_member_ranges(judgement, "ranges", payload.ranges, size) &&
                     judge_care_day(judgement, payload.day, books.batch().planted_from) &&
                     judge_live(judgement, payload.plant, payload.ranges, books.codes()) &&
                     books.judge_leaves(judgement);
  if (!holds) return false;
  let_die(judgement, books, payload.ranges, payload.day);
  books.close();
  judgement.create(Recorded<Mortality>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
