#include "node/cli/keys_commands.h"

#include <nlohmann/json.hpp>

#include "node/cli/key_file.h"
#include "node/store/guard_file.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

Result<void> create_key(const KeysNewOptions& options) {
  if (!ledger::OrgId::check(options.org)) {
    return fail("\"" + options.org + "\" is no name of an organisation.",
                "Use 1 to 16 characters of a-z, 0-9 and -.");
  }
  auto roles = parse_roles(options.roles);
  if (!roles) return std::unexpected(roles.error());
  const KeyFile key{options.org, *std::move(roles), random_key()};
  if (auto written = write_key_file(options.out, key); !written) return written;
  if (!key.has(ledger::KeyRole::node)) return {};
  auto guard = store::GuardFile::create(guard_path(options.out));
  if (guard) return {};
  std::error_code ignored;
  std::filesystem::remove(options.out, ignored);
  return fail("The sign guard of the node key could not be made: " + guard.error(),
              "No key was left behind: choose another place and run the command again.");
}

}  // namespace

ExitCode keys_show(const KeysShowOptions& options, Console& console) {
  const auto key = read_key_file(options.file);
  if (!key) return console.report(key.error());
  const crypto::PublicKey& public_key = key->key.public_key();
  const bool is_node_key = key->has(ledger::KeyRole::node);
  const bool has_guard = std::filesystem::exists(guard_path(options.file));
  if (console.wants_json()) {
    Json roles = Json::array();
    for (const ledger::KeyRole role : key->roles) roles.push_back(ledger::name(role));
    console.print_json({{"file", options.file.string()},
                        {"org", key->org},
                        {"roles", roles},
                        {"public_key", crypto::to_hex(public_key.bytes())},
                        {"kid", crypto::to_hex(public_key.kid())},
                        {"guard", is_node_key && has_guard}});
    return ExitCode::ok;
  }
  Facts facts = {{"file", options.file.string()},
                 {"organisation", key->org},
                 {"roles", roles_text(key->roles)},
                 {"public key", crypto::to_hex(public_key.bytes())},
                 {"kid", crypto::to_hex(public_key.kid())}};
  if (is_node_key) {
    facts.emplace_back("sign guard", has_guard ? guard_path(options.file).string()
                                               : "missing: this key can follow, not vote");
  }
  print_facts(console.out(), facts);
  return ExitCode::ok;
}

ExitCode keys_new(const KeysNewOptions& options, Console& console) {
  if (auto created = create_key(options); !created) return console.report(created.error());
  return keys_show({options.out}, console);
}

}  // namespace treeproof::cli
