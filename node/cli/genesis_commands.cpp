#include "node/cli/genesis_commands.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/files.h"
#include "node/cli/genesis_description.h"
#include "node/cli/trust_file.h"
#include "rpc/genesis_json.h"
#include "rpc/trust_json.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

template <class Roles>
std::string names_text(const Roles& roles) {
  std::string text;
  for (const auto role : roles)
    text += (text.empty() ? "" : ", ") + std::string(ledger::name(role));
  return text;
}

bool is_validator(const ledger::Genesis& genesis, const ledger::OrgId& org) {
  return std::ranges::find(genesis.validators, org) != genesis.validators.end();
}

Json to_json(const ledger::Genesis& genesis) {
  Json orgs = Json::array();
  for (const ledger::GenesisOrg& entry : genesis.orgs) {
    Json roles = Json::array();
    for (const auto role : entry.org.roles) roles.push_back(ledger::name(role));
    orgs.push_back({{"org", entry.org.org.text},
                    {"name", entry.org.name.text},
                    {"roles", roles},
                    {"conflict_group", entry.org.conflict_group.text},
                    {"keys", entry.keys.size()},
                    {"is_validator", is_validator(genesis, entry.org.org)}});
  }
  return {{"chain", ledger::chain_id(genesis)},
          {"genesis", crypto::to_hex(genesis.file_hash)},
          {"time", std::to_string(genesis.time.value)},
          {"test_clock", genesis.clock.has_value()},
          {"organisations", orgs},
          {"species", genesis.species.size()}};
}

void print_genesis(const ledger::Genesis& genesis, Console& console) {
  if (console.wants_json()) return console.print_json(to_json(genesis));
  Facts facts = {{"chain", ledger::chain_id(genesis)},
                 {"genesis", crypto::to_hex(genesis.file_hash)},
                 {"time", utc_text(genesis.time.seconds())},
                 {"species", std::to_string(genesis.species.size())}};
  if (genesis.clock) {
    facts.emplace_back("test clock", std::to_string(genesis.clock->rate) + " times as fast, from " +
                                         utc_text(genesis.clock->start.seconds()) + " until " +
                                         utc_text(genesis.clock->until.seconds()));
  }
  print_facts(console.out(), facts);
  console.out() << '\n';
  Table table({"ORGANISATION", "VALIDATOR", "ROLES", "GROUP", "KEYS", "NAME"});
  for (const ledger::GenesisOrg& entry : genesis.orgs) {
    table.add({entry.org.org.text, is_validator(genesis, entry.org.org) ? "yes" : "no",
               names_text(entry.org.roles), entry.org.conflict_group.text,
               std::to_string(entry.keys.size()), entry.org.name.text});
  }
  table.print(console.out());
}

}  // namespace

ExitCode genesis_new(const GenesisNewOptions& options, Console& console) {
  const auto described = read_genesis_description(options.description);
  if (!described) return console.report(described.error());
  const auto judged = judge_genesis(rpc::genesis_to_text(*described), "The described chain");
  if (!judged) return console.report(judged.error());
  const auto written = write_file(options.out, crypto::as_bytes(judged->text));
  if (!written) return console.report(written.error());
  print_genesis(judged->genesis, console);
  return ExitCode::ok;
}

ExitCode genesis_check(const GenesisCheckOptions& options, Console& console) {
  const auto file = read_genesis_file(options.file);
  if (!file) return console.report(file.error());
  print_genesis(file->genesis, console);
  return ExitCode::ok;
}

ExitCode genesis_trust(const GenesisTrustOptions& options, Console& console) {
  const auto file = read_genesis_file(options.file);
  if (!file) return console.report(file.error());
  const std::string text = rpc::trust_to_text(rpc::trust_of(file->genesis));
  if (options.out.empty()) {
    console.out() << text;
    return ExitCode::ok;
  }
  const auto written = write_file(options.out, crypto::as_bytes(text));
  if (!written) return console.report(written.error());
  if (console.wants_json()) {
    console.print_json({{"file", options.out}, {"chain", ledger::chain_id(file->genesis)}});
  } else {
    console.out() << options.out << ": trusts the first validators of "
                  << ledger::chain_id(file->genesis) << '\n';
  }
  return ExitCode::ok;
}

}  // namespace treeproof::cli
