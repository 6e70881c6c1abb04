// Rules of `revive`: a verifier who had no part in it found that trees live which were told dead.
#include <algorithm>
#include <map>
#include <set>

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

// The first of the trees that is not dead, or that was replaced.
std::optional<std::uint64_t> first_unfit(TreeBooks& books, const Ranges& ranges) {
  for (const Range& range : ranges) {
    for (std::uint64_t tree = range.from; tree < range.from + range.count; ++tree) {
      const TreeCode code = books.codes().at(tree);
      if (std::ranges::find(kRevivable, code) == std::end(kRevivable)) return tree;
    }
  }
  return std::nullopt;
}

// The first of the trees whose unit was refunded.
std::optional<std::uint64_t> first_refunded(const State& state, const ObjectId& id,
                                            const Ranges& trees) {
  std::optional<std::uint64_t> first;
  std::map<ObjectId, UnitCodes> redemptions;
  for (const LinkRun& run : links_of_trees(state, id, trees)) {
    auto found = redemptions.find(run.redeem);
    if (found == redemptions.end()) {
      const std::uint64_t units = state.find<RedemptionObject>(run.redeem)->payload.units;
      found = redemptions.emplace(run.redeem, UnitCodes(state, run.redeem, units)).first;
    }
    found->second.each_run(UnitCode::refunded, run.unit_from, run.count,
                           [&](std::uint64_t unit, std::uint64_t) {
                             const std::uint64_t tree = run.tree_from + (unit - run.unit_from);
                             first = std::min(first.value_or(tree), tree);
                             return false;
                           });
  }
  return first;
}

// Dead, not replaced, and its unit, if any, not refunded.
bool judge_dead(Judgement& judgement, const Revive& payload, TreeBooks& books) {
  const auto unfit = first_unfit(books, payload.ranges);
  const auto refunded = first_refunded(judgement.state(), payload.plant,
                                       books.that_are(dead_not_owed, payload.ranges));
  return judgement.require(!unfit && !refunded, Reason::tree_not_revivable, [&] {
    if (!unfit && !refunded) return Numbers{{"trees", std::to_string(members_in(payload.ranges))}};
    const std::uint64_t tree = unfit ? *unfit : *refunded;
    return Numbers{{"tree", MemberId::of(payload.plant, tree).text},
                   {"state", std::string(name(books.codes().at(tree)))},
                   {"unit", unfit ? "none" : "refunded"}};
  });
}

// Neither those who told the deaths nor who ever verified the batch are of the verifier's owner.
bool judge_uninvolved(Judgement& judgement, const BatchObject& batch, const Lives& lives) {
  const State& state = judgement.state();
  std::vector<ObjectId> records = verifications_of(state, batch);
  std::set<ObjectId> seen;
  for (const auto& [tree, life] : lives) {
    if (seen.insert(life.record).second) records.push_back(life.record);
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
  BatchObject revived = batch;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    need.add(batch.unit, batch.species[i], counts[i]);
    revived.species[i].trees = {};
    revived.species[i].trees[available] = counts[i];
  }
  if (!judgement.require(!plot->closed, Reason::plot_closed,
                         [&] { return Numbers{{"plot", batch.plot->text}}; }) ||
      !judge_capacity(judgement, *plot, members_in(payload.ranges)) ||
      !judge_density(judgement, *plot, need) ||
      !judge_layers(judgement, *plot, habits_of(judgement.state(), revived))) {
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
  move_units(state, units_of_trees(state, id, trees), UnitCode::owed, UnitCode::allocated);
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
