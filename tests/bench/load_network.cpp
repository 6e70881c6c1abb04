#include "tests/bench/load_network.h"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "consensus/ledger/geometry/polygon.h"
#include "node/cli/attachment_build.h"

namespace treeproof::load {

namespace {

constexpr std::uint16_t kPeerPort = 28'650;
constexpr std::uint16_t kRpcPort = 28'640;

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "treeproof-load-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) std::exit(2);
  return name;
}

TimeMs now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  return TimeMs{static_cast<std::uint64_t>(ms)};
}

// Fields 14 and 15 of /proc/PID/stat: ticks in user and in system mode.
double ticks_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string field;
  double ticks = 0;
  for (int i = 3; i <= 15 && fields >> field; ++i) {
    if (i >= 14) ticks += std::stod(field);
  }
  return ticks;
}

}  // namespace

Network::Network(const std::filesystem::path& program, std::uint64_t room)
    : home_(new_folder()),
      cast_(demand(demo::Cast::write({home_, kPeerPort, kRpcPort}, now()))),
      nodes_(program) {
  start();
  set_up(room);
}

Network::~Network() {
  nodes_.stop();
  std::error_code ignored;
  std::filesystem::remove_all(home_, ignored);
}

std::string Network::url(std::size_t node) const {
  return cast_.rpc_url(cast_.orgs()[node % kNodes]);
}

double Network::cpu_seconds() const {
  double ticks = 0;
  for (const pid_t pid : nodes_.pids()) ticks += ticks_of(pid);
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// The validators alone: the observer would only take part of the two cores.
void Network::start() {
  for (std::size_t i = 0; i < kNodes; ++i) {
    const std::string& org = cast_.orgs()[i];
    demand(nodes_.start(org, cast_.config(org), cast_.log(org)));
  }
  for (std::size_t i = 0; i < kNodes; ++i) {
    auto client = demand(cli::RpcClient::open(url(i)));
    while (!client.get("/readyz", 1 << 16)) {
      demand(nodes_.check());
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
}

void Network::set_up(std::uint64_t room) {
  const auto horizon = std::make_shared<demo::Horizon>();
  const auto actor = [&](const char* org) {
    return demand(
        demo::Actor::open(org, cast_.work_key(org), cast_.rpc_url(org), chain_id(), horizon));
  };
  auto platform = actor(demo::kPlatform);
  auto ngo = actor(demo::kDesertNgo);
  ledger::Programme points{{"points"}, {{{"cycling"}, 1}}, 0, 3'650, {{demo::kPlatform}}};
  points.yearly_cap = room * kGramsPerUnit;
  demand(platform.record(points));
  ledger::IssuePoints issue;
  issue.ref = {"issue"};
  issue.programme = programme();
  issue.series = {"main"};
  issue.from_day = issue.to_day = 17'226;
  issue.accounts = 1;
  issue.grams = room * kGramsPerUnit;
  demand(platform.record(issue));
  ledger::Campaign terms;
  terms.ref = {"load"};
  terms.planters = {{demo::kDesertNgo}};
  terms.unit_size = 1;
  terms.species = {{species(), kGramsPerUnit}};
  terms.target = room;
  terms.redeem_window = terms.plant_window = {17'226, 30'000};
  terms.deadline_days = 10'000;
  terms.policy = {1, 0, 1'000, true};
  const auto opened = demand(platform.propose(terms));
  demand(ngo.record(ledger::Consent{{"agree"}, opened.id}));
  register_land(ngo, room);
  for (std::size_t i = 0; i < kNodes; ++i) {
    auto client = demand(cli::RpcClient::open(url(i)));
    demand(demo::wait_for_height(client, horizon->height));
  }
}

// Half of the room is pledged at once, for the units; the other half is left for pledges of one.
void Network::register_land(demo::Actor& ngo, std::uint64_t room) {
  const geometry::Polygon square{{{{388'500'000, 1'057'000'000},
                                   {388'500'000, 1'057'100'000},
                                   {388'600'000, 1'057'100'000},
                                   {388'600'000, 1'057'000'000},
                                   {388'500'000, 1'057'000'000}}}};
  const auto outline = demand(cli::geometry_attachment(square));
  ledger::Plot land;
  land.ref = {"land"};
  land.country = {"CN"};
  land.area = geometry::area_m2(square);
  land.capacity = room;
  land.uncertainty_m = 10;
  land.geometry = outline->announced();
  demand(ngo.record(land, outline));
  demand(ngo.record(ledger::Pledge{{"pledge"}, campaign(), plot(), species(), room / 2, 2017}));
}

}  // namespace treeproof::load
