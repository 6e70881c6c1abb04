#include "consensus/ledger/changes.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/genesis.h"
#include "consensus/ledger/history.h"
#include "consensus/ledger/seats.h"

namespace treeproof::ledger {

namespace {

Numbers key_numbers(const crypto::PublicKeyBytes& key) {
  return {{"public_key", crypto::to_hex(key)}, {"kid", crypto::to_hex(crypto::kid_of(key))}};
}

RegulatorsObject regulators_of(const State& state) {
  return state.get<RegulatorsObject>(kRegulatorsId).value_or(RegulatorsObject{});
}

bool is_regulator(const OrgRoles& roles) {
  return std::ranges::find(roles, OrgRole::regulator) != roles.end();
}

bool require_parts(Judgement& judgement, const OrgPut& change) {
  if (!require_ascending(judgement, change.roles, "roles")) return false;
  const auto regulators = regulators_of(judgement.state()).orgs;
  const bool fits = !is_regulator(change.roles) || regulators.size() < kRegulatorsMax ||
                    std::ranges::binary_search(regulators, change.org);
  return judgement.require(fits, Reason::regulators_too_many, [&] {
    return Numbers{{"regulators", std::to_string(regulators.size())},
                   {"limit", std::to_string(kRegulatorsMax)}};
  });
}

bool require_parts(Judgement& judgement, const KeyPutFor& change) {
  if (!require_ascending(judgement, change.roles, "roles")) return false;
  const auto org = require_org(judgement, change.org);
  return org && require_new_key(judgement, *org, change.public_key);
}

bool require_parts(Judgement& judgement, const KeyRevokeFor& change) {
  const auto org = require_org(judgement, change.org);
  return org && require_revocable(judgement, change.org, *org, change.public_key);
}

bool require_parts(Judgement& judgement, const SpeciesPut& change) {
  const bool ascends = std::ranges::adjacent_find(change.species, std::ranges::greater_equal{},
                                                  &Species::code) == change.species.end();
  const auto zero = std::ranges::find(change.species, std::optional<std::uint64_t>(0),
                                      &Species::max_stems_per_ha);
  return judgement.require(ascends, Reason::list_not_ascending, [] {
    return Numbers{{"field", "species"}};
  }) && judgement.require(zero == change.species.end(), Reason::empty, [] {
    return Numbers{{"field", "max_stems_per_ha"}};
  });
}

bool require_parts(Judgement& judgement, const ParamsSet& change) {
  const bool ascends = std::ranges::adjacent_find(change.settings, std::ranges::greater_equal{},
                                                  &Setting::name) == change.settings.end();
  if (!judgement.require(ascends, Reason::list_not_ascending,
                         [] { return Numbers{{"field", "settings"}}; })) {
    return false;
  }
  for (const Setting& setting : change.settings) {
    const ParameterRow* row = find_parameter(setting.name.text);
    const bool known = judgement.require(row != nullptr, Reason::parameter_unknown,
                                         [&] { return Numbers{{"parameter", setting.name.text}}; });
    const bool holds =
        known && judgement.require(row->holds(setting.value), Reason::parameter_out_of_bounds, [&] {
          return Numbers{{"parameter", setting.name.text},
                         {"value", std::to_string(setting.value)},
                         {"min", std::to_string(row->min)},
                         {"max", std::to_string(row->max)}};
        });
    if (!holds) return false;
    const bool seats_hold = row->value != &Parameters::validators_min ||
                            require_validators_min(judgement, setting.value);
    if (!seats_hold) return false;
  }
  return true;
}

void carry_out_parts(Judgement& judgement, const OrgPut& change) {
  OrgObject org = judgement.state().get<OrgObject>(change.org.text).value_or(OrgObject{});
  org.name = change.name;
  org.roles = change.roles;
  org.conflict_group = change.conflict_group;
  judgement.state().put(change.org.text, org);
  RegulatorsObject regulators = regulators_of(judgement.state());
  std::erase(regulators.orgs, change.org);
  if (is_regulator(change.roles)) {
    regulators.orgs.insert(std::ranges::lower_bound(regulators.orgs, change.org), change.org);
  }
  judgement.state().put(kRegulatorsId, regulators);
}

void carry_out_parts(Judgement& judgement, const KeyPutFor& change) {
  auto org = judgement.state().get<OrgObject>(change.org.text);
  assert(org.has_value());
  add_key(judgement, change.org, *std::move(org), change.public_key, change.roles);
}

void carry_out_parts(Judgement& judgement, const KeyRevokeFor& change) {
  auto org = judgement.state().get<OrgObject>(change.org.text);
  assert(org.has_value());
  revoke_key(judgement, change.org, *std::move(org), change.public_key);
}

void carry_out_parts(Judgement& judgement, const SpeciesPut& change) {
  for (const Species& species : change.species) judgement.state().put(species.code.text, species);
}

void carry_out_parts(Judgement& judgement, const ParamsSet& change) {
  Parameters parameters = judgement.parameters();
  for (const Setting& setting : change.settings) {
    const ParameterRow* row = find_parameter(setting.name.text);
    assert(row != nullptr);
    parameters.*row->value = setting.value;
  }
  judgement.state().put(kParametersId, parameters);
  unseat_convicted(judgement.state(), judgement.block().height);  // the minimum may be lower now
}

bool votes_for(const StateReader& state, const OrgId& org, const crypto::PublicKeyBytes& key) {
  const ValidatorSet validators = validators_of(state);
  const Validator* validator = validators.find(org.text);
  return validator != nullptr && validator->key.bytes() == key;
}

// A validator votes with its newest node key, from the next height on.
void replace_vote_key(State& state, const OrgId& org, const crypto::PublicKeyBytes& key,
                      Height height) {
  const ValidatorSet current = validators_of(state);
  if (current.find(org.text) == nullptr) return;
  std::vector<Validator> validators(current.all().begin(), current.all().end());
  const auto own = std::ranges::find(validators, org.text, &Validator::org);
  own->key = crypto::PublicKey::parse(key).value();
  put_validators(state, ValidatorSet::make(std::move(validators)).value(), height.next());
}

}  // namespace

std::optional<OrgObject> require_org(Judgement& judgement, const OrgId& id) {
  auto org = judgement.state().get<OrgObject>(id.text);
  const bool known = judgement.require(org.has_value(), Reason::org_unknown,
                                       [&] { return Numbers{{"org", id.text}}; });
  return known ? std::move(org) : std::nullopt;
}

bool require_new_key(Judgement& judgement, const OrgObject& org,
                     const crypto::PublicKeyBytes& public_key) {
  const auto numbers = [&] { return key_numbers(public_key); };
  const bool is_point = crypto::PublicKey::parse(public_key).has_value();
  if (!judgement.require(is_point, Reason::key_invalid, numbers)) return false;
  const bool taken = judgement.state().get<KeyOwner>(crypto::to_hex(public_key)).has_value() ||
                     org.key(crypto::kid_of(public_key)) != nullptr;
  return judgement.require(!taken, Reason::key_taken, numbers) &&
         judgement.require(org.keys.size() < kKeysPerOrgMax, Reason::keys_too_many, [&] {
           return Numbers{{"keys", std::to_string(org.keys.size())},
                          {"limit", std::to_string(kKeysPerOrgMax)}};
         });
}

void add_key(Judgement& judgement, const OrgId& id, OrgObject org,
             const crypto::PublicKeyBytes& public_key, const KeyRoles& roles) {
  State& state = judgement.state();
  KeyEntry& key = org.keys.emplace_back();
  key.kid = crypto::kid_of(public_key);
  key.public_key = public_key;
  key.roles = roles;
  key.from_height = judgement.block().height.value;
  if (key.has(KeyRole::node)) {
    replace_vote_key(state, id, public_key, judgement.block().height);
  }
  state.put(crypto::to_hex(public_key), KeyOwner{id});
  state.put(id.text, org);
}

bool require_revocable(Judgement& judgement, const OrgId& id, const OrgObject& org,
                       const crypto::PublicKeyBytes& public_key) {
  const auto numbers = [&] { return key_numbers(public_key); };
  const KeyEntry* key = org.key(public_key);
  return judgement.require(key != nullptr, Reason::key_unknown, numbers) &&
         judgement.require(key->live(), Reason::key_revoked, numbers) &&
         judgement.require(!votes_for(judgement.state(), id, public_key), Reason::key_of_validator,
                           numbers);
}

void revoke_key(Judgement& judgement, const OrgId& id, OrgObject org,
                const crypto::PublicKeyBytes& public_key) {
  const auto key = std::ranges::find(org.keys, public_key, &KeyEntry::public_key);
  assert(key != org.keys.end());
  key->revoked_height = judgement.block().height.value;
  judgement.state().put(id.text, org);
}

bool require_change(Judgement& judgement, const Change& change) {
  return std::visit([&](const auto& chosen) { return require_parts(judgement, chosen); }, change);
}

void carry_out(Judgement& judgement, const Change& change, const ObjectId& proposal) {
  const auto carry_out_one = [&](const auto& chosen) {
    if constexpr (requires { carry_out_parts(judgement, chosen, proposal); }) {
      carry_out_parts(judgement, chosen, proposal);
    } else {
      carry_out_parts(judgement, chosen);
    }
  };
  std::visit(carry_out_one, change);
}

}  // namespace treeproof::ledger
