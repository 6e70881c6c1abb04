// Rules of `assign`: trees without a campaign join one, once, on the terms that its own trees meet.
#include <algorithm>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/rules_campaign.h"
#include "consensus/ledger/rules_care.h"
#include "consensus/ledger/rules_verify.h"

namespace treeproof::ledger {

namespace {

bool judge_batch(Judgement& judgement, const Assign& payload,
                 const std::optional<BatchObject>& batch) {
  const auto which = [&] { return Numbers{{"batch", payload.plant.text}}; };
  return judgement.require(batch.has_value(), Reason::batch_unknown, which) &&
         judgement.require(batch->holder == judgement.issuer(), Reason::batch_not_own, which) &&
         judgement.require(!batch->campaign, Reason::assigned_already, [&] {
           return Numbers{{"campaign", batch->campaign ? batch->campaign->text : "none"}};
         });
}

bool judge_terms(Judgement& judgement, const Assign& payload, const BatchObject& batch,
                 const std::optional<CampaignObject>& campaign) {
  const auto which = [&] { return Numbers{{"campaign", payload.campaign.text}}; };
  if (!judgement.require(campaign.has_value(), Reason::campaign_unknown, which) ||
      !judgement.require(names_planter(*campaign, judgement.issuer()),
                         Reason::planter_not_in_campaign, which) ||
      !judge_open(judgement, payload.campaign, *campaign) ||
      !judgement.require(campaign->payload.mode == Mode::plant_first, Reason::pledge_required,
                         which) ||
      !judgement.require(
          land_use(campaign->payload.unit) == land_use(batch.unit), Reason::unit_unfit,
          [&] { return Numbers{{"unit", std::string(name(campaign->payload.unit))}}; })) {
    return false;
  }
  return std::ranges::all_of(batch.species, [&](const BatchSpecies& part) {
    return judgement.require(price_of(campaign->terms, part.species) != nullptr,
                             Reason::species_not_in_campaign,
                             [&] { return Numbers{{"species", part.species.text}}; });
  });
}

// Inventories join until their day only, and with a plot; plantings are no older than the lookback.
bool judge_age(Judgement& judgement, const BatchObject& batch, const Campaign& terms) {
  const std::int64_t today = judgement.block().day();
  if (batch.source == BatchSource::inventory) {
    const std::uint64_t until = judgement.parameters().history_until_day;
    const auto recorded = static_cast<std::uint64_t>(TimeMs{batch.record.time_s * 1'000}.day());
    return judgement.require(recorded <= until, Reason::inventory_too_late, [&] {
      return Numbers{{"block_day", std::to_string(recorded)},
                     {"history_until_day", std::to_string(until)}};
    }) && judgement.require(batch.plot.has_value(), Reason::plot_required);
  }
  const std::uint64_t lookback = std::min(terms.policy.lookback_days, kQuantityMax);
  const std::int64_t earliest = today - static_cast<std::int64_t>(lookback);
  return judgement.require(*batch.planted_from >= earliest, Reason::lookback_exceeded, [&] {
    return Numbers{{"planted_from", std::to_string(*batch.planted_from)},
                   {"earliest", std::to_string(earliest)},
                   {"lookback_days", std::to_string(lookback)}};
  });
}

// Who verified is independent of the campaign's parties too, and visited as many as it asks for.
bool judge_verification(Judgement& judgement, const Assign& payload, const BatchObject& batch,
                        const Campaign& terms) {
  if (!batch.verification) return true;
  const State& state = judgement.state();
  BatchObject joined = batch;
  joined.campaign = payload.campaign;
  for (const ObjectId& verification : verifications_of(state, batch)) {
    const OrgId group = state.get<OrgObject>(verification.org().text)->conflict_group;
    const auto party = party_of_group(state, joined, payload.plant, group);
    if (!judgement.require(!party, Reason::verifier_conflict, [&] {
          return Numbers{{"party", party ? party->text : "none"}, {"conflict_group", group.text}};
        })) {
      return false;
    }
  }
  const auto verify = state.find<VerifyObject>(*batch.verification);
  const std::uint64_t minimum = std::min(terms.policy.sample_minimum, batch.size());
  std::uint64_t visited = batch.size();
  if (verify->record.height + 1 < batch.beacon) {
    visited = 0;  // a dispute asked for another verification since
  } else if (verify->payload.method == VerifyMethod::sample) {
    const auto beacon = state.get<BeaconObject>(std::to_string(batch.beacon));
    visited = visited_sample(*beacon->header_hash, verify->payload, batch.size());
  }
  return judgement.require(visited >= minimum, Reason::sample_not_visited, [&] {
    return Numbers{{"drawn_and_visited", std::to_string(visited)},
                   {"sample_minimum", std::to_string(minimum)}};
  });
}

}  // namespace

bool judge(Judgement& judgement, const Assign& payload) {
  State& state = judgement.state();
  auto batch = state.find<BatchObject>(payload.plant);
  if (!judge_batch(judgement, payload, batch)) return false;
  const auto campaign = state.find<CampaignObject>(payload.campaign);
  if (!judge_terms(judgement, payload, *batch, campaign) ||
      !judge_age(judgement, *batch, campaign->payload) ||
      !judge_verification(judgement, payload, *batch, campaign->payload)) {
    return false;
  }
  batch->campaign = payload.campaign;
  batch->unit = campaign->payload.unit;
  for (const BatchSpecies& part : batch->species) {
    change_tally(state, payload.campaign, part.species,
                 [&](CampaignTally& tally) { tally.trees += part.trees; });
  }
  state.put(payload.plant.text, *batch);
  judgement.create(Recorded<Assign>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
