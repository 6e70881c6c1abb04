#include <algorithm>
#include <cassert>
#include <set>

#include "consensus/ledger/changes.h"
#include "consensus/ledger/conviction.h"
#include "consensus/ledger/genesis.h"
#include "consensus/ledger/seats.h"

namespace treeproof::ledger {

namespace {

constexpr std::uint64_t kTotalPowerMax = UINT64_MAX / 3;  // so that 3 * power fits 64 bits

// [rule 26] This and what follows: no set that is empty, doubled, without power or too small.
bool require_count(Judgement& judgement, std::size_t validators) {
  const std::uint64_t minimum = judgement.parameters().validators_min;
  const auto numbers = [&] {
    return Numbers{{"validators", std::to_string(validators)},
                   {"min", std::to_string(minimum)},
                   {"max", std::to_string(kValidatorsMax)}};
  };
  return judgement.require(validators >= minimum, Reason::validators_too_few, numbers) &&
         judgement.require(validators <= kValidatorsMax, Reason::validators_too_many, numbers);
}

// Each organisation and each key once, ascending by organisation.
bool require_order(Judgement& judgement, const ValidatorsSet& change) {
  std::set<OrgId> orgs;
  std::set<crypto::PublicKeyBytes> keys;
  const auto again = std::ranges::find_if(change.validators, [&](const ValidatorSeat& seat) {
    const bool is_new_org = orgs.insert(seat.org).second;
    return !keys.insert(seat.public_key).second || !is_new_org;
  });
  const auto who = [&] {
    if (again == change.validators.end()) return Numbers{{"org", "none"}};
    return Numbers{{"org", again->org.text}, {"public_key", crypto::to_hex(again->public_key)}};
  };
  const bool ascends = std::ranges::is_sorted(change.validators, {}, &ValidatorSeat::org);
  return judgement.require(again == change.validators.end(), Reason::validator_repeated, who) &&
         judgement.require(ascends, Reason::list_not_ascending,
                           [] { return Numbers{{"field", "validators"}}; });
}

bool require_power(Judgement& judgement, const ValidatorsSet& change) {
  std::uint64_t total = 0;
  for (const ValidatorSeat& seat : change.validators) {
    const auto numbers = [&] {
      return Numbers{{"org", seat.org.text},
                     {"power", std::to_string(seat.power)},
                     {"total_before", std::to_string(total)},
                     {"limit", std::to_string(kTotalPowerMax)}};
    };
    const bool holds = judgement.require(seat.power > 0, Reason::validator_power_zero, numbers) &&
                       judgement.require(seat.power <= kTotalPowerMax - total,
                                         Reason::validators_power_too_large, numbers);
    if (!holds) return false;
    total += seat.power;
  }
  return true;
}

bool require_seat(Judgement& judgement, const ValidatorSeat& seat) {
  const auto org = judgement.state().get<OrgObject>(seat.org.text);
  const auto who = [&] { return Numbers{{"org", seat.org.text}}; };
  const bool may_sit = judgement.require(org.has_value(), Reason::validator_unknown, who) &&
                       judgement.require(!org->suspended, Reason::validator_suspended, who) &&
                       judgement.require(!is_convicted(judgement.state(), seat.org),
                                         Reason::validator_convicted, who);
  if (!may_sit) return false;
  const KeyEntry* newest = org->node_key();
  const bool is_newest = newest != nullptr && newest->public_key == seat.public_key;
  return judgement.require(is_newest, Reason::validator_key_wrong, [&] {
    return Numbers{{"org", seat.org.text},
                   {"public_key", crypto::to_hex(seat.public_key)},
                   {"registered", newest ? crypto::to_hex(newest->public_key) : "none"}};
  });
}

OrgObject org_of(const State& state, const OrgId& id) {
  auto org = state.get<OrgObject>(id.text);
  assert(org.has_value());
  return *std::move(org);
}

}  // namespace

bool require_parts(Judgement& judgement, const ValidatorsSet& change) {
  return require_order(judgement, change) && require_power(judgement, change) &&
         std::ranges::all_of(
             change.validators,
             [&](const ValidatorSeat& seat) { return require_seat(judgement, seat); }) &&
         require_count(judgement, change.validators.size());
}

bool require_parts(Judgement& judgement, const SuspendOrg& change) {
  const auto org = require_org(judgement, change.org);
  const auto who = [&] { return Numbers{{"org", change.org.text}}; };
  if (!org || !judgement.require(!org->suspended, Reason::suspended_already, who)) return false;
  const ValidatorSet validators = validators_of(judgement.state());
  if (validators.find(change.org.text) == nullptr) return true;
  return require_count(judgement, validators.size() - 1);
}

bool require_parts(Judgement& judgement, const ReinstateOrg& change) {
  const auto org = require_org(judgement, change.org);
  if (!org) return false;
  const bool is_barred = org->suspended || is_convicted(judgement.state(), change.org);
  return judgement.require(is_barred, Reason::not_suspended,
                           [&] { return Numbers{{"org", change.org.text}}; });
}

bool require_validators_min(Judgement& judgement, std::uint64_t minimum) {
  const std::size_t validators = validators_of(judgement.state()).size();
  return judgement.require(minimum <= validators, Reason::validators_too_few, [&] {
    return Numbers{{"validators", std::to_string(validators)},
                   {"min", std::to_string(minimum)},
                   {"max", std::to_string(kValidatorsMax)}};
  });
}

void carry_out_parts(Judgement& judgement, const ValidatorsSet& change) {
  std::vector<Validator> validators;
  for (const ValidatorSeat& seat : change.validators) {
    const auto key = crypto::PublicKey::parse(seat.public_key);
    validators.push_back({seat.org.text, seat.power, key.value()});
  }
  seat(judgement.state(), ValidatorSet::make(std::move(validators)).value(),
       judgement.block().height);
}

void carry_out_parts(Judgement& judgement, const SuspendOrg& change) {
  State& state = judgement.state();
  OrgObject org = org_of(state, change.org);
  org.suspended = true;
  state.put(change.org.text, org);
  const bool sits = validators_of(state).find(change.org.text) != nullptr;
  if (sits) unseat(state, change.org, judgement.block().height);
}

void carry_out_parts(Judgement& judgement, const ReinstateOrg& change) {
  State& state = judgement.state();
  OrgObject org = org_of(state, change.org);
  org.suspended = false;
  state.put(change.org.text, org);
  end_sentence(state, change.org, judgement.block().height);
}

}  // namespace treeproof::ledger
