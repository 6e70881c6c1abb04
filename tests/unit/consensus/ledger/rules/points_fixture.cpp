#include "tests/unit/consensus/ledger/rules/points_fixture.h"

#include "crypto/hash.h"

namespace treeproof::ledger {

namespace {

Ref ref_of_id(const ObjectId& id) { return {id.text.substr(id.text.find('/') + 1)}; }

}  // namespace

Programme energy_programme() {
  Programme programme;
  programme.ref = ref_of_id(kProgramme);
  programme.actions = {{{"cycling"}, 70}, {{"walking"}, 10}};
  programme.yearly_cap = kYearlyCap;
  programme.expiry_days = 365;
  programme.platforms = {{std::string(kPlatform)}};
  return programme;
}

PointsConsortium::PointsConsortium() {
  must(kPlatform, energy_programme());
  put_campaign(kPledged, Mode::pledge_first, 250);
  put_campaign(kPlanted, Mode::plant_first, 100);
  put_pledge(kDesertPledge, {"haloxylon"}, 50);
  put_pledge(kCoastPledge, {"coral"}, 20);
}

void PointsConsortium::put_campaign(const ObjectId& id, Mode mode, std::uint64_t coral_price) {
  Campaign campaign;
  campaign.ref = ref_of_id(id);
  campaign.planters = {{std::string(kCoast)}, {std::string(kDesert)}};
  campaign.unit_size = 1;
  campaign.species = {{{"coral"}, coral_price}, {{"haloxylon"}, 100}};
  campaign.target = kTarget;
  campaign.redeem_window = {kFirstDay, kFirstDay + 300};
  campaign.mode = mode;
  State overlay(state);
  overlay.put(id.text, CampaignObject{{}, campaign, terms_of(campaign), {}, {}});
  state.all.merge(overlay.take_changes());
}

void PointsConsortium::put_pledge(const ObjectId& id, const Code& species, std::uint64_t count) {
  PledgeObject pledge;
  pledge.payload = {ref_of_id(id), kPledged, {"desert-ngo/plot"}, species, count, 2026};
  pledge.holder = id.org();
  State overlay(state);
  overlay.put(id.text, pledge);
  state.all.merge(overlay.take_changes());
}

void PointsConsortium::make_available(const Code& species, std::uint64_t trees) {
  State overlay(state);
  change_tally(overlay, kPlanted, species,
               [&](CampaignTally& tally) { tally.trees[TreeCode::available] += trees; });
  state.all.merge(overlay.take_changes());
}

IssuePoints PointsConsortium::issue(std::uint64_t grams) {
  IssuePoints payload;
  payload.ref = {"issue-" + std::to_string(refs_++)};
  payload.programme = kProgramme;
  payload.series = {"daily"};
  payload.from_day = payload.to_day = issue_day_++;
  payload.accounts = 10;
  payload.grams = grams;
  return payload;
}

Redeem PointsConsortium::redeem(const ObjectId& campaign, std::optional<Code> species,
                                std::uint64_t units, std::uint64_t price) {
  std::vector<RedeemLeaf> leaves;
  for (std::uint64_t i = 0; i < units; ++i) {
    crypto::Hash commitment = crypto::sha256(crypto::as_bytes(std::to_string(refs_)));
    commitment[0] = static_cast<std::uint8_t>(i >> 8);
    commitment[1] = static_cast<std::uint8_t>(i);
    leaves.push_back({{commitment, price}});
  }
  return redeem(campaign, std::move(species), leaves, units * price);
}

Redeem PointsConsortium::redeem(const ObjectId& campaign, std::optional<Code> species,
                                std::span<const RedeemLeaf> leaves, std::uint64_t grams) {
  Redeem payload;
  payload.ref = {"redeem-" + std::to_string(refs_++)};
  payload.campaign = campaign;
  payload.programme = kProgramme;
  payload.species = std::move(species);
  payload.units = leaves.size();
  payload.grams = grams;
  payload.leaves = attach_leaves(leaves);
  return payload;
}

}  // namespace treeproof::ledger
