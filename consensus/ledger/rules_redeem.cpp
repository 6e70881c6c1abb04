#include <algorithm>

#include "consensus/ledger/geometry/wide_integer.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/points_objects.h"
#include "consensus/ledger/rules_campaign.h"

namespace treeproof::ledger {

namespace {

using geometry::UInt128;

bool judge_campaign(Judgement& judgement, const Redeem& payload,
                    const std::optional<CampaignObject>& campaign) {
  const auto which = [&] { return Numbers{{"campaign", payload.campaign.text}}; };
  const std::int32_t day = judgement.block().day();
  return judgement.require(campaign.has_value(), Reason::campaign_unknown, which) &&
         judgement.require(payload.campaign.org() == judgement.issuer(), Reason::campaign_not_own,
                           which) &&
         judge_open(judgement, payload.campaign, *campaign) &&
         judgement.require(campaign->terms.redeem_window.from_day <= day &&
                               day <= campaign->terms.redeem_window.to_day,
                           Reason::redeem_window_closed, [&] {
                             const Window& window = campaign->terms.redeem_window;
                             return Numbers{{"block_day", std::to_string(day)},
                                            {"from_day", std::to_string(window.from_day)},
                                            {"to_day", std::to_string(window.to_day)}};
                           });
}

bool judge_programme(Judgement& judgement, const Redeem& payload,
                     const std::optional<ProgrammeObject>& programme) {
  const auto which = [&] { return Numbers{{"programme", payload.programme.text}}; };
  if (!judgement.require(programme.has_value(), Reason::programme_unknown, which)) return false;
  const auto& platforms = programme->payload.platforms;
  const bool admits = std::ranges::find(platforms, judgement.issuer()) != platforms.end();
  return judgement.require(admits, Reason::programme_refuses_platform, [&] {
    return Numbers{{"programme", payload.programme.text}, {"platform", judgement.issuer().text}};
  });
}

// The price of a unit; null after a refusal.
const Price* judge_price(Judgement& judgement, const Redeem& payload, const CampaignTerms& terms) {
  const bool one_price = std::ranges::all_of(terms.species, [&](const Price& price) {
    return price.grams == terms.species.front().grams;
  });
  if (!judgement.require(payload.species || one_price, Reason::species_required, [&] {
        return Numbers{{"prices", std::to_string(terms.species.size())},
                       {"first_price", std::to_string(terms.species.front().grams)}};
      })) {
    return nullptr;
  }
  const Price* price = payload.species ? price_of(terms, *payload.species) : &terms.species.front();
  const bool offered = judgement.require(price != nullptr, Reason::species_not_in_campaign, [&] {
    return Numbers{{"species", payload.species ? payload.species->text : "any"}};
  });
  return offered ? price : nullptr;
}

// I2: units, grams and the leaves say the same.
bool judge_amounts(Judgement& judgement, const Redeem& payload, std::uint64_t price) {
  const auto numbers = [&] {
    return Numbers{{"units", std::to_string(payload.units)},
                   {"leaves", std::to_string(payload.leaves.count)},
                   {"price", std::to_string(price)},
                   {"grams", std::to_string(payload.grams)}};
  };
  const UInt128 product = UInt128{payload.units} * price;
  return judgement.require(payload.units == payload.leaves.count, Reason::units_mismatch,
                           numbers) &&
         judgement.require(product == payload.grams, Reason::grams_mismatch, numbers);
}

bool judge_leaves(Judgement& judgement, const Redeem& payload, std::uint64_t price) {
  const AttachmentPtr leaves = judgement.state().attachment(payload.leaves.root);
  const auto& facts = leaves->redeem_facts();
  const auto broken = [&](Reason reason) { return !facts && facts.error().reason == reason; };
  const auto numbers = [&] { return facts ? Numbers{} : facts.error().numbers; };
  if (!judgement.require(!broken(Reason::leaf_invalid), Reason::leaf_invalid, numbers) ||
      !judgement.require(!broken(Reason::leaves_not_ascending), Reason::leaves_not_ascending,
                         numbers)) {
    return false;
  }
  const bool first_differs = facts->grams_per_unit != price;
  return judgement.require(!first_differs && !facts->other_unit, Reason::shares_mismatch, [&] {
    const std::uint64_t unit = first_differs ? 0 : facts->other_unit.value_or(0);
    const bool is_other = !first_differs && facts->other_unit;
    const std::uint64_t grams = is_other ? facts->other_grams : facts->grams_per_unit;
    return Numbers{{"unit", std::to_string(unit)},
                   {"grams", std::to_string(grams)},
                   {"price", std::to_string(price)}};
  });
}

bool judge_balance(Judgement& judgement, const Redeem& payload, const CampaignTerms& terms,
                   const ProgrammeObject& programme, const CampaignTally& tally) {
  return judgement.require(payload.grams <= programme.outstanding(), Reason::points_insufficient,
                           [&] {
                             return Numbers{
                                 {"grams", std::to_string(payload.grams)},
                                 {"outstanding", std::to_string(programme.outstanding())}};
                           }) &&
         judgement.require(tally.net_redeemed() <= terms.target &&
                               payload.units <= terms.target - tally.net_redeemed(),
                           Reason::target_exceeded, [&] {
                             return Numbers{{"units", std::to_string(payload.units)},
                                            {"redeemed", std::to_string(tally.net_redeemed())},
                                            {"target", std::to_string(terms.target)}};
                           });
}

bool judge_draw(Judgement& judgement, const Redeem& payload, const Draw& draw) {
  State& state = judgement.state();
  auto pledge = state.find<PledgeObject>(draw.pledge);
  const bool of_campaign = pledge && pledge->payload.campaign == payload.campaign;
  const auto which = [&] { return Numbers{{"pledge", draw.pledge.text}}; };
  if (!judgement.require(of_campaign, Reason::pledge_unknown, which)) return false;
  const bool of_species = !payload.species || pledge->payload.species == *payload.species;
  const bool holds = judgement.require(of_species, Reason::pledge_species_mismatch, [&] {
    return Numbers{{"pledge", draw.pledge.text}, {"species", pledge->payload.species.text}};
  }) && judgement.require(draw.units <= pledge->undrawn(), Reason::pledge_exhausted, [&] {
    return Numbers{{"pledge", draw.pledge.text},
                   {"units", std::to_string(draw.units)},
                   {"open", std::to_string(pledge->undrawn())}};
  });
  if (!holds) return false;
  pledge->redeemed += draw.units;
  state.put(draw.pledge.text, *pledge);
  return true;
}

// Pledge-first: every unit is drawn from a pledge. Plant-first: there are no draws.
bool judge_draws(Judgement& judgement, const Redeem& payload, Mode mode) {
  const bool ascend = std::ranges::adjacent_find(payload.draws, std::ranges::greater_equal{},
                                                 &Draw::pledge) == payload.draws.end();
  UInt128 drawn = 0;
  for (const Draw& draw : payload.draws) drawn += draw.units;
  const std::uint64_t wanted = mode == Mode::pledge_first ? payload.units : 0;
  const bool adds_up = drawn == wanted && (wanted > 0 || payload.draws.empty());
  const bool holds = judgement.require(ascend, Reason::list_not_ascending, [] {
    return Numbers{{"field", "draws"}};
  }) && judgement.require(adds_up, Reason::draws_mismatch, [&] {
    return Numbers{{"mode", std::string(name(mode))},
                   {"draws", std::to_string(payload.draws.size())},
                   {"units", std::to_string(payload.units)}};
  });
  return holds && std::ranges::all_of(payload.draws, [&](const Draw& draw) {
           return judge_draw(judgement, payload, draw);
         });
}

// Plant-first, I4: what waits for a tree never exceeds what is available, in all and for the
// species.
bool judge_available(Judgement& judgement, const Redeem& payload, const CampaignTally& all) {
  const State& state = judgement.state();
  std::uint64_t available = all.uncommitted();
  if (payload.species) {
    const auto tally = campaign_tally(state, payload.campaign, payload.species);
    available = std::min(available, tally.uncommitted());
  }
  return judgement.require(payload.units <= available, Reason::units_unavailable, [&] {
    return Numbers{{"units", std::to_string(payload.units)},
                   {"available", std::to_string(available)}};
  });
}

void redeem(Judgement& judgement, const Redeem& payload, ProgrammeObject& programme) {
  State& state = judgement.state();
  programme.redeemed += payload.grams;
  state.put(payload.programme.text, programme);
  change_tally(state, payload.campaign, payload.species,
               [&](CampaignTally& tally) { tally.redeemed += payload.units; });
  RedemptionObject redemption;
  redemption.record = judgement.record_info();
  redemption.payload = payload;
  redemption.units[UnitCode::free] = payload.units;
  redemption.pages_root = fresh_pages_root(payload.units);
  judgement.create(redemption);
}

}  // namespace

bool judge(Judgement& judgement, const Redeem& payload) {
  State& state = judgement.state();
  const auto campaign = state.find<CampaignObject>(payload.campaign);
  auto programme = state.find<ProgrammeObject>(payload.programme);
  const bool drawn_nothing =
      std::ranges::any_of(payload.draws, [](const Draw& draw) { return draw.units == 0; });
  const bool known = judge_campaign(judgement, payload, campaign) &&
                     judge_programme(judgement, payload, programme) &&
                     judgement.require(payload.units > 0 && !drawn_nothing, Reason::empty, [&] {
                       return Numbers{{"units", std::to_string(payload.units)},
                                      {"field", drawn_nothing ? "draws" : "units"}};
                     });
  if (!known) return false;
  const CampaignTerms& terms = campaign->terms;
  const Mode mode = campaign->payload.mode;
  const Price* price = judge_price(judgement, payload, terms);
  const CampaignTally tally = campaign_tally(state, payload.campaign);
  const bool holds = price != nullptr && judge_amounts(judgement, payload, price->grams) &&
                     judge_leaves(judgement, payload, price->grams) &&
                     judge_balance(judgement, payload, terms, *programme, tally) &&
                     judge_draws(judgement, payload, mode) &&
                     (mode == Mode::pledge_first || judge_available(judgement, payload, tally));
  if (!holds) return false;
  redeem(judgement, payload, *programme);
  return true;
}

}  // namespace treeproof::ledger
