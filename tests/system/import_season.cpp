#include "tests/system/import_season.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "tests/system/patience.h"

namespace treeproof::system_test {

using rpc::Json;

namespace {

constexpr std::uint64_t kGramsEach = 100'000;

std::uint64_t number(const Json& value) {
  return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

// Members of a sample as the ranges of a verify: ascending, those that touch are one.
Json ranges_of(std::vector<std::uint64_t> members) {
  std::ranges::sort(members);
  Json ranges = Json::array();
  std::uint64_t end = 0;
  for (const std::uint64_t member : members) {
    if (!ranges.empty() && member == end) {
      ranges.back()["count"] = number(ranges.back()["count"]) + 1;
    } else {
      ranges.push_back({{"from", member}, {"count", 1}});
    }
    end = member + 1;
  }
  return ranges;
}

}  // namespace

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

std::optional<std::uint64_t> figure(const std::string& table, const std::string& name) {
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    std::string value;
    if (!(words >> first >> value) || first != name) continue;
    std::erase(value, ',');
    return std::stoull(value);
  }
  return std::nullopt;
}

std::string ImportSeason::url_of(std::size_t node) {
  return "http://127.0.0.1:" + std::to_string(kRpcPort + node);
}

void ImportSeason::SetUp() {
  const char* binary = std::getenv("TREEPROOF_BINARY");
  if (binary == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
  std::string name = (std::filesystem::temp_directory_path() / "treeproof-test-XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  folder_ = name;
  shell_.emplace(binary, folder_, url_of(0));
  nodes_.emplace(binary);
  found_chain();
  if (!HasFatalFailure()) start_nodes();
}

void ImportSeason::TearDown() {
  nodes_.reset();
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

std::string ImportSeason::succeed(const std::string& line) {
  const Shell::Answer answer = run(line);
  EXPECT_EQ(answer.exit_code, 0) << line << '\n' << answer.out << answer.err;
  return answer.out;
}

Json ImportSeason::ask(const std::string& line) {
  const std::string answer = succeed(line + " --json");
  Json json = Json::parse(answer, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << line << '\n' << answer;
  return json;
}

Json ImportSeason::call(std::string_view method, const Json& params, std::size_t node) {
  auto client = cli::RpcClient::open(url_of(node));
  const auto answer = client->call(method, params);
  EXPECT_TRUE(answer.has_value()) << method << ": " << answer.error().what;
  return answer.value_or(Json::object());
}

bool ImportSeason::is_recorded(const std::string& id) const {
  auto client = cli::RpcClient::open(url_of(0));
  return client && client->call("record_get", {{"id", id}}).has_value();
}

std::string ImportSeason::attachment(const std::string& root) {
  auto client = cli::RpcClient::open(url_of(0));
  const auto bytes = client->get("/attachment/" + root, 16u << 20);
  EXPECT_TRUE(bytes.has_value()) << root;
  return bytes ? std::string(bytes->begin(), bytes->end()) : std::string();
}

void ImportSeason::record(const std::string& name, const Json& payload, const std::string& key,
                          const std::string& submit_options) {
  write_whole(at(name + ".json"), payload.dump());
  succeed("treeproof record sign " + name + ".json --key " + key + " | treeproof record submit - " +
          submit_options);
}

void ImportSeason::found_chain() {
  std::string description = "chain_name = \"test-season\"\nvalidators = [";
  std::string organisations;
  for (const auto& [org, roles] : kRoles) {
    const std::string folder(org);
    std::filesystem::create_directory(at(folder));
    const std::string make = "treeproof keys new --org " + folder + " --role ";
    succeed(make + "node --out " + folder + "/node.key");
    succeed(make + "admin --out " + folder + "/admin.key");
    succeed(make + "issue,redeem,plant,verify --out " + folder + "/work.key");
    description += (organisations.empty() ? "\"" : ", \"") + folder + "\"";
    organisations += "[[organisation]]\norg = \"" + folder + "\"\nname = \"" + folder +
                     "\"\nroles = [" + roles + "]\nkeys = [\"" + folder + "/node.key\", \"" +
                     folder + "/admin.key\", \"" + folder + "/work.key\"]\n";
  }
  description += "]\n" + organisations + "[parameters]\nhistory_until_day = 40000\n";
  write_whole(at("season.toml"), description);
  succeed("treeproof genesis new season.toml --out genesis.json");
  succeed("treeproof genesis trust genesis.json --out trust.json");
}

std::string ImportSeason::configuration_of(std::size_t own) const {
  const auto address = [](std::uint16_t first, std::size_t index) {
    return "\"127.0.0.1:" + std::to_string(first + index) + "\"\n";
  };
  std::string text = "[node]\norg = \"" + std::string(kRoles.at(own).org) +
                     "\"\ngenesis = \"../genesis.json\"\nkey = \"node.key\"\nhome = \"home\"\n" +
                     "workers = 1\n[mesh]\nlisten = " + address(kPeerPort, own) +
                     "[rpc]\nlisten = " + address(kRpcPort, own) + "[peers]\n";
  for (std::size_t peer = 0; peer < kRoles.size(); ++peer) {
    if (peer != own) text += std::string(kRoles.at(peer).org) + " = " + address(kPeerPort, peer);
  }
  return text;
}

void ImportSeason::start_nodes() {
  for (std::size_t node = 0; node < kRoles.size(); ++node) {
    const std::string org = kRoles.at(node).org;
    write_whole(at(org) / "node.toml", configuration_of(node));
    ASSERT_TRUE(nodes_->start(org, at(org) / "node.toml", at(org) / "node.log").has_value());
  }
  for (std::size_t node = 0; node < kRoles.size(); ++node) {
    auto client = cli::RpcClient::open(url_of(node));
    bool all_run = true;
    const bool is_ready = within_patience([&] {
      all_run = nodes_->check().has_value();
      return !all_run || client->get("/readyz", 1 << 16).has_value();
    });
    ASSERT_TRUE(all_run) << read_whole(at(kRoles.at(node).org) / "node.log");
    ASSERT_TRUE(is_ready) << kRoles.at(node).org << " does not become ready";
    const auto trusted = Json::parse(read_whole(at("trust.json")));
    const Json status = call("chain_status", Json::object(), node);
    ASSERT_EQ(status.at("chain"), trusted.at("chain")) << "another chain is at " << url_of(node);
  }
}

std::string ImportSeason::import_species(const Input& input) {
  return succeed("treeproof import species " + input.trees + " --map " + input.map +
                 " --propose --key city/admin.key --approve platform/admin.key"
                 " --approve city/admin.key --approve verifier/admin.key");
}

void ImportSeason::open_campaign() {
  Json prices = Json::array();
  const Json registered = call("species_list", {{"limit", 500}});
  for (const Json& species : registered.at("items")) {
    prices.push_back({{"species", species.at("code")}, {"grams", kGramsEach}});
  }
  ASSERT_FALSE(prices.empty());
  const Json window{{"from_day", 0}, {"to_day", 40'000}};
  record("campaign",
         {{"type", "campaign"},
          {"ref", "street-trees"},
          {"mode", "plant_first"},
          {"planters", {"city"}},
          {"sponsor", nullptr},
          {"unit", "stem"},
          {"unit_size", 1},
          {"target", 200'000},
          {"deadline_days", 400},
          {"species", prices},
          {"redeem_window", window},
          {"plant_window", window},
          {"policy",
           {{"sample_minimum", 30},
            {"lookback_days", 40'000},
            {"standing_consent", true},
            {"replacement_until_days", 0}}}},
         "platform/work.key");
  const Json inbox = ask("treeproof inbox city");
  ASSERT_EQ(inbox.at("waits_for_org").size(), 1u) << inbox.dump();
  const auto id = inbox.at("waits_for_org").at(0).at("statement").get<std::string>();
  succeed("treeproof record consent --id " + id + " --key city/work.key");
}

std::string ImportSeason::import_plots(const Input& input) {
  return succeed("treeproof import plots " + input.areas +
                 " --country CA --capacity 20000 --key city/work.key --confirm verifier/work.key");
}

std::string ImportSeason::import_trees(const Input& input, const std::string& options) {
  return succeed("treeproof import trees " + input.trees + " --map " + input.map +
                 " --campaign platform/street-trees --key city/work.key --refused refused.csv " +
                 options);
}

void ImportSeason::issue_points(const Input& input) {
  record("programme",
         {{"type", "programme"},
          {"ref", "green-energy"},
          {"actions", {{{"name", "cycling"}, {"grams", 159}}}},
          {"platforms", {"platform"}},
          {"yearly_cap", 1'000'000'000'000},
          {"expiry_days", 3'650}},
         "platform/work.key");
  std::string accounts = "holder,grams\n";
  for (std::uint64_t i = 0; i < input.units; ++i) {
    accounts += kUserStem + std::to_string(i) + "," + std::to_string(kGramsEach) + "\n";
  }
  write_whole(at("accounts.csv"), accounts);
  write_whole(at("accounts.toml"), "user = \"holder\"\ngrams = \"grams\"\n");
  succeed("treeproof vault key --out points.key");
  const Json tree =
      ask("treeproof points root accounts.csv --map accounts.toml --issue platform/points-1"
          " --vault points --vault-key points.key");
  ASSERT_TRUE(tree.is_object());
  record("points",
         {{"type", "issue_points"},
          {"ref", "points-1"},
          {"programme", "platform/green-energy"},
          {"series", "main"},
          {"from_day", 20'000},
          {"to_day", 20'027},
          {"accounts", number(tree.at("accounts"))},
          {"grams", number(tree.at("grams"))},
          {"root", tree.at("root")}},
         "platform/work.key");
}

void ImportSeason::verify_batches(const Input& input) {
  const Json again = Json::parse(import_trees(input, "--json"), nullptr, false);
  ASSERT_TRUE(again.is_object());
  for (const Json& batch : again.at("statements")) {
    const auto id = batch.at("id").get<std::string>();
    const Json drawn = ask("treeproof sample draw " + id);
    ASSERT_TRUE(drawn.is_object()) << id;
    std::vector<std::uint64_t> sample;
    for (const Json& member : drawn.at("sample")) sample.push_back(number(member));
    EXPECT_EQ(sample.size(), 30u) << id;
    record("verify",
           {{"type", "verify"},
            {"ref", "verify-" + id.substr(id.find('/') + 1)},
            {"plant", id},
            {"method", "sample"},
            {"visited", ranges_of(std::move(sample))},
            {"failures", 0},
            {"rejected", Json::array()},
            {"report", std::string(64, '2')}},
           "verifier/work.key");
  }
}

void ImportSeason::redeem(const Input& input) {
  Json units = Json::array();
  for (std::uint64_t i = 0; i < input.units; ++i) {
    const std::string user = kUserStem + std::to_string(i);
    units.push_back(Json::array({{{"reference", user}, {"grams", kGramsEach}}}));
  }
  write_whole(at("units.json"), units.dump());
  const Json built =
      ask("treeproof attachment build --kind redeem units.json --out units.cbor"
          " --openings openings.json");
  ASSERT_TRUE(built.is_object());
  record("redeem",
         {{"type", "redeem"},
          {"ref", "redeem-1"},
          {"campaign", "platform/street-trees"},
          {"programme", "platform/green-energy"},
          {"species", nullptr},
          {"draws", Json::array()},
          {"units", input.units},
          {"grams", input.units * kGramsEach},
          {"leaves", built.at("attachment")}},
         "platform/work.key", "--attachment units.cbor");
}

std::uint64_t ImportSeason::allocate() {
  const std::string out =
      succeed("treeproof allocate submit --campaign platform/street-trees --key platform/work.key");
  std::uint64_t given = 0;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kEnd = " units get a tree.";
    if (!line.ends_with(kEnd)) continue;
    line.resize(line.size() - kEnd.size());
    std::erase(line, ',');
    given += std::stoull(line);
  }
  return given;
}

void ImportSeason::prove_random_trees(const Input& input, std::size_t count) {
  std::mt19937_64 random(277);
  std::uniform_int_distribution<std::uint64_t> any_unit(0, input.units - 1);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string unit = "platform/redeem-1#" + std::to_string(any_unit(random));
    const Json found = call("redemption_get", {{"id", unit}});
    ASSERT_TRUE(found.contains("tree") && found.at("tree").is_string()) << unit << found.dump();
    const auto tree = found.at("tree").get<std::string>();
    const std::string file = "tree-" + std::to_string(i) + ".treecert";
    succeed("treeproof certificate get " + quoted(tree) + " --out " + file);
    const Json verdict = ask("treeproof certificate verify " + file + " --trust trust.json");
    EXPECT_EQ(verdict.value("valid", false), true) << tree << verdict.dump();
  }
}

void ImportSeason::expect_status_after_a_refresh(const std::string& file) {
  EXPECT_EQ(ask("treeproof certificate show " + file).value("status_entries", -1), 0);
  succeed("treeproof certificate refresh " + file);
  EXPECT_GT(ask("treeproof certificate show " + file).value("status_entries", -1), 0);
  const Json verdict = ask("treeproof certificate verify " + file + " --trust trust.json");
  EXPECT_EQ(verdict.value("valid", false), true) << verdict.dump();
}

void ImportSeason::expect_a_clean_audit() {
  const Json audit = ask("treeproof audit --trust trust.json");
  EXPECT_EQ(audit.value("clean", false), true);
}

void ImportSeason::expect_the_same_roots_everywhere() {
  std::vector<Json> roots;
  const auto same = [&](const Json& root) { return root == roots.front(); };
  const auto level = [&](const Json& r) { return r.at("height") == roots.front().at("height"); };
  // The roots of different heights differ; a node may be one block behind for a moment.
  const bool are_level = within_patience([&] {
    roots.clear();
    for (std::size_t node = 0; node < kRoles.size(); ++node) {
      const Json status = call("chain_status", Json::object(), node);
      Json& root = roots.emplace_back(Json::object());
      for (const char* field : {"height", "header_hash", "log_size", "log_root", "state_root"}) {
        root[field] = status.at(field);
      }
    }
    return std::ranges::all_of(roots, level);
  });
  ASSERT_TRUE(are_level) << "the nodes do not reach one height";
  EXPECT_TRUE(std::ranges::all_of(roots, same)) << Json(roots).dump(2);
}

}  // namespace treeproof::system_test
