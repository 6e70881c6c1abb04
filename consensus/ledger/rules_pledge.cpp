// Rules of `pledge`: a planter promises trees of one species on one plot to one campaign; and of
// `pledge_release`: it takes back what nobody relies on.
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/rules_campaign.h"

namespace treeproof::ledger {

namespace {

bool judge_campaign(Judgement& judgement, const Pledge& payload,
                    const std::optional<CampaignObject>& campaign) {
  const auto which = [&] { return Numbers{{"campaign", payload.campaign.text}}; };
  return judgement.require(campaign.has_value(), Reason::campaign_unknown, which) &&
         judgement.require(names_planter(*campaign, judgement.issuer()),
                           Reason::planter_not_in_campaign, which) &&
         judge_open(judgement, payload.campaign, *campaign) &&
         judgement.require(price_of(campaign->terms, payload.species) != nullptr,
                           Reason::species_not_in_campaign, [&] {
                             return Numbers{{"campaign", payload.campaign.text},
                                            {"species", payload.species.text}};
                           });
}

bool judge_plot(Judgement& judgement, const Pledge& payload,
                const std::optional<PlotObject>& plot) {
  const auto which = [&] { return Numbers{{"plot", payload.plot.text}}; };
  if (!judgement.require(plot.has_value(), Reason::plot_unknown, which) ||
      !judgement.require(plot->holder == judgement.issuer(), Reason::plot_not_own, which) ||
      !judgement.require(!plot->closed, Reason::plot_closed, which)) {
    return false;
  }
  const std::uint64_t taken = plot->pledged + plot->live;
  const std::uint64_t capacity = plot->payload.capacity;
  return judgement.require(taken <= capacity && payload.count <= capacity - taken,
                           Reason::pledge_exceeds_capacity, [&] {
                             return Numbers{{"count", std::to_string(payload.count)},
                                            {"open_pledges", std::to_string(plot->pledged)},
                                            {"live", std::to_string(plot->live)},
                                            {"capacity", std::to_string(capacity)}};
                           });
}

// I4: neither trees in the ground nor units of users lose their promise.
bool judge_open(Judgement& judgement, const PledgeRelease& payload, const PledgeObject& pledge) {
  return judgement.require(payload.count <= pledge.unplanted(), Reason::pledge_exceeded, [&] {
    return Numbers{{"trees", std::to_string(payload.count)},
                   {"open", std::to_string(pledge.unplanted())}};
  }) && judgement.require(payload.count <= pledge.undrawn(), Reason::pledge_exhausted, [&] {
    return Numbers{{"pledge", payload.pledge.text},
                   {"units", std::to_string(payload.count)},
                   {"open", std::to_string(pledge.undrawn())}};
  });
}

}  // namespace

bool judge(Judgement& judgement, const Pledge& payload) {
  State& state = judgement.state();
  if (!judgement.require(payload.count > 0, Reason::empty,
                         [] { return Numbers{{"field", "count"}}; })) {
    return false;
  }
  if (!judge_campaign(judgement, payload, state.find<CampaignObject>(payload.campaign))) {
    return false;
  }
  auto plot = state.find<PlotObject>(payload.plot);
  if (!judge_plot(judgement, payload, plot)) return false;
  plot->pledged += payload.count;
  state.put(payload.plot.text, *plot);
  change_tally(state, payload.campaign, payload.species,
               [&](CampaignTally& tally) { tally.pledged += payload.count; });
  PledgeObject pledge;
  pledge.record = judgement.record_info();
  pledge.payload = payload;
  pledge.holder = judgement.issuer();
  judgement.create(pledge);
  return true;
}

bool judge(Judgement& judgement, const PledgeRelease& payload) {
  State& state = judgement.state();
  auto pledge = state.find<PledgeObject>(payload.pledge);
  const auto which = [&] { return Numbers{{"pledge", payload.pledge.text}}; };
  if (!judgement.require(payload.count > 0, Reason::empty,
                         [] { return Numbers{{"field", "count"}}; }) ||
      !judgement.require(pledge.has_value(), Reason::pledge_unknown, which) ||
      !judgement.require(pledge->holder == judgement.issuer(), Reason::pledge_not_own, which) ||
      !judge_open(judgement, payload, *pledge)) {
    return false;
  }
  pledge->released += payload.count;
  state.put(payload.pledge.text, *pledge);
  auto plot = state.find<PlotObject>(pledge->payload.plot);
  plot->pledged -= payload.count;
  state.put(pledge->payload.plot.text, *plot);
  change_tally(state, pledge->payload.campaign, pledge->payload.species,
               [&](CampaignTally& tally) { tally.pledged -= payload.count; });
  judgement.create(Recorded<PledgeRelease>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
