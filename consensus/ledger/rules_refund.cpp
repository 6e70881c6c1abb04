// Rules of `refund`: units that will get no tree give their points back.
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/points_objects.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

namespace {

bool judge_redemption(Judgement& judgement, const Refund& payload,
                      const std::optional<RedemptionObject>& redemption) {
  const auto which = [&] { return Numbers{{"redemption", payload.redeem.text}}; };
  return judgement.require(redemption.has_value(), Reason::redemption_unknown, which) &&
         judgement.require(payload.redeem.org() == judgement.issuer(), Reason::redemption_not_own,
                           which);
}

bool judge_ranges(Judgement& judgement, const Refund& payload, std::uint64_t units) {
  const auto invalid = first_invalid(payload.ranges, units);
  return judgement.require(!payload.ranges.empty(), Reason::empty, [] {
    return Numbers{{"field", "ranges"}};
  }) && judgement.require(!invalid, Reason::ranges_invalid, [&] {
    return Numbers{{"field", "ranges"},
                   {"range", invalid ? std::to_string(*invalid) : "none"},
                   {"members", std::to_string(units)}};
  });
}

// Every unit is free.
bool judge_units(Judgement& judgement, const Refund& payload, UnitCodes& codes) {
  for (const Range& range : payload.ranges) {
    for (std::uint64_t unit = range.from; unit < range.from + range.count; ++unit) {
      const UnitCode code = codes.at(unit);
      if (!judgement.require(code == UnitCode::free, Reason::unit_not_refundable, [&] {
            return Numbers{{"unit", MemberId::of(payload.redeem, unit).text},
                           {"state", std::string(name(code))}};
          })) {
        return false;
      }
    }
  }
  return true;
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
  for (const Range& range : payload.ranges) {
    codes.set(range.from, range.count, UnitCode::refunded);
  }
  redemption.units.move(UnitCode::free, UnitCode::refunded, units);
  redemption.pages_root = codes.commit(state);
  state.put(payload.redeem.text, redemption);
  auto programme = state.find<ProgrammeObject>(redeem.programme);
  programme->refunded += units * redemption.grams_per_unit();
  state.put(redeem.programme.text, *programme);
  change_tally(state, redeem.campaign, redeem.species,
               [&](CampaignTally& tally) { tally.refunded += units; });
  give_back_draws(state, redeem, payload.ranges);
}

}  // namespace

bool judge(Judgement& judgement, const Refund& payload) {
  State& state = judgement.state();
  auto redemption = state.find<RedemptionObject>(payload.redeem);
  if (!judge_redemption(judgement, payload, redemption)) return false;
  const std::uint64_t units = redemption->payload.units;
  UnitCodes codes(state, payload.redeem, units);
  if (!judge_ranges(judgement, payload, units) || !judge_units(judgement, payload, codes)) {
    return false;
  }
  refund(judgement, payload, *redemption, codes);
  judgement.create(Recorded<Refund>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
