#include "consensus/ledger/genesis.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/history.h"
#include "consensus/ledger/objects.h"
#include "crypto/hash.h"

namespace treeproof::ledger {

namespace {

constexpr std::size_t kChainNameCharsMax = 48;
constexpr std::string_view kTestPrefix = "test-";

using Check = std::expected<void, Refusal>;

std::unexpected<Refusal> refuse(Reason reason, Numbers numbers) {
  return std::unexpected(Refusal{reason, std::move(numbers)});
}

// The state before the first block is built over nothing.
class EmptyState final : public StateReader {
 public:
  SharedBytes object(const ObjectKey&) const override { return nullptr; }
  SharedBytes page(const PageKey&) const override { return nullptr; }
  AttachmentPtr attachment(const crypto::Hash&) const override { return nullptr; }
};

template <class T>
bool strictly_ascending(const T& list) {
  return std::ranges::adjacent_find(list, std::ranges::greater_equal{}) == list.end();
}

Check check_name_and_clock(const Genesis& genesis) {
  const bool name_holds = !genesis.chain_name.empty() &&
                          genesis.chain_name.size() <= kChainNameCharsMax &&
                          std::ranges::all_of(genesis.chain_name, [](char c) {
                            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                          });
  if (!name_holds) return refuse(Reason::chain_name_invalid, {{"name", genesis.chain_name}});
  if (!genesis.clock) return {};
  if (!genesis.chain_name.starts_with(kTestPrefix)) {
    return refuse(Reason::clock_needs_test_chain, {{"name", genesis.chain_name}});
  }
  if (genesis.clock->rate == 0 || genesis.clock->until < genesis.clock->start) {
    return refuse(Reason::clock_invalid, {{"rate", std::to_string(genesis.clock->rate)},
                                          {"start", std::to_string(genesis.clock->start.value)},
                                          {"until", std::to_string(genesis.clock->until.value)}});
  }
  return {};
}

Check check_parameters(const Parameters& parameters) {
  for (const ParameterRow& row : parameter_rows()) {
    if (row.holds(parameters.*row.value)) continue;
    return refuse(Reason::parameter_out_of_bounds,
                  {{"parameter", std::string(row.name)},
                   {"value", std::to_string(parameters.*row.value)},
                   {"min", std::to_string(row.min)},
                   {"max", std::to_string(row.max)}});
  }
  return {};
}

Check check_org(const GenesisOrg& entry, std::set<crypto::PublicKeyBytes>& keys) {
  const Numbers who = {{"org", entry.org.org.text}};
  const bool texts_hold = OrgId::check(entry.org.org.text) &&
                          DisplayName::check(entry.org.name.text) &&
                          OrgId::check(entry.org.conflict_group.text);
  if (!texts_hold) return refuse(Reason::cbor_out_of_range, who);
  if (entry.org.roles.empty() || !strictly_ascending(entry.org.roles)) {
    return refuse(Reason::list_not_ascending, who);
  }
  bool has_admin = false;
  for (const GenesisKey& key : entry.keys) {
    if (!crypto::PublicKey::parse(key.public_key)) return refuse(Reason::key_invalid, who);
    if (!keys.insert(key.public_key).second) return refuse(Reason::key_taken, who);
    if (key.roles.empty() || !strictly_ascending(key.roles)) {
      return refuse(Reason::list_not_ascending, who);
    }
    has_admin |= std::ranges::find(key.roles, KeyRole::admin) != key.roles.end();
  }
  if (!has_admin) return refuse(Reason::admin_key_missing, who);
  if (entry.keys.size() > kKeysPerOrgMax) return refuse(Reason::keys_too_many, who);
  return {};
}

Check check_orgs(const Genesis& genesis) {
  std::set<OrgId> seen;
  std::set<crypto::PublicKeyBytes> keys;
  for (const GenesisOrg& entry : genesis.orgs) {
    if (!seen.insert(entry.org.org).second) {
      return refuse(Reason::org_repeated, {{"org", entry.org.org.text}});
    }
    if (auto held = check_org(entry, keys); !held) return held;
  }
  const auto regulators = std::ranges::count_if(genesis.orgs, [](const GenesisOrg& entry) {
    return std::ranges::find(entry.org.roles, OrgRole::regulator) != entry.org.roles.end();
  });
  if (static_cast<std::size_t>(regulators) > kRegulatorsMax) {
    return refuse(Reason::regulators_too_many, {{"regulators", std::to_string(regulators)},
                                                {"limit", std::to_string(kRegulatorsMax)}});
  }
  return {};
}

bool has_node_role(const GenesisKey& key) {
  return std::ranges::find(key.roles, KeyRole::node) != key.roles.end();
}

const GenesisOrg* find_org(const Genesis& genesis, const OrgId& org) {
  const auto found =
      std::ranges::find(genesis.orgs, org, [](const GenesisOrg& entry) { return entry.org.org; });
  return found == genesis.orgs.end() ? nullptr : &*found;
}

Check check_validators(const Genesis& genesis) {
  const std::size_t count = genesis.validators.size();
  const Numbers numbers = {{"validators", std::to_string(count)},
                           {"min", std::to_string(genesis.parameters.validators_min)},
                           {"max", std::to_string(kValidatorsMax)}};
  if (count < genesis.parameters.validators_min) return refuse(Reason::validators_too_few, numbers);
  if (count > kValidatorsMax) return refuse(Reason::validators_too_many, numbers);
  std::set<OrgId> seen;
  for (const OrgId& org : genesis.validators) {
    const Numbers who = {{"org", org.text}};
    if (!seen.insert(org).second) return refuse(Reason::validator_repeated, who);
    const GenesisOrg* entry = find_org(genesis, org);
    if (entry == nullptr) return refuse(Reason::validator_unknown, who);
    if (std::ranges::count_if(entry->keys, has_node_role) != 1) {
      return refuse(Reason::node_key_missing, who);
    }
  }
  return {};
}

Check check_species(const Genesis& genesis) {
  std::set<Code> seen;
  for (const Species& species : genesis.species) {
    const Numbers which = {{"species", species.code.text}};
    if (!seen.insert(species.code).second) return refuse(Reason::species_repeated, which);
    if (!Code::check(species.code.text) || !DisplayName::check(species.name.text)) {
      return refuse(Reason::cbor_out_of_range, which);
    }
    if (species.max_stems_per_ha == 0) return refuse(Reason::empty, which);
  }
  return {};
}

OrgObject org_object(const GenesisOrg& entry) {
  OrgObject org;
  org.name = entry.org.name;
  org.roles = entry.org.roles;
  org.conflict_group = entry.org.conflict_group;
  for (const GenesisKey& key : entry.keys) {
    KeyEntry& stored = org.keys.emplace_back();
    stored.public_key = key.public_key;
    stored.kid = crypto::kid_of(key.public_key);
    stored.roles = key.roles;
  }
  return org;
}

}  // namespace

std::string chain_id(const Genesis& genesis) {
  return genesis.chain_name + "-" + crypto::to_hex(genesis.file_hash).substr(0, 32);
}

std::expected<void, Refusal> check_genesis(const Genesis& genesis) {
  if (auto held = check_name_and_clock(genesis); !held) return held;
  if (auto held = check_parameters(genesis.parameters); !held) return held;
  if (auto held = check_orgs(genesis); !held) return held;
  if (auto held = check_validators(genesis); !held) return held;
  return check_species(genesis);
}

ValidatorSet genesis_validators(const Genesis& genesis) {
  std::vector<Validator> validators;
  for (const OrgId& org : genesis.validators) {
    const GenesisOrg* entry = find_org(genesis, org);
    assert(entry != nullptr);
    const auto key = std::ranges::find_if(entry->keys, has_node_role);
    assert(key != entry->keys.end());
    validators.push_back({org.text, 1, crypto::PublicKey::parse(key->public_key).value()});
  }
  return ValidatorSet::make(std::move(validators)).value();
}

StateChanges genesis_state(const Genesis& genesis) {
  const EmptyState nothing;
  State state(nothing);
  state.put(kSentinelId, SentinelObject{genesis.file_hash});
  state.put(kParametersId, genesis.parameters);
  for (const GenesisOrg& entry : genesis.orgs) {
    state.put(entry.org.org.text, org_object(entry));
    for (const GenesisKey& key : entry.keys) {
      state.put(crypto::to_hex(key.public_key), KeyOwner{entry.org.org});
    }
  }
  RegulatorsObject regulators;
  for (const GenesisOrg& entry : genesis.orgs) {
    const auto& roles = entry.org.roles;
    const bool regulates = std::ranges::find(roles, OrgRole::regulator) != roles.end();
    if (regulates) regulators.orgs.push_back(entry.org.org);
  }
  std::ranges::sort(regulators.orgs);
  state.put(kRegulatorsId, regulators);
  for (const Species& species : genesis.species) state.put(species.code.text, species);
  put_validators(state, genesis_validators(genesis), {1});
  return state.take_changes();
}

std::vector<crypto::Bytes> genesis_log_entries(const crypto::Hash& file_hash,
                                               const ValidatorSet& validators) {
  crypto::CborWriter out;
  out.array(2).text("genesis").bytes(file_hash);
  return {out.finish(), validators.encode()};
}

std::vector<crypto::Bytes> genesis_log_entries(const Genesis& genesis) {
  return genesis_log_entries(genesis.file_hash, genesis_validators(genesis));
}

ValidatorSet validators_of(const StateReader& state) {
  const SharedBytes bytes = state.object({"validators", "current"});
  assert(bytes != nullptr);
  return ValidatorSet::decode(*bytes).value();
}

}  // namespace treeproof::ledger
