#include <algorithm>
#include <cassert>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/changes.h"
#include "consensus/ledger/electorate.h"
#include "consensus/ledger/genesis.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/rules_care.h"
#include "consensus/ledger/rules_dispute.h"

namespace treeproof::ledger {

namespace {

constexpr std::uint64_t kDaySeconds = 86'400;

bool judge_open(Judgement& judgement, const ProposalObject& proposal) {
  const std::string done = proposal.carried_out ? std::to_string(*proposal.carried_out) : "none";
  if (!judgement.require(!proposal.carried_out, Reason::proposal_closed,
                         [&] { return Numbers{{"carried_out", done}}; })) {
    return false;
  }
  const std::uint64_t age_s = judgement.block().time.seconds() - proposal.record.time_s;
  const std::uint64_t limit_days = judgement.parameters().proposal_expiry_days;
  return judgement.require(age_s <= limit_days * kDaySeconds, Reason::proposal_expired, [&] {
    return Numbers{{"age_days", std::to_string(age_s / kDaySeconds)},
                   {"limit_days", std::to_string(limit_days)}};
  });
}

void confirm_capacity(State& state, const ObjectId& id) {
  auto plot = state.find<PlotObject>(id);
  assert(plot.has_value());
  plot->confirmed_capacity = plot->payload.capacity;
  state.put(id.text, *plot);
}

}  // namespace

bool judge(Judgement& judgement, const Propose& payload) {
  if (!require_change(judgement, payload.change)) return false;
  judgement.create(ProposalObject{judgement.record_info(), payload, {}, {}});
  return true;
}

bool judge(Judgement& judgement, const Approve& payload) {
  const auto numbers = [&] { return Numbers{{"proposal", payload.proposal.text}}; };
  auto proposal = judgement.state().find<ProposalObject>(payload.proposal);
  if (!judgement.require(proposal.has_value(), Reason::proposal_unknown, numbers)) return false;
  if (!judge_open(judgement, *proposal)) return false;
  const auto& of_block = judgement.block().validators;
  const ValidatorSet validators = of_block ? *of_block : validators_of(judgement.state());
  const Electorate electorate(judgement.state(), validators, proposal->payload.change);
  const bool is_admitted = electorate.admits(judgement.issuer());
  const auto place = std::ranges::lower_bound(proposal->approvals, judgement.issuer());
  const bool approved = place != proposal->approvals.end() && *place == judgement.issuer();
  const bool may_approve =
      judgement.require(is_admitted,
                        electorate.is_of_dispute() ? Reason::approver_not_eligible
                                                   : Reason::approver_not_validator,
                        [&] { return Numbers{{"org", judgement.issuer().text}}; }) &&
      judgement.require(!approved, Reason::approved_already, numbers) &&
      require_change(judgement, proposal->payload.change);
  if (!may_approve) return false;

  proposal->approvals.insert(place, judgement.issuer());
  std::erase_if(proposal->approvals, [&](const OrgId& org) { return !electorate.admits(org); });
  const bool decided = electorate.decides(proposal->approvals);
  if (decided) proposal->carried_out = judgement.block().height.value;
  judgement.state().put(payload.proposal.text, *proposal);
  if (decided) carry_out(judgement, proposal->payload.change, payload.proposal);
  judgement.create(Recorded<Approve>{judgement.record_info(), payload});
  return true;
}

bool judge(Judgement& judgement, const Consent& payload) {
  State& state = judgement.state();
  const std::string id = consent_id(payload.statement, judgement.issuer());
  const auto earlier = state.get<ConsentObject>(id);
  if (!judgement.require(!earlier, Reason::consent_repeated, [&] {
        return Numbers{{"earlier", earlier ? earlier->consent.text : "none"}};
      })) {
    return false;
  }
  const auto plot = state.get<PlotById>(crypto::to_hex(payload.statement));
  if (plot) {
    const OrgId& group = judgement.org().conflict_group;
    const auto land = state.find<PlotObject>(plot->plot);
    const auto party = party_of_group(state, *land, plot->plot, group);
    const bool may_confirm =
        judgement.require(judgement.org().has(OrgRole::verifier), Reason::consent_not_verifier,
                          [&] { return Numbers{{"plot", plot->plot.text}}; }) &&
        judgement.require(!party, Reason::consent_conflict, [&] {
          return Numbers{{"plot", plot->plot.text}, {"conflict_group", group.text}};
        });
    if (!may_confirm) return false;
    confirm_capacity(state, plot->plot);
  }
  if (!judge_seconding(judgement, payload)) return false;
  state.put(id, ConsentObject{{judgement.object_id()}});
  judgement.create(Recorded<Consent>{judgement.record_info(), payload});
  return true;
}

bool judge(Judgement& judgement, const KeyPut& payload) {
  const bool holds = require_ascending(judgement, payload.roles, "roles") &&
                     require_new_key(judgement, judgement.org(), payload.public_key);
  if (!holds) return false;
  add_key(judgement, judgement.issuer(), judgement.org(), payload.public_key, payload.roles);
  judgement.create(Recorded<KeyPut>{judgement.record_info(), payload});
  return true;
}

bool judge(Judgement& judgement, const KeyRevoke& payload) {
  const OrgObject& org = judgement.org();
  const bool other_admin = std::ranges::any_of(org.keys, [&](const KeyEntry& key) {
    return key.live() && key.has(KeyRole::admin) && key.public_key != payload.public_key;
  });
  const bool holds = require_revocable(judgement, judgement.issuer(), org, payload.public_key) &&
                     judgement.require(other_admin, Reason::key_last_admin,
                                       [&] { return Numbers{{"org", judgement.issuer().text}}; });
  if (!holds) return false;
  revoke_key(judgement, judgement.issuer(), org, payload.public_key);
  judgement.create(Recorded<KeyRevoke>{judgement.record_info(), payload});
  return true;
}

}  // namespace treeproof::ledger
