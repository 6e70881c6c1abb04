// Points, campaigns and promises.
#include <algorithm>

#include "consensus/ledger/calendar.h"
#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

Reasons Model::hear(const Said& said, const Programme& payload) {
  Reasons against;
  if (payload.yearly_cap == 0) against.insert(Reason::empty);
  for (const Action& action : payload.actions) {
    if (action.grams == 0) against.insert(Reason::empty);
  }
  for (const OrgId& platform : payload.platforms) {
    const auto org = books.orgs.find(platform.text);
    const bool is_one = org != books.orgs.end() && org->second.roles.contains(OrgRole::platform);
    if (!is_one) against.insert(Reason::platform_unknown);
  }
  if (against.empty()) books.programmes[said.object()] = {payload, said.org, {}, 0};
  return against;
}

Reasons Model::hear(const Said& said, const IssuePoints& payload) {
  const auto found = books.programmes.find(payload.programme.text);
  if (found == books.programmes.end()) return {Reason::programme_unknown};
  ProgrammeBook& programme = found->second;
  Reasons against;
  if (programme.org != said.org) against.insert(Reason::programme_not_own);
  if (payload.grams == 0 || payload.accounts == 0) against.insert(Reason::empty);
  if (payload.to_day < payload.from_day) against.insert(Reason::period_invalid);
  if (payload.to_day > said.day + 1) against.insert(Reason::period_in_future);  // I11
  const std::int32_t year = year_of(payload.from_day);
  if (year != year_of(payload.to_day)) against.insert(Reason::period_crosses_years);
  std::uint64_t of_year = payload.grams;
  for (const Issued& period : programme.periods) {
    if (year_of(period.from) == year) of_year += period.grams;
    const bool meets = period.from <= payload.to_day && payload.from_day <= period.to;
    if (period.series == payload.series.text && meets) against.insert(Reason::period_overlaps);
  }
  if (of_year > programme.terms.yearly_cap) against.insert(Reason::yearly_cap_exceeded);
  if (against.empty()) {
    programme.periods.push_back(
        {payload.series.text, payload.from_day, payload.to_day, payload.grams});
  }
  return against;
}

Reasons Model::hear(const Said& said, const ExpirePoints& payload) {
  const auto found = books.programmes.find(payload.programme.text);
  if (found == books.programmes.end()) return {Reason::programme_unknown};
  ProgrammeBook& programme = found->second;
  Reasons against;
  if (programme.org != said.org) against.insert(Reason::programme_not_own);
  if (payload.grams == 0) against.insert(Reason::empty);
  std::uint64_t old = 0;
  for (const Issued& period : programme.periods) {
    const std::int64_t age = std::int64_t{said.day} - period.to;
    if (age > programme.terms.expiry_days) old += period.grams;
  }
  if (programme.expired + payload.grams > old) against.insert(Reason::expiry_exceeded);
  if (payload.grams > outstanding(found->first)) against.insert(Reason::points_insufficient);
  if (against.empty()) programme.expired += payload.grams;
  return against;
}

Reasons Model::hear(const Said& said, const Campaign& payload) {
  Reasons against;
  std::set<std::string> planters;
  for (const OrgId& planter : payload.planters) {
    const auto org = books.orgs.find(planter.text);
    const bool is_one = org != books.orgs.end() && org->second.roles.contains(OrgRole::planter);
    if (!is_one) against.insert(Reason::planter_unknown);
    if (!planters.insert(planter.text).second) against.insert(Reason::org_repeated);
  }
  std::set<std::string> offered;
  for (const Price& price : payload.species) {
    if (!books.species.contains(price.species.text)) against.insert(Reason::species_unknown);
    if (!offered.insert(price.species.text).second) against.insert(Reason::species_repeated);
    if (price.grams == 0) against.insert(Reason::empty);
  }
  if (payload.target == 0) against.insert(Reason::empty);
  const bool by_area = payload.unit == treeproof::ledger::Unit::m2;
  const std::uint64_t largest = by_area ? 1'000'000 : 1;
  if (payload.unit_size == 0 || payload.unit_size > largest) {
    against.insert(Reason::unit_size_invalid);
  }
  const auto ends_early = [](const Window& window) { return window.to_day < window.from_day; };
  if (ends_early(payload.redeem_window) || ends_early(payload.plant_window)) {
    against.insert(Reason::window_invalid);
  }
  ask_consents(said, planters, against);
  if (against.empty()) books.campaigns[said.object()] = {payload, said.org, false};
  return against;
}

Reasons Model::hear(const Said& said, const CampaignRevise& payload) {
  const auto found = books.campaigns.find(payload.campaign.text);
  if (found == books.campaigns.end()) return {Reason::campaign_unknown};
  CampaignBook& campaign = found->second;
  Reasons against;
  if (campaign.platform != said.org) against.insert(Reason::campaign_not_own);
  if (campaign.is_closed) against.insert(Reason::campaign_closed);
  Campaign terms = campaign.terms;
  if (payload.species) terms.species = *payload.species;
  if (payload.target) terms.target = *payload.target;
  if (payload.plant_window) terms.plant_window = *payload.plant_window;
  if (payload.redeem_window) terms.redeem_window = *payload.redeem_window;
  if (terms == campaign.terms) against.insert(Reason::revision_changes_nothing);
  for (const Price& old : campaign.terms.species) {
    const bool stays = std::ranges::count(terms.species, old.species, &Price::species) > 0;
    if (!stays) against.insert(Reason::species_withdrawn);
  }
  for (const Price& price : terms.species) {
    if (!books.species.contains(price.species.text)) against.insert(Reason::species_unknown);
    if (price.grams == 0) against.insert(Reason::empty);
    if (std::ranges::count(terms.species, price.species, &Price::species) > 1) {
      against.insert(Reason::species_repeated);
    }
  }
  if (terms.target == 0) against.insert(Reason::empty);
  if (terms.target < net_redeemed(found->first)) against.insert(Reason::target_exceeded);
  const auto ends_early = [](const Window& window) { return window.to_day < window.from_day; };
  if (ends_early(terms.redeem_window) || ends_early(terms.plant_window)) {
    against.insert(Reason::window_invalid);
  }
  std::set<std::string> planters;
  for (const OrgId& planter : terms.planters) planters.insert(planter.text);
  ask_consents(said, planters, against);
  if (against.empty()) campaign.terms = terms;
  return against;
}

Reasons Model::hear(const Said& said, const CloseCampaign& payload) {
  const auto found = books.campaigns.find(payload.campaign.text);
  if (found == books.campaigns.end()) return {Reason::campaign_unknown};
  Reasons against;
  if (found->second.platform != said.org) against.insert(Reason::campaign_not_own);
  if (found->second.is_closed) against.insert(Reason::campaign_closed);
  if (waiting(found->first, {}) > 0) against.insert(Reason::units_waiting);
  if (against.empty()) found->second.is_closed = true;
  return against;
}

Reasons Model::hear(const Said& said, const Pledge& payload) {
  Reasons against;
  if (payload.count == 0) against.insert(Reason::empty);
  ask_plot(said, payload.plot.text, against);
  const auto campaign = books.campaigns.find(payload.campaign.text);
  if (campaign == books.campaigns.end()) {
    against.insert(Reason::campaign_unknown);
    return against;
  }
  const Campaign& terms = campaign->second.terms;
  if (campaign->second.is_closed) against.insert(Reason::campaign_closed);
  if (std::ranges::count(terms.planters, OrgId{said.org}) == 0) {
    against.insert(Reason::planter_not_in_campaign);
  }
  if (std::ranges::count(terms.species, payload.species, &Price::species) == 0) {
    against.insert(Reason::species_not_in_campaign);
  }
  const std::string& plot = payload.plot.text;
  const auto land = books.plots.find(plot);
  if (land != books.plots.end()) {
    const std::uint64_t taken = pledged_on(plot) + live_on(plot);
    const std::uint64_t left = land->second.capacity - std::min(taken, land->second.capacity);
    if (payload.count > left) against.insert(Reason::pledge_exceeds_capacity);
  }
  if (!against.empty()) return against;
  books.pledges[said.object()] = {
      said.org, payload.campaign.text, plot, payload.species.text, payload.count, 0, 0, said.day};
  return against;
}

Reasons Model::hear(const Said& said, const PledgeRelease& payload) {
  Reasons against;
  if (payload.count == 0) against.insert(Reason::empty);
  const auto found = books.pledges.find(payload.pledge.text);
  if (found == books.pledges.end()) {
    against.insert(Reason::pledge_unknown);
    return against;
  }
  PledgeBook& pledge = found->second;
  if (pledge.holder != said.org) against.insert(Reason::pledge_not_own);
  if (payload.count > pledge.promised - pledge.planted) against.insert(Reason::pledge_exceeded);
  if (payload.count > pledge.promised - pledge.drawn) against.insert(Reason::pledge_exhausted);
  if (against.empty()) pledge.promised -= payload.count;
  return against;
}

namespace {

// The price of a unit; null where nobody can tell.
std::optional<std::uint64_t> price_of_unit(const Campaign& terms,
                                           const std::optional<Code>& species, Reasons& against) {
  if (!species) {
    const std::uint64_t price = terms.species.front().grams;
    const auto differs = [&](const Price& other) { return other.grams != price; };
    if (std::ranges::none_of(terms.species, differs)) return price;
    against.insert(Reason::species_required);
    return std::nullopt;
  }
  const auto found = std::ranges::find(terms.species, *species, &Price::species);
  if (found != terms.species.end()) return found->grams;
  against.insert(Reason::species_not_in_campaign);
  return std::nullopt;
}

}  // namespace

// I4: pledges that are drawn from, or trees that are available.
void Model::ask_cover(const Redeem& payload, Reasons& against) const {
  const std::string& campaign = payload.campaign.text;
  std::uint64_t drawn = 0;
  std::set<std::string> pledges;
  for (const Draw& draw : payload.draws) {
    drawn += draw.units;
    if (draw.units == 0) against.insert(Reason::empty);
    if (!pledges.insert(draw.pledge.text).second) against.insert(Reason::list_not_ascending);
    const auto pledge = books.pledges.find(draw.pledge.text);
    if (pledge == books.pledges.end() || pledge->second.campaign != campaign) {
      against.insert(Reason::pledge_unknown);
      continue;
    }
    const bool other = payload.species && pledge->second.species != payload.species->text;
    if (other) against.insert(Reason::pledge_species_mismatch);
    if (draw.units > pledge->second.promised - pledge->second.drawn) {
      against.insert(Reason::pledge_exhausted);
    }
  }
  const bool pledge_first = books.campaigns.at(campaign).terms.mode == Mode::pledge_first;
  if (drawn != (pledge_first ? payload.units : 0)) against.insert(Reason::draws_mismatch);
  if (pledge_first) return;
  const auto exceeds = [&](const std::optional<Code>& species) {
    return waiting(campaign, species) + payload.units > usable(campaign, species);
  };
  if (exceeds({}) || exceeds(payload.species)) against.insert(Reason::units_unavailable);
}

Reasons Model::hear(const Said& said, const Redeem& payload) {
  const auto found = books.campaigns.find(payload.campaign.text);
  if (found == books.campaigns.end()) return {Reason::campaign_unknown};
  const auto& [campaign, book] = *found;
  const Campaign& terms = book.terms;
  Reasons against;
  if (book.platform != said.org) against.insert(Reason::campaign_not_own);
  if (book.is_closed) against.insert(Reason::campaign_closed);
  const bool open =
      terms.redeem_window.from_day <= said.day && said.day <= terms.redeem_window.to_day;
  if (!open) against.insert(Reason::redeem_window_closed);
  const auto programme = books.programmes.find(payload.programme.text);
  if (programme == books.programmes.end()) {
    against.insert(Reason::programme_unknown);
    return against;
  }
  if (std::ranges::count(programme->second.terms.platforms, OrgId{said.org}) == 0) {
    against.insert(Reason::programme_refuses_platform);
  }
  if (payload.units == 0 || beside_->units.empty()) against.insert(Reason::empty);
  if (payload.units != beside_->units.size()) against.insert(Reason::units_mismatch);
  const auto price = price_of_unit(terms, payload.species, against);
  if (price) {
    if (payload.grams != payload.units * *price) against.insert(Reason::grams_mismatch);  // I2
    for (const RedeemLeaf& leaf : beside_->units) {
      std::uint64_t sum = 0;
      for (const Share& share : leaf) sum += share.grams;
      if (sum != *price) against.insert(Reason::shares_mismatch);
      const bool blank = std::ranges::any_of(leaf, [](const Share& s) { return s.grams == 0; });
      if (blank) against.insert(Reason::shares_mismatch);
    }
  }
  if (payload.grams > outstanding(programme->first)) against.insert(Reason::points_insufficient);
  if (net_redeemed(campaign) + payload.units > terms.target) {
    against.insert(Reason::target_exceeded);
  }
  ask_cover(payload, against);
  if (!against.empty()) return against;
  Redemption redemption;
  redemption.platform = said.org;
  redemption.campaign = campaign;
  redemption.programme = programme->first;
  if (payload.species) redemption.species = payload.species->text;
  redemption.price = *price;
  redemption.day = said.day;
  redemption.leaves = payload.leaves.root;
  for (const Draw& draw : payload.draws) {  // in this order
    const Unit unit{UnitState::free, std::nullopt, draw.pledge.text};
    redemption.units.insert(redemption.units.end(), draw.units, unit);
    books.pledges.at(draw.pledge.text).drawn += draw.units;
  }
  redemption.units.resize(payload.units);
  announce(payload.leaves);
  books.redemptions[said.object()] = redemption;
  return against;
}

Reasons Model::hear(const Said& said, const Refund& payload) {
  Reasons against;
  if (payload.ranges.empty()) against.insert(Reason::empty);
  const auto found = books.redemptions.find(payload.redeem.text);
  if (found == books.redemptions.end()) {
    against.insert(Reason::redemption_unknown);
    return against;
  }
  Redemption& redemption = found->second;
  if (redemption.platform != said.org) against.insert(Reason::redemption_not_own);
  if (!are_valid(payload.ranges, redemption.units.size())) {
    against.insert(Reason::ranges_invalid);
    return against;
  }
  const std::vector<std::uint64_t> members = members_of(payload.ranges);
  for (const std::uint64_t i : members) {
    const UnitState state = redemption.units[i].state;
    const bool may = state == UnitState::free || state == UnitState::owed;
    if (!may) against.insert(Reason::unit_not_refundable);
  }
  if (!against.empty()) return against;
  for (const std::uint64_t i : members) {
    Unit& unit = redemption.units[i];
    if (unit.state == UnitState::owed) tree(*unit.tree).is_owed = false;
    unit.state = UnitState::refunded;
    if (!unit.pledge.empty()) --books.pledges.at(unit.pledge).drawn;
  }
  return against;
}

}  // namespace treeproof::ledger::model
