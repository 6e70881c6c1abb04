#include <algorithm>
#include <cassert>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/changes.h"
#include "consensus/ledger/genesis.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/rules.h"

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

// The power of current validators among the approvals, counted afresh.
std::uint64_t approving_power(const ValidatorSet& validators, std::span<const OrgId> approvals) {
  std::uint64_t power = 0;
  for (const OrgId& org : approvals) {
    const Validator* validator = validators.find(org.text);
    if (validator != nullptr) power += validator->power;
  }
  return power;
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
  const bool is_validator = validators.find(judgement.issuer().text) != nullptr;
  const auto place = std::ranges::lower_bound(proposal->approvals, judgement.issuer());
  const bool approved = place != proposal->approvals.end() && *place == judgement.issuer();
  const bool may_approve =
      judgement.require(is_validator, Reason::approver_not_validator,
                        [&] { return Numbers{{"org", judgement.issuer().text}}; }) &&
      judgement.require(!approved, Reason::approved_already, numbers) &&
      require_change(judgement, proposal->payload.change);
  if (!may_approve) return false;

  proposal->approvals.insert(place, judgement.issuer());
  std::erase_if(proposal->approvals, [&](const OrgId& org) { return !validators.find(org.text); });
  if (validators.is_quorum(approving_power(validators, proposal->approvals))) {
    proposal->carried_out = judgement.block().height.value;
    carry_out(judgement, proposal->payload.change);
  }
  judgement.state().put(payload.proposal.text, *proposal);
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
    const auto planter = state.get<OrgObject>(plot->plot.org().text);
    const bool may_confirm =
        judgement.require(judgement.org().has(OrgRole::verifier), Reason::consent_not_verifier,
                          [&] { return Numbers{{"plot", plot->plot.text}}; }) &&
        judgement.require(planter && planter->conflict_group != judgement.org().conflict_group,
                          Reason::consent_conflict, [&] {
                            return Numbers{{"plot", plot->plot.text},
                                           {"conflict_group", judgement.org().conflict_group.text}};
                          });
    if (!may_confirm) return false;
    confirm_capacity(state, plot->plot);
  }
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
