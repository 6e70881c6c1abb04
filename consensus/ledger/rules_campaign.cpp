// Rules of `campaign`: who plants what, for which price, until when; of its revision and its end.
#include <algorithm>
#include <set>

#include "consensus/ledger/density.h"
#include "consensus/ledger/rules_campaign.h"

namespace treeproof::ledger {

namespace {

// The first value that stands twice by its key, or null.
template <class Items, class KeyOf>
const auto* first_repeated(const Items& items, KeyOf key_of) {
  std::set<std::string_view> seen;
  const auto repeated = std::ranges::find_if(
      items, [&](const auto& item) { return !seen.insert(key_of(item)).second; });
  return repeated == items.end() ? nullptr : &*repeated;
}

bool judge_planters(Judgement& judgement, const Campaign& payload) {
  const State& state = judgement.state();
  const OrgId* repeated =
      first_repeated(payload.planters, [](const OrgId& org) -> const auto& { return org.text; });
  if (!judgement.require(repeated == nullptr, Reason::org_repeated, [&] {
        return Numbers{{"planter", repeated == nullptr ? "none" : repeated->text}};
      })) {
    return false;
  }
  const auto unfit = std::ranges::find_if_not(payload.planters, [&](const OrgId& id) {
    const auto org = state.get<OrgObject>(id.text);
    return org && org->has(OrgRole::planter);
  });
  return judgement.require(unfit == payload.planters.end(), Reason::planter_unknown, [&] {
    return Numbers{{"planter", unfit == payload.planters.end() ? "none" : unfit->text}};
  });
}

bool judge_sponsor(Judgement& judgement, const Campaign& payload) {
  const bool known = !payload.sponsor || judgement.state().get<OrgObject>(payload.sponsor->text);
  return judgement.require(known, Reason::sponsor_unknown, [&] {
    return Numbers{{"sponsor", payload.sponsor ? payload.sponsor->text : "none"}};
  });
}

bool judge_prices(Judgement& judgement, const Prices& prices) {
  const State& state = judgement.state();
  const Price* repeated =
      first_repeated(prices, [](const Price& price) -> const auto& { return price.species.text; });
  if (!judgement.require(repeated == nullptr, Reason::species_repeated, [&] {
        return Numbers{{"species", repeated == nullptr ? "none" : repeated->species.text}};
      })) {
    return false;
  }
  const auto unknown = std::ranges::find_if_not(prices, [&](const Price& price) {
    return state.get<Species>(price.species.text).has_value();
  });
  const bool all_known = unknown == prices.end();
  return judgement.require(all_known, Reason::species_unknown, [&] {
    return Numbers{{"species", all_known ? "none" : unknown->species.text}};
  });
}

// Nothing is free, empty or beyond what sums can hold.
bool judge_amounts(Judgement& judgement, const CampaignTerms& terms) {
  const auto lowest = std::ranges::min(terms.species, {}, &Price::grams);
  const auto highest = std::ranges::max(terms.species, {}, &Price::grams);
  const auto numbers = [&] {
    return Numbers{{"target", std::to_string(terms.target)},
                   {"lowest_price", std::to_string(lowest.grams)},
                   {"highest_price", std::to_string(highest.grams)}};
  };
  const bool is_bounded = terms.target <= kQuantityMax && highest.grams <= kQuantityMax;
  return judgement.require(terms.target > 0 && lowest.grams > 0, Reason::empty, numbers) &&
         judgement.require(is_bounded, Reason::quantity_too_large, numbers);
}

bool judge_unit(Judgement& judgement, const Campaign& payload) {
  const bool is_area = land_use(payload.unit) == LandUse::area;
  const std::uint64_t size_max = is_area ? kUnitSizeMax : 1;
  return judgement.require(payload.unit_size >= 1 && payload.unit_size <= size_max,
                           Reason::unit_size_invalid, [&] {
                             return Numbers{{"unit", std::string(name(payload.unit))},
                                            {"unit_size", std::to_string(payload.unit_size)},
                                            {"limit", std::to_string(size_max)}};
                           });
}

bool judge_windows(Judgement& judgement, const CampaignTerms& terms) {
  const Window& redeem = terms.redeem_window;
  const Window& plant = terms.plant_window;
  return judgement.require(redeem.from_day <= redeem.to_day && plant.from_day <= plant.to_day,
                           Reason::window_invalid, [&] {
                             return Numbers{{"redeem_from_day", std::to_string(redeem.from_day)},
                                            {"redeem_to_day", std::to_string(redeem.to_day)},
                                            {"plant_from_day", std::to_string(plant.from_day)},
                                            {"plant_to_day", std::to_string(plant.to_day)}};
                           });
}

// The issuer's own campaign, still open.
std::optional<CampaignObject> judge_own(Judgement& judgement, const ObjectId& id) {
  auto campaign = judgement.state().find<CampaignObject>(id);
  const auto which = [&] { return Numbers{{"campaign", id.text}}; };
  const bool holds =
      judgement.require(campaign.has_value(), Reason::campaign_unknown, which) &&
      judgement.require(id.org() == judgement.issuer(), Reason::campaign_not_own, which) &&
      judge_open(judgement, id, *campaign);
  return holds ? std::move(campaign) : std::nullopt;
}

// Promises rest on every species: a revision adds some and changes prices.
bool judge_kept(Judgement& judgement, const CampaignTerms& before, const CampaignTerms& after) {
  const auto gone = std::ranges::find_if(before.species, [&](const Price& price) {
    return price_of(after, price.species) == nullptr;
  });
  const bool all_kept = gone == before.species.end();
  return judgement.require(all_kept, Reason::species_withdrawn, [&] {
    return Numbers{{"species", all_kept ? "none" : gone->species.text}};
  });
}

bool judge_target(Judgement& judgement, const ObjectId& id, const CampaignTerms& terms) {
  const std::uint64_t redeemed = campaign_tally(judgement.state(), id).net_redeemed();
  return judgement.require(redeemed <= terms.target, Reason::target_exceeded, [&] {
    return Numbers{{"units", "0"},
                   {"redeemed", std::to_string(redeemed)},
                   {"target", std::to_string(terms.target)}};
  });
}

}  // namespace

bool judge_open(Judgement& judgement, const ObjectId& id, const CampaignObject& campaign) {
  return judgement.require(!campaign.closed, Reason::campaign_closed, [&] {
    const std::string height = campaign.closed ? std::to_string(*campaign.closed) : "none";
    return Numbers{{"campaign", id.text}, {"closed_height", height}};
  });
}

bool judge(Judgement& judgement, const Campaign& payload) {
  const CampaignTerms terms = terms_of(payload);
  const bool holds = judge_planters(judgement, payload) && judge_sponsor(judgement, payload) &&
                     judge_prices(judgement, terms.species) && judge_amounts(judgement, terms) &&
                     judge_unit(judgement, payload) && judge_windows(judgement, terms);
  if (holds) judgement.create(CampaignObject{judgement.record_info(), payload, terms, {}, {}});
  return holds;
}

bool judge(Judgement& judgement, const CampaignRevise& payload) {
  auto campaign = judge_own(judgement, payload.campaign);
  if (!campaign) return false;
  CampaignTerms terms = campaign->terms;
  terms.target = payload.target.value_or(terms.target);
  terms.species = payload.species.value_or(terms.species);
  terms.plant_window = payload.plant_window.value_or(terms.plant_window);
  terms.redeem_window = payload.redeem_window.value_or(terms.redeem_window);
  const bool holds =
      judgement.require(terms != campaign->terms, Reason::revision_changes_nothing) &&
      judge_kept(judgement, campaign->terms, terms) && judge_prices(judgement, terms.species) &&
      judge_amounts(judgement, terms) && judge_target(judgement, payload.campaign, terms) &&
      judge_windows(judgement, terms);
  if (!holds) return false;
  campaign->terms = terms;
  judgement.state().put(payload.campaign.text, *campaign);
  judgement.create(Recorded<CampaignRevise>{judgement.record_info(), payload});
  return true;
}

bool judge(Judgement& judgement, const CloseCampaign& payload) {
  auto campaign = judge_own(judgement, payload.campaign);
  if (!campaign) return false;
  const CampaignTally tally = campaign_tally(judgement.state(), payload.campaign);
  if (!judgement.require(tally.waiting() == 0, Reason::units_waiting, [&] {
        return Numbers{{"net_redeemed", std::to_string(tally.net_redeemed())},
                       {"allocated", std::to_string(tally.allocated)}};
      })) {
    return false;
  }
  campaign->closed = judgement.block().height.value;
  judgement.state().put(payload.campaign.text, *campaign);
  judgement.create(Recorded<CloseCampaign>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
