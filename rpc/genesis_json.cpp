#include "rpc/genesis_json.h"

#include <nlohmann/json.hpp>

#include "crypto/hash.h"
#include "rpc/json_decoder.h"
#include "rpc/json_encoder.h"

namespace treeproof::rpc {

namespace {

constexpr std::size_t kOrgsMax = 1'000;
constexpr std::size_t kSpeciesMax = 10'000;
constexpr JsonLimits kLimits{16, 262'144, 256};

// The members of an object, in any order, none else.
template <class ReadMembers>
void read_object(JsonInput& in, ReadMembers read_members) {
  in.object();
  if (in.ok()) read_members();
  in.no_other_keys();
}

template <class T>
void read_member(JsonInput& in, std::string_view key, T& item) {
  if (!in.ok() || !in.require(key)) return;
  JsonDecoder(in).value(item);
  in.leave();
}

// `read` reads one element into the value that it is given.
template <class T, class Read>
void read_list(JsonInput& in, std::string_view key, std::size_t max, std::vector<T>& items,
               Read read) {
  if (!in.ok() || !in.require(key)) return;
  const std::size_t count = in.array(0, max);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    in.enter(i);
    read(items.emplace_back());
    in.leave();
  }
  in.leave();
}

void read_key(JsonInput& in, ledger::GenesisKey& key) {
  read_object(in, [&] {
    read_member(in, "public_key", key.public_key);
    read_member(in, "roles", key.roles);
  });
}

void read_org(JsonInput& in, ledger::GenesisOrg& entry) {
  read_object(in, [&] {
    read_member(in, "org", entry.org.org);
    read_member(in, "name", entry.org.name);
    read_member(in, "roles", entry.org.roles);
    read_member(in, "conflict_group", entry.org.conflict_group);
    read_list(in, "keys", kKeysPerOrgMax, entry.keys,
              [&](ledger::GenesisKey& key) { read_key(in, key); });
  });
}

void read_parameters(JsonInput& in, ledger::Parameters& parameters) {
  if (!in.ok() || !in.enter("parameters")) return;
  read_object(in, [&] {
    for (const ledger::ParameterRow& row : ledger::parameter_rows()) {
      if (!in.ok() || !in.enter(row.name)) continue;
      parameters.*row.value = in.uint();
      in.leave();
    }
  });
  in.leave();
}

void read_clock(JsonInput& in, std::optional<ledger::GenesisClock>& clock) {
  if (!in.ok() || !in.enter("clock")) return;
  if (!in.is_null()) {
    clock.emplace();
    read_object(in, [&] {
      read_member(in, "start", clock->start.value);
      read_member(in, "rate", clock->rate);
      read_member(in, "until", clock->until.value);
    });
  }
  in.leave();
}

Json to_json(const ledger::GenesisOrg& entry) {
  Json keys = Json::array();
  for (const ledger::GenesisKey& key : entry.keys) {
    keys.push_back(
        {{"public_key", crypto::to_hex(key.public_key)}, {"roles", built(key.roles).take()}});
  }
  return {{"org", entry.org.org.text},
          {"name", entry.org.name.text},
          {"roles", built(entry.org.roles).take()},
          {"conflict_group", entry.org.conflict_group.text},
          {"keys", std::move(keys)}};
}

Json to_json(const std::optional<ledger::GenesisClock>& clock) {
  if (!clock) return nullptr;
  return {{"start", std::to_string(clock->start.value)},
          {"rate", std::to_string(clock->rate)},
          {"until", std::to_string(clock->until.value)}};
}

}  // namespace

std::expected<ledger::Genesis, JsonFault> parse_genesis(std::string_view text) {
  if (text.size() > kGenesisBytesMax) {
    return std::unexpected(JsonFault{"", "a genesis file has at most 4 MiB"});
  }
  const auto tree = parse_json(text, kLimits);
  if (!tree) return std::unexpected(tree.error());
  JsonInput in(*tree);
  ledger::Genesis genesis;
  read_object(in, [&] {
    read_member(in, "chain_name", genesis.chain_name);
    read_member(in, "time", genesis.time.value);
    read_parameters(in, genesis.parameters);
    read_list(in, "organisations", kOrgsMax, genesis.orgs,
              [&](ledger::GenesisOrg& entry) { read_org(in, entry); });
    read_list(in, "validators", kValidatorsMax, genesis.validators,
              [&](ledger::OrgId& org) { JsonDecoder(in).value(org); });
    read_list(in, "species", kSpeciesMax, genesis.species,
              [&](ledger::Species& species) { JsonDecoder(in).value(species); });
    read_clock(in, genesis.clock);
  });
  if (!in.ok()) return std::unexpected(in.fault());
  genesis.file_hash = crypto::sha256(crypto::as_bytes(text));
  return genesis;
}

std::string genesis_to_text(const ledger::Genesis& genesis) {
  Json parameters = Json::object();
  for (const ledger::ParameterRow& row : ledger::parameter_rows()) {
    parameters[std::string(row.name)] = std::to_string(genesis.parameters.*row.value);
  }
  Json orgs = Json::array();
  for (const ledger::GenesisOrg& entry : genesis.orgs) orgs.push_back(to_json(entry));
  Json validators = Json::array();
  for (const ledger::OrgId& org : genesis.validators) validators.push_back(org.text);
  Json species = Json::array();
  for (const ledger::Species& entry : genesis.species) species.push_back(built(entry).take());
  return to_pretty_text({{"chain_name", genesis.chain_name},
                         {"time", std::to_string(genesis.time.value)},
                         {"parameters", std::move(parameters)},
                         {"organisations", std::move(orgs)},
                         {"validators", std::move(validators)},
                         {"species", std::move(species)},
                         {"clock", to_json(genesis.clock)}}) +
         "\n";
}

}  // namespace treeproof::rpc
