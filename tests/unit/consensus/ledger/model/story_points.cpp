// What platforms, programmes and planters say of points, campaigns and promises.
#include <algorithm>

#include "consensus/ledger/links.h"
#include "crypto/hash.h"
#include "tests/unit/consensus/ledger/model/story.h"

namespace treeproof::ledger::model {

namespace {

const ObjectId kProgramme = {"platform/energy"};
const ObjectId kPlanted = {"platform/planted"};
const ObjectId kPledged = {"platform/pledged"};

}  // namespace

// Another programme, mostly of a partner with its own actions.
void Story::found() {
  Programme payload;
  payload.ref = next_ref("programme");
  payload.actions = {{{"cycling"}, one_in(6) ? 0u : 20u}};
  payload.yearly_cap = one_in(6) ? 0 : 20'000;
  payload.expiry_days = 30;
  payload.platforms = {{std::string(one_in(4) ? kVillage : kPlatform)}};
  say(one_in(6) ? kVillage : kPartner, payload);
}

ObjectId Story::any_programme() {
  return one_in(3) ? ObjectId{any(model_.books.programmes)} : kProgramme;
}

std::string Story::owner_of(const ObjectId& programme) {
  return one_in(8) ? std::string(kPartner) : model_.books.programmes.at(programme.text).org;
}

void Story::issue() {
  const std::int32_t today = consortium_.day();
  IssuePoints payload;
  payload.ref = next_ref("issue");
  payload.programme = any_programme();
  payload.series = {one_in(3) ? "weekly" : "daily"};
  payload.from_day = today - static_cast<std::int32_t>(choose(6));
  payload.to_day = payload.from_day + static_cast<std::int32_t>(choose(4));
  payload.accounts = 1;
  payload.grams = 1'000 * (1 + choose(6));
  if (one_in(8)) payload.grams = 0;
  if (one_in(8)) payload.from_day = payload.to_day + 1;
  if (one_in(8)) payload.from_day -= 400;
  say(owner_of(payload.programme), payload);
}

void Story::expire() {
  const ExpirePoints payload{next_ref("expire"), any_programme(), 500 * choose(8)};
  say(owner_of(payload.programme), payload);
}

void Story::pledge() {
  Pledge payload;
  payload.ref = next_ref("pledge");
  payload.campaign = kPledged;
  payload.plot = {one_in(5) ? "coast-ngo/shore" : "desert-ngo/home"};
  payload.species = one_in(3) ? kRhizophora : kHaloxylon;
  if (one_in(4)) payload.campaign = {any(model_.books.campaigns)};
  if (one_in(6)) payload.plot = {any(model_.books.plots)};
  payload.count = choose(60);
  payload.season = 2026;
  if (one_in(8)) payload.campaign = {"platform/none"};
  if (one_in(8)) payload.species = {"coral"};
  const std::string holder = model_.books.plots.at(payload.plot.text).holder;
  say(one_in(8) ? std::string(kCoast) : holder, payload);
}

void Story::release() {
  const std::string id = any(model_.books.pledges);
  const auto found = model_.books.pledges.find(id);
  const PledgeRelease payload{next_ref("release"), {id}, choose(20)};
  say(found == model_.books.pledges.end() || one_in(8) ? planter() : found->second.holder, payload);
}

// One or two pledges of one campaign and species, or none where trees come first.
void Story::draw(Redeem& payload) {
  const std::string first = any(model_.books.pledges);
  const PledgeBook& pledge = model_.books.pledges.at(first);
  payload.campaign = {pledge.campaign};
  payload.species = Code{pledge.species};
  payload.draws = {{{first}, payload.units}};
  std::string second = any(model_.books.pledges);
  for (const auto& [id, other] : model_.books.pledges) {
    const bool fits = other.campaign == pledge.campaign && other.species == pledge.species;
    if (id != first && fits && !one_in(8)) second = id;
  }
  if (second == first || choose(2) == 0) return;
  const std::uint64_t more = 1 + choose(4);
  payload.draws.push_back({{second}, more});
  payload.units += more;
  std::ranges::sort(payload.draws, {}, [](const Draw& draw) { return draw.pledge.text; });
}

void Story::redeem() {
  const bool pledged = one_in(3) && !model_.books.pledges.empty();
  Redeem payload;
  payload.ref = next_ref("redeem");
  payload.programme = any_programme();
  payload.units = 1 + choose(12);
  payload.campaign = kPlanted;
  const std::uint64_t kind = choose(8);
  if (kind == 5) payload.campaign = {"platform/reef"};
  if (kind == 6) payload.campaign = {any(model_.books.campaigns)};
  const Prices& prices = model_.books.campaigns.at(payload.campaign.text).terms.species;
  if (choose(3) != 2) payload.species = prices[choose(prices.size())].species;
  if (pledged) draw(payload);
  const Campaign& terms = model_.books.campaigns.at(payload.campaign.text).terms;
  const Code priced = payload.species.value_or(terms.species.front().species);
  const std::uint64_t price =
      std::ranges::find(terms.species, priced, &Price::species)->grams - (one_in(12) ? 1 : 0);
  payload.grams = payload.units * price;
  Beside beside;
  for (std::uint64_t i = 0; i < payload.units; ++i) {
    crypto::Hash commitment = crypto::sha256(crypto::as_bytes(payload.ref.text));
    commitment[0] = static_cast<std::uint8_t>(i);
    commitment[1] = 0;
    crypto::Hash second = commitment;
    second[1] = 1;
    const bool shared = price > 30 && choose(3) == 1;  // co-planted
    RedeemLeaf leaf{{commitment, shared ? price - 30 : price}};
    if (shared) leaf.push_back({second, 30});
    beside.units.push_back(leaf);
  }
  if (one_in(12)) beside.units.back().back().grams += 1;
  if (one_in(12)) payload.units += 1;
  if (one_in(12)) payload.species = Code{"coral"};
  payload.leaves = consortium_.attach_leaves<RedeemLeaf>(beside.units);
  say(one_in(16) ? kDesert : kPlatform, payload, beside);
}

Ranges Story::stretch(std::uint64_t members, std::uint64_t most) {
  const std::uint64_t from = choose(members);
  const std::uint64_t count = 1 + choose(std::min(members - from, most));
  if (one_in(16)) return {{from, members}};
  if (from + count + 1 < members && choose(3) == 1) return {{from, count}, {from + count + 1, 1}};
  return {{from, count}};
}

void Story::refund() {
  const std::string id = any(model_.books.redemptions);
  const auto found = model_.books.redemptions.find(id);
  Refund payload{next_ref("refund"), {id}, {{0, 1}}, RefundReason::user_request};
  if (found != model_.books.redemptions.end()) {
    payload.ranges = stretch(found->second.units.size(), 3);
    const auto& units = found->second.units;
    const auto may = [](const Unit& unit) {
      return unit.state == UnitState::free || unit.state == UnitState::owed;
    };
    const auto first = std::ranges::find_if(units, may);
    if (choose(2) == 0 && first != units.end()) {
      payload.ranges = {{static_cast<std::uint64_t>(first - units.begin()), 1}};
    }
  }
  say(kPlatform, payload);
}

void Story::allocate() {
  std::vector<RunLeaf> possible;
  for (const auto& [redeem, redemption] : model_.books.redemptions) {
    const auto free =
        std::uint64_t(std::ranges::count(redemption.units, UnitState::free, &Unit::state));
    for (const auto& [plant, batch] : model_.books.batches) {
      if (batch.campaign != redemption.campaign || free == 0) continue;
      for (const std::string& species : batch.species) {
        if (redemption.species && *redemption.species != species) continue;
        const auto fit = std::uint64_t(std::ranges::count_if(batch.trees, [&](const Tree& tree) {
          return tree.is_usable() && tree.species == species;
        }));
        if (fit > 0) possible.push_back({{redeem}, {plant}, {species}, std::min(free, fit)});
      }
    }
  }
  Beside beside;
  if (possible.empty() || one_in(16)) {
    beside.runs.push_back(
        {{any(model_.books.redemptions)}, {any(model_.books.batches)}, kHaloxylon, 1 + choose(3)});
  } else {
    const std::uint64_t runs = 1 + choose(2);
    for (std::uint64_t i = 0; i < runs; ++i) {
      beside.runs.push_back(possible[choose(possible.size())]);
      RunLeaf& run = beside.runs.back();
      run.count = 1 + choose(run.count + (one_in(8) ? 1 : 0));
    }
  }
  Allocate payload;
  payload.ref = next_ref("allocate");
  payload.campaign = kPlanted;
  const auto redemption = model_.books.redemptions.find(beside.runs[0].redeem.text);
  if (redemption != model_.books.redemptions.end()) {
    payload.campaign = {redemption->second.campaign};
  }
  payload.runs = consortium_.attach_leaves<RunLeaf>(beside.runs);
  std::vector<LinkRange> ranges;
  for (const auto& [unit, tree] : model_.pairs(beside.runs)) {
    ranges.push_back({{unit.redeem}, unit.index, {tree.batch}, tree.index, 1});
  }
  if (const auto links = links_of(consortium_.state, ranges)) payload.links = *links;
  Consenting agree;
  if (!one_in(8)) agree = {kCoast, kDesert};
  say(one_in(16) ? kPartner : kPlatform, payload, beside, agree);
}

void Story::close() {
  say(kPlatform, CloseCampaign{next_ref("close"), {any(model_.books.campaigns)}});
}

void Story::revise() {
  CampaignRevise payload;
  payload.ref = next_ref("revise");
  payload.campaign = one_in(3) ? kPledged : kPlanted;
  const std::uint64_t kind = choose(4);
  if (kind == 0) payload.target = choose(160);
  if (kind == 1) {
    payload.species = model_.books.campaigns.at(payload.campaign.text).terms.species;
    payload.species->at(choose(payload.species->size())).grams = 50 * choose(5);
  }
  if (kind == 2) payload.redeem_window = Window{kFirstDay, kFirstDay + std::int32_t(choose(800))};
  Consenting agree;
  if (!one_in(8)) agree = {kCoast, kDesert};
  say(kPlatform, payload, {}, agree);
}

void Story::repeat() {
  if (!last_) return;
  const auto [org, payload] = *last_;
  say(org, payload);  // of the same second, the same statement; later, another of the same ref
}

}  // namespace treeproof::ledger::model
