// Rules of `handover`: land, trees and pledges go to another planter, who consents, or for whom
// governance decides.
#include "consensus/ledger/rules_handover.h"

#include <algorithm>
#include <set>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/changes.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/rules_verify.h"

namespace treeproof::ledger {

namespace {

// Every object of the list exists, and the giver holds it.
template <class T>
bool judge_held(Judgement& judgement, const ObjectIds& ids, const OrgId& from,
                std::string_view what, Reason unknown, Reason not_own) {
  for (const ObjectId& id : ids) {
    const auto object = judgement.state().find<T>(id);
    const auto which = [&] { return Numbers{{std::string(what), id.text}}; };
    if (!judgement.require(object.has_value(), unknown, which) ||
        !judgement.require(object->holder == from, not_own, which)) {
      return false;
    }
  }
  return true;
}

// The campaigns that the batches and pledges belong to.
std::set<ObjectId> campaigns_of(const State& state, const HandoverTerms& terms) {
  std::set<ObjectId> campaigns;
  for (const ObjectId& id : terms.batches) {
    const auto batch = state.find<BatchObject>(id);
    if (batch->campaign) campaigns.insert(*batch->campaign);
  }
  for (const ObjectId& id : terms.duties) {
    campaigns.insert(state.find<PledgeObject>(id)->payload.campaign);
  }
  return campaigns;
}

bool judge_campaigns(Judgement& judgement, const HandoverTerms& terms) {
  for (const ObjectId& id : campaigns_of(judgement.state(), terms)) {
    const auto campaign = judgement.state().find<CampaignObject>(id);
    const std::size_t joined = campaign->joined.size();
    const bool fits = names_planter(*campaign, terms.to) || joined < campaign->joined.kMax;
    if (!judgement.require(fits, Reason::planters_too_many, [&] {
          return Numbers{{"campaign", id.text}, {"joined", std::to_string(joined)}};
        })) {
      return false;
    }
  }
  return true;
}

// I12: trees do not come to whose own organisation verified them. Governance may decide so, where
// land would be stranded otherwise.
bool judge_verifiers(Judgement& judgement, const HandoverTerms& terms) {
  const State& state = judgement.state();
  const OrgId group = state.get<OrgObject>(terms.to.text)->conflict_group;
  return std::ranges::all_of(terms.batches, [&](const ObjectId& id) {
    const auto verifications = verifications_of(state, *state.find<BatchObject>(id));
    const auto own = std::ranges::find_if(verifications, [&](const ObjectId& verification) {
      return state.get<OrgObject>(verification.org().text)->conflict_group == group;
    });
    return judgement.require(own == verifications.end(), Reason::verifier_conflict, [&] {
      return Numbers{{"verification", own == verifications.end() ? "none" : own->text},
                     {"conflict_group", group.text}};
    });
  });
}

template <class T>
void give(State& state, const ObjectIds& ids, const OrgId& to) {
  for (const ObjectId& id : ids) {
    auto object = state.find<T>(id);
    object->holder = to;
    state.put(id.text, *object);
  }
}

}  // namespace

bool judge_order(Judgement& judgement, const HandoverTerms& terms) {
  return require_ascending(judgement, terms.plots, "plots") &&
         require_ascending(judgement, terms.batches, "batches") &&
         require_ascending(judgement, terms.duties, "duties");
}

bool judge_handover(Judgement& judgement, const HandoverTerms& terms) {
  const std::size_t count = terms.plots.size() + terms.batches.size() + terms.duties.size();
  const auto to = judgement.state().get<OrgObject>(terms.to.text);
  const bool is_fit = to && to->has(OrgRole::planter) && !to->suspended && terms.to != terms.from;
  using enum Reason;
  return judge_order(judgement, terms) && judgement.require(count > 0, empty) &&
         judgement.require(is_fit, holder_unfit, [&] { return Numbers{{"org", terms.to.text}}; }) &&
         judge_held<PlotObject>(judgement, terms.plots, terms.from, "plot", plot_unknown,
                                plot_not_own) &&
         judge_held<BatchObject>(judgement, terms.batches, terms.from, "batch", batch_unknown,
                                 batch_not_own) &&
         judge_held<PledgeObject>(judgement, terms.duties, terms.from, "pledge", pledge_unknown,
                                  pledge_not_own) &&
         judge_campaigns(judgement, terms);
}

void hand_over(State& state, const HandoverTerms& terms) {
  for (const ObjectId& id : campaigns_of(state, terms)) {
    auto campaign = state.find<CampaignObject>(id);
    if (names_planter(*campaign, terms.to)) continue;
    campaign->joined.push_back(terms.to);
    state.put(id.text, *campaign);
  }
  give<PlotObject>(state, terms.plots, terms.to);
  give<BatchObject>(state, terms.batches, terms.to);
  give<PledgeObject>(state, terms.duties, terms.to);
}

bool judge(Judgement& judgement, const Handover& payload) {
  const HandoverTerms terms{judgement.issuer(), payload.to, payload.plots, payload.batches,
                            payload.duties};
  if (!judge_handover(judgement, terms) || !judge_verifiers(judgement, terms)) return false;
  hand_over(judgement.state(), terms);
  judgement.create(Recorded<Handover>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
