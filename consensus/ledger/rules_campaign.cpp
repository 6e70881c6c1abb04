// Rules of `campaign`: who plants what, for which price, until when.
#include <algorithm>
#include <set>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/rules.h"

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

bool judge_prices(Judgement& judgement, const Campaign& payload) {
  const State& state = judgement.state();
  const Price* repeated = first_repeated(
      payload.species, [](const Price& price) -> const auto& { return price.species.text; });
  if (!judgement.require(repeated == nullptr, Reason::species_repeated, [&] {
        return Numbers{{"species", repeated == nullptr ? "none" : repeated->species.text}};
      })) {
    return false;
  }
  const auto unknown = std::ranges::find_if_not(payload.species, [&](const Price& price) {
    return state.get<Species>(price.species.text).has_value();
  });
  const bool all_known = unknown == payload.species.end();
  return judgement.require(all_known, Reason::species_unknown, [&] {
    return Numbers{{"species", all_known ? "none" : unknown->species.text}};
  });
}

// Nothing is free, empty or beyond what sums can hold.
bool judge_amounts(Judgement& judgement, const Campaign& payload) {
  const auto lowest = std::ranges::min(payload.species, {}, &Price::grams);
  const auto highest = std::ranges::max(payload.species, {}, &Price::grams);
  const auto numbers = [&] {
    return Numbers{{"target", std::to_string(payload.target)},
                   {"lowest_price", std::to_string(lowest.grams)},
                   {"highest_price", std::to_string(highest.grams)}};
  };
  const bool is_bounded = payload.target <= kQuantityMax && highest.grams <= kQuantityMax;
  const bool is_area = land_use(payload.unit) == LandUse::area;
  const std::uint64_t size_max = is_area ? kUnitSizeMax : 1;
  return judgement.require(payload.target > 0 && lowest.grams > 0, Reason::empty, numbers) &&
         judgement.require(is_bounded, Reason::quantity_too_large, numbers) &&
         judgement.require(payload.unit_size >= 1 && payload.unit_size <= size_max,
                           Reason::unit_size_invalid, [&] {
                             return Numbers{{"unit", std::string(name(payload.unit))},
                                            {"unit_size", std::to_string(payload.unit_size)},
                                            {"limit", std::to_string(size_max)}};
                           });
}

bool judge_windows(Judgement& judgement, const Campaign& payload) {
  const Window& redeem = payload.redeem_window;
  const Window& plant = payload.plant_window;
  return judgement.require(redeem.from_day <= redeem.to_day && plant.from_day <= plant.to_day,
                           Reason::window_invalid, [&] {
                             return Numbers{{"redeem_from_day", std::to_string(redeem.from_day)},
                                            {"redeem_to_day", std::to_string(redeem.to_day)},
                                            {"plant_from_day", std::to_string(plant.from_day)},
                                            {"plant_to_day", std::to_string(plant.to_day)}};
                           });
}

}  // namespace

bool judge(Judgement& judgement, const Campaign& payload) {
  const bool holds = judge_planters(judgement, payload) && judge_sponsor(judgement, payload) &&
                     judge_prices(judgement, payload) && judge_amounts(judgement, payload) &&
                     judge_windows(judgement, payload);
  if (holds) judgement.create(CampaignObject{judgement.record_info(), payload});
  return holds;
}

}  // namespace treeproof::ledger
