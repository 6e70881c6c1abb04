// Rules of `revive`: a verifier who had no part in it found that trees live which were told dead.
#include <algorithm>
#include <map>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/rules_care.h"
#include "consensus/ledger/rules_land.h"
#include "consensus/ledger/rules_verify.h"

namespace treeproof::ledger {

namespace {

using enum TreeCode;
constexpr TreeCode kRevivable[] = {dead_unallocated, dead_not_owed, dead_owed};

// What each tree was before its last death, by stretches; later deaths of a tree win.
using Lives = std::map<std::uint64_t, DeathRun>;  // by tree
Lives last_lives(const State& state, const ObjectId& id, const Ranges& ranges) {
  Lives lives;
  for (const DeathRun& death : deaths_of(state, id, ranges)) {
    for (std::uint64_t i = 0; i < death.count; ++i) {
      lives[death.from + i] = {death.from + i, 1, death.was, death.record};
    }
  }
  return lives;
}

bool is_refunded(const State& state, const ObjectId& id, std::uint64_t tree) {
  for (const LinkRun& run : links_of_trees(state, id, {{tree, 1}})) {
    const auto redemption = state.find<RedemptionObject>(run.redeem);
    UnitCodes codes(state, run.redeem, redemption->payload.units);
    if (codes.at(run.unit_from) == UnitCode::refunded) return true;
  }
  return false;
}

// Dead, not replaced, and its unit, if any, not refunded.
bool judge_dead(Judgement& judgement, const Revive& payload, TreeBooks& books) {
  std::optional<std::uint64_t> other;
  bool refunded = false;
  for (const Range& range : payload.ranges) {
    const std::uint64_t end = range.from + range.count;
    for (std::uint64_t tree = range.from; tree < end && !other; ++tree) {
      const TreeCode code = books.codes().at(tree);
      const bool is_dead = std::ranges::find(kRevivable, code) != std::end(kRevivable);
      refunded = code == dead_not_owed && is_refunded(judgement.state(), payload.plant, tree);
      if (!is_dead || refunded) other = tree;
    }
  }
  return judgement.require(!other, Reason::tree_not_revivable, [&] {
    if (!other) return Numbers{{"trees", std::to_string(members_in(payload.ranges))}};
    return Numbers{{"tree", MemberId::of(payload.plant, *other).text},
                   {"state", std::string(name(books.codes().at(*other)))},
                   {"unit", refunded ? "refunded" : "none"}};
  });
}

// Neither those who told the deaths nor who ever verified the batch are of the verifier's owner.
bool judge_uninvolved(Judgement& judgement, const BatchObject& batch, const Lives& lives) {
  const State& state = judgement.state();
  std::vector<ObjectId> records = verifications_of(state, batch);
  for (const auto& [tree, life] : lives) {
    if (records.empty() || records.back() != life.record) records.push_back(life.record);
  }
  const OrgId& group = judgement.org().conflict_group;
  const auto involved = std::ranges::find_if(records, [&](const ObjectId& record) {
    return state.get<OrgObject>(record.org().text)->conflict_group == group;
  });
  return judgement.require(involved == records.end(), Reason::verifier_involved, [&] {
    return Numbers{{"record", involved == records.end() ? "none" : involved->text}};
  });
}

// The place is still free, and the plot has room (I8, I9).
bool judge_place(Judgement& judgement, const Revive& payload, TreeBooks& books) {
  const BatchObject& batch = books.batch();
  if (!batch.plot) return true;
  const auto plot = judgement.state().find<PlotObject>(*batch.plot);
  const auto counts = books.trees().count_by_species(batch.species.size(), payload.ranges);
  LandNeed need;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    need.add(batch.unit, batch.species[i], counts[i]);
  }
  if (!judgement.require(!plot->closed, Reason::plot_closed,
                         [&] { return Numbers{{"plot", batch.plot->text}}; }) ||
      !judge_capacity(judgement, *plot, members_in(payload.ranges)) ||
      !judge_density(judgement, *plot, need)) {
    return false;
  }
  if (batch.positions == Positions::plot) return true;
  const auto outline = judge_plot_outline(judgement, *plot);
  const std::uint32_t grow_m = plot->payload.uncertainty_m + batch.precision_m;
  std::vector<PlacedTree> places = places_of(books.trees(), payload.ranges);
  if (!outline || !judge_inside(judgement, *outline, grow_m, places)) return false;
  return batch.positions == Positions::grid ||
         judge_places(judgement,
                      {*batch.plot, books.trees().attachment(), payload.plant, std::move(places)});
}

// The units that were owed another have their tree again.
void keep_trees(State& state, const ObjectId& id, const Ranges& trees) {
  for (const LinkRun& run : links_of_trees(state, id, trees)) {
    auto redemption = state.find<RedemptionObject>(run.redeem);
    UnitCodes codes(state, run.redeem, redemption->payload.units);
    codes.set(run.unit_from, run.count, UnitCode::allocated);
    redemption->units.move(UnitCode::owed, UnitCode::allocated, run.count);
    redemption->pages_root = codes.commit(state);
    state.put(run.redeem.text, *redemption);
  }
}

void revive(State& state, const Revive& payload, TreeBooks& books, const Lives& lives) {
  std::map<std::pair<TreeCode, TreeCode>, Ranges> moves;  // by what they are and were
  for (const auto& [tree, life] : lives) {
    const TreeCode code = books.codes().at(tree);
    // A tree that was dead when it was voided never comes here; one that lived was live.
    Ranges& ranges = moves[{code, life.was}];
    const bool joins = !ranges.empty() && ranges.back().from + ranges.back().count == tree;
    if (!joins) ranges.push_back({tree, 0});
    ++ranges.back().count;
  }
  for (const auto& [codes, ranges] : moves) {
    const auto [code, was] = codes;
    if (code == dead_owed) keep_trees(state, payload.plant, ranges);
    books.move(ranges, code, was);
  }
  books.close();
}

}  // namespace

bool judge(Judgement& judgement, const Revive& payload) {
  State& state = judgement.state();
  const auto batch = state.find<BatchObject>(payload.plant);
  if (!judgement.require(batch.has_value(), Reason::batch_unknown,
                         [&] { return Numbers{{"batch", payload.plant.text}}; }) ||
      !judge_independence(judgement, *batch, payload.plant)) {
    return false;
  }
  TreeBooks books(state, payload.plant, *batch);
  const bool holds = judgement.require(!payload.ranges.empty(), Reason::empty,
                                       [] { return Numbers{{"field", "ranges"}}; }) &&
                     judge_member_ranges(judgement, "ranges", payload.ranges, batch->size()) &&
                     judge_care_day(judgement, payload.day, batch->planted_from) &&
                     judge_dead(judgement, payload, books);
  if (!holds) return false;
  const Lives lives = last_lives(state, payload.plant, payload.ranges);
  if (!judge_uninvolved(judgement, *batch, lives) || !books.judge_leaves(judgement) ||
      !judge_place(judgement, payload, books)) {
    return false;
  }
  revive(state, payload, books, lives);
  judgement.create(Recorded<Revive>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
