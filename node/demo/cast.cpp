#include "node/demo/cast.h"

#include <cstdlib>
#include <span>

#include "node/cli/files.h"
#include "node/config.h"
#include "node/store/guard_file.h"
#include "rpc/genesis_json.h"
#include "rpc/trust_json.h"

namespace treeproof::demo {

namespace {

using cli::Result;
using ledger::KeyRole;
using ledger::OrgRole;

constexpr TimeMs kFirstDay{1'488'326'400'000};  // 2017-03-01
constexpr TimeMs kLastDay{1'631'664'000'000};   // 2021-09-15
constexpr std::uint64_t kRate = 22'000'000;     // four and a half years in some six seconds
constexpr std::uint64_t kFiveYearsSeconds = 5 * 365 * 86'400ull;

struct Role {
  const char* org;
  const char* name;
  std::vector<OrgRole> roles;
};

// In the order of their ports. Those after the regulator take part where more than four validators
// are wanted.
const std::vector<Role>& roles() {
  static const std::vector<Role> kRoles{
      {kPlatform, "Green points platform", {OrgRole::platform, OrgRole::programme}},
      {kDesertNgo, "Desert planting NGO", {OrgRole::planter}},
      {kRiverNgo, "River bank planting NGO", {OrgRole::planter}},
      {kVerifier, "Independent verifier", {OrgRole::verifier}},
      {kRegulator, "Regulator", {OrgRole::regulator}},
      {"coast-ngo", "Coast planting NGO", {OrgRole::planter}},
      {"second-verifier", "Second verifier", {OrgRole::verifier}},
      {"bike-scheme", "Cycling scheme", {OrgRole::programme}}};
  return kRoles;
}

ledger::Species species(const char* code, const char* name, ledger::Habit habit,
                        std::uint64_t stems_per_ha) {
  return {{code}, {name}, std::nullopt, std::nullopt, habit, stems_per_ha};
}

Result<void> judge(const CastOptions& options) {
  if (options.validators < kValidatorsFewest || options.validators > kValidatorsMost) {
    return cli::fail(
        "The demo has 4 to 7 validators, not " + std::to_string(options.validators) + ".",
        "Give --validators 4, of which one may fail, or 7, of which two may.");
  }
  const auto nodes = static_cast<int>(options.validators) + 1;
  const auto fits = [&](int first) { return first > 0 && first + nodes - 1 <= 65'535; };
  if (!fits(options.rpc_port) || !fits(options.peer_port)) {
    return cli::fail("There are no " + std::to_string(nodes) + " ports from there on.",
                     "Give a smaller --rpc-port or --peer-port.");
  }
  if (std::abs(options.rpc_port - options.peer_port) < nodes) {
    return cli::fail(
        "The HTTP ports and the peer ports of " + std::to_string(nodes) + " nodes overlap.",
        "Give --rpc-port and --peer-port that lie further apart.");
  }
  return {};
}

}  // namespace

Cast::Cast(CastOptions options) : options_(std::move(options)) {
  for (const Role& role : roles()) orgs_.emplace_back(role.org);
  orgs_.resize(options_.validators + 1);
}

std::string Cast::rpc_url(const std::string& org) const {
  const auto index = std::ranges::find(orgs(), org) - orgs().begin();
  return "http://127.0.0.1:" + std::to_string(options_.rpc_port + index);
}

Result<Cast> Cast::write(const CastOptions& options, TimeMs now) {
  if (auto judged = judge(options); !judged) return std::unexpected(judged.error());
  Cast cast(options);
  if (auto written = cast.write_genesis(now); !written) return std::unexpected(written.error());
  if (auto written = cast.write_configs(); !written) return std::unexpected(written.error());
  return cast;
}

// Two keys each: one for the node, with its sign guard, and one for all other work.
Result<ledger::GenesisOrg> Cast::admit(const std::string& org) {
  std::filesystem::create_directories(folder(org));
  const cli::KeyFile node{org, {KeyRole::node}, cli::random_key()};
  if (auto written = cli::write_key_file(folder(org) / "node.key", node); !written) {
    return std::unexpected(written.error());
  }
  const auto guard = cli::guard_path(folder(org) / "node.key");
  if (auto made = store::GuardFile::create(guard); !made) {
    return cli::fail(made.error(), "Choose an empty --home.");
  }
  cli::KeyFile work{org,
                    {KeyRole::admin, KeyRole::issue, KeyRole::redeem, KeyRole::plant,
                     KeyRole::verify, KeyRole::observe, KeyRole::dispute},
                    cli::random_key()};
  if (auto written = cli::write_key_file(folder(org) / "work.key", work); !written) {
    return std::unexpected(written.error());
  }
  ledger::GenesisOrg entry;
  entry.keys.push_back({node.key.public_key().bytes(), {KeyRole::node}});
  ledger::GenesisKey work_entry{work.key.public_key().bytes(), {}};
  for (const KeyRole role : work.roles) work_entry.roles.push_back(role);
  entry.keys.push_back(work_entry);
  keys_.emplace(org, std::move(work));
  return entry;
}

Result<void> Cast::write_genesis(TimeMs now) {
  genesis_.chain_name = "test-demo";
  genesis_.time = now;
  genesis_.clock = ledger::GenesisClock{kFirstDay, kRate, kLastDay};
  genesis_.parameters.heartbeat_ms = 1'000;
  genesis_.parameters.iat_max_age_s = kFiveYearsSeconds;
  genesis_.parameters.iat_max_ahead_s = kFiveYearsSeconds;
  for (const Role& role : std::span(roles()).first(orgs_.size())) {
    auto entry = admit(role.org);
    if (!entry) return std::unexpected(entry.error());
    entry->org.org = {role.org};
    entry->org.name = {role.name};
    for (const OrgRole each : role.roles) entry->org.roles.push_back(each);
    entry->org.conflict_group = {role.org};
    genesis_.orgs.push_back(*std::move(entry));
    if (std::string_view(role.org) != kRegulator) genesis_.validators.push_back({role.org});
  }
  using ledger::Habit;
  genesis_.species = {
      species("haloxylon-ammodendron", "Haloxylon ammodendron", Habit::shrub, 2'505),
      species("populus-euphratica", "Populus euphratica", Habit::tree, 1'665),
      species("tamarix-ramosissima", "Tamarix ramosissima", Habit::shrub, 3'330)};
  const std::string text = rpc::genesis_to_text(genesis_);
  auto parsed = rpc::parse_genesis(text);
  if (!parsed) {
    return cli::fail("The demo's genesis is refused: " + rpc::to_string(parsed.error()),
                     "Report this as a bug.");
  }
  genesis_ = *std::move(parsed);
  if (auto written = cli::write_file(genesis_file(), crypto::as_bytes(text)); !written) {
    return written;
  }
  return cli::write_file(trust(), crypto::as_bytes(rpc::trust_to_text(rpc::trust_of(genesis_))));
}

Result<void> Cast::write_configs() const {
  for (std::size_t own = 0; own < orgs().size(); ++own) {
    node::NodeConfig config;
    config.org = orgs()[own];
    config.genesis = "../genesis.json";
    config.node_key = "node.key";
    config.home = "home";  // apart from the keys: emptied, the node catches up
    const auto port = [&](std::uint16_t first, std::size_t index) {
      return static_cast<std::uint16_t>(first + index);
    };
    config.peer_listen = {"127.0.0.1", port(options_.peer_port, own)};
    config.rpc_listen = {"127.0.0.1", port(options_.rpc_port, own)};
    config.observers = {kRegulator};
    config.workers = 1;
    for (std::size_t peer = 0; peer < orgs().size(); ++peer) {
      if (peer == own) continue;
      config.peers.emplace_back(orgs()[peer],
                                network::PeerAddress{"127.0.0.1", port(options_.peer_port, peer)});
    }
    const std::string text = node::write_config(config);
    auto written = cli::write_file(this->config(config.org), crypto::as_bytes(text));
    if (!written) return written;
  }
  return {};
}

}  // namespace treeproof::demo
