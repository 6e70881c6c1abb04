// Rules of `refund`: units that will get no tree give their points back.
#include <algorithm>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/points_objects.h"
#include "consensus/ledger/rules_care.h"

namespace treeproof::ledger {

namespace {

bool judge_redemption(Judgement& judgement, const Refund& payload,
                      const std::optional<RedemptionObject>& redemption) {
  const auto which = [&] { return Numbers{{"redemption", payload.redeem.text}}; };
  return judgement.require(redemption.has_value(), Reason::redemption_unknown, which) &&
         judgement.require(payload.redeem.org() == judgement.issuer(), Reason::redemption_not_own,
                           which);
}

// Every unit is free, or owed another tree.
bool judge_units(Judgement& judgement, const Refund& payload, UnitCodes& codes) {
  std::optional<std::uint64_t> kept;
  for (const Range& range : payload.ranges) {
    const std::uint64_t end = range.from + range.count;
    for (std::uint64_t unit = range.from; unit < end && !kept; ++unit) {
      const UnitCode code = codes.at(unit);
      if (code != UnitCode::free && code != UnitCode::owed) kept = unit;
    }
  }
  return judgement.require(!kept, Reason::unit_not_refundable, [&] {
    if (!kept) return Numbers{{"units", std::to_string(members_in(payload.ranges))}};
    return Numbers{{"unit", MemberId::of(payload.redeem, *kept).text},
                   {"state", std::string(name(codes.at(*kept)))}};
  });
}

Ranges units_that_are(UnitCode code, const Ranges& ranges, UnitCodes& codes) {
  Ranges found;
  for (const Range& range : ranges) {
    codes.each_run(code, range.from, range.count, [&](auto from, auto count) {
      found.push_back({from, count});
      return true;
    });
  }
  return found;
}

// The lost trees of owed units in one batch.
struct LostTrees {
  TreeBooks books;
  Ranges trees;
};

// Of these links, those whose tree the unit still waits for: a unit whose tree was replaced, and
// whose successor was lost, has two.
Ranges lost_trees(const std::vector<LinkRun>& runs, TreeBooks& books) {
  Ranges linked;
  for (const LinkRun& run : runs) linked.push_back({run.tree_from, run.count});
  Ranges lost = books.that_are(TreeCode::dead_owed, linked);
  std::ranges::copy(books.that_are(TreeCode::voided_owed, linked), std::back_inserter(lost));
  return lost;
}

// By batch; nothing after a refusal.
std::optional<std::vector<LostTrees>> judge_lost(Judgement& judgement, const Refund& payload,
                                                 const Ranges& owed) {
  State& state = judgement.state();
  std::vector<LostTrees> lost;
  if (owed.empty()) return lost;
  for (const ObjectId& id : serving_batches(state, payload.redeem)) {
    const auto runs = links_of_units(state, id, payload.redeem, owed);
    if (runs.empty()) continue;
    TreeBooks books(state, id, *state.find<BatchObject>(id));
    Ranges trees = lost_trees(runs, books);
    if (trees.empty()) continue;
    if (!books.judge_leaves(judgement)) return std::nullopt;
    lost.push_back({std::move(books), std::move(trees)});
  }
  return lost;
}

// Nobody waits for a replacement of these trees any more.
void forgive(LostTrees& lost) {
  using enum TreeCode;
  const Ranges dead = lost.books.that_are(dead_owed, lost.trees);
  const Ranges voided = lost.books.that_are(voided_owed, lost.trees);
  lost.books.move(dead, dead_owed, dead_not_owed);
  lost.books.move(voided, voided_owed, voided_not_owed);
  lost.books.close();
}

// The first draw of a redemption covers its first units, and so on: each pledge gets back its own.
void give_back_draws(State& state, const Redeem& redeem, const Ranges& ranges) {
  std::uint64_t from = 0;
  for (const Draw& draw : redeem.draws) {
    const std::uint64_t units = members_within(ranges, from, draw.units);
    from += draw.units;
    if (units == 0) continue;
    auto pledge = state.find<PledgeObject>(draw.pledge);
    pledge->redeemed -= units;
    state.put(draw.pledge.text, *pledge);
  }
}

void refund(Judgement& judgement, const Refund& payload, RedemptionObject& redemption,
            UnitCodes& codes) {
  State& state = judgement.state();
  const Redeem& redeem = redemption.payload;
  const std::uint64_t units = members_in(payload.ranges);
  const std::uint64_t owed = members_in(units_that_are(UnitCode::owed, payload.ranges, codes));
  for (const Range& range : payload.ranges) {
    codes.set(range.from, range.count, UnitCode::refunded);
  }
  redemption.units.move(UnitCode::owed, UnitCode::refunded, owed);
  redemption.units.move(UnitCode::free, UnitCode::refunded, units - owed);
  redemption.pages_root = codes.commit(state);
  state.put(payload.redeem.text, redemption);
  auto programme = state.find<ProgrammeObject>(redeem.programme);
  programme->refunded += units * redemption.grams_per_unit();
  state.put(redeem.programme.text, *programme);
  change_tally(state, redeem.campaign, redeem.species, [&](CampaignTally& tally) {
    tally.refunded += units;
    tally.allocated -= owed;
  });
  give_back_draws(state, redeem, payload.ranges);
}

}  // namespace

bool judge(Judgement& judgement, const Refund& payload) {
  State& state = judgement.state();
  auto redemption = state.find<RedemptionObject>(payload.redeem);
  if (!judge_redemption(judgement, payload, redemption)) return false;
  const std::uint64_t units = redemption->payload.units;
  UnitCodes codes(state, payload.redeem, units);
  const bool holds = judgement.require(!payload.ranges.empty(), Reason::empty,
                                       [] { return Numbers{{"field", "ranges"}}; }) &&
                     judge_member_ranges(judgement, "ranges", payload.ranges, units) &&
                     judge_units(judgement, payload, codes);
  if (!holds) return false;
  const Ranges owed = units_that_are(UnitCode::owed, payload.ranges, codes);
  auto lost = judge_lost(judgement, payload, owed);
  if (!lost) return false;
  for (LostTrees& trees : *lost) forgive(trees);
  refund(judgement, payload, *redemption, codes);
  judgement.create(Recorded<Refund>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
