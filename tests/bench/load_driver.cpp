// The end-to-end load driver: four real nodes over loopback, statements signed beforehand and sent
// in batches, figures beside the limit of signature checks measured in the same run.
//   build/bench/tests/bench/load_driver PROGRAM [evidence] [redeems] [units] [batch] [clients]
// Owns the processes that it starts. Prints one table; never fails for being slow.
// Source: docs/performance.md.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "crypto/hash.h"
#include "node/cli/attachment_build.h"
#include "node/demo/actor.h"
#include "node/demo/cast.h"
#include "node/demo/processes.h"

namespace {

using namespace treeproof;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kGrams = 17'900;
constexpr std::int32_t kDay = 17'230;

struct Load {
  std::size_t evidence = 9'000;
  std::size_t redeems = 1'000;
  std::size_t units = 500;
  std::size_t batch = 100;
  std::size_t clients = 4;
};

template <class T>
T demand(cli::Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "%s %s\n", result.error().what.c_str(), result.error().remedy.c_str());
  std::exit(2);
}

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

double verifications_per_second() {
  const crypto::SecretKey key = cli::random_key();
  const crypto::Hash digest = crypto::sha256(crypto::as_bytes("limit"));
  const crypto::Signature signature = key.sign(digest);
  constexpr int kRounds = 5'000;
  int held = 0;
  const auto began = Clock::now();
  for (int i = 0; i < kRounds; ++i) held += key.public_key().verify(digest, signature) ? 1 : 0;
  return held / seconds_since(began);
}

// User and system seconds of every node, from /proc.
double cpu_seconds(const std::vector<pid_t>& pids) {
  double ticks = 0;
  for (const pid_t pid : pids) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string field;
    for (int i = 3; fields >> field && i <= 15; ++i) {
      if (i == 14 || i == 15) ticks += std::stod(field);
    }
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct Signed {
  std::string text;  // base64url
  ledger::AttachmentPtr attachment;
};

class Bench {
 public:
  Bench(const std::filesystem::path& program, Load load, std::filesystem::path home)
      : load_(load),
        nodes_(program),
        cast_(demand(demo::Cast::write({home, 28'650, 28'640}, now()))) {}

  void run() {
    start();
    set_up();
    sign_all();
    std::printf("%zu evidence, %zu redeem statements of %zu units, batches of %zu, %zu clients\n",
                load_.evidence, load_.redeems, load_.units, load_.batch, load_.clients);
    const double limit = verifications_per_second();
    const double cpu_before = cpu_seconds(nodes_.pids());
    const auto began = Clock::now();
    std::vector<std::thread> clients;
    for (std::size_t i = 0; i < load_.clients; ++i) clients.emplace_back([this, i] { send(i); });
    for (auto& client : clients) client.join();
    report(seconds_since(began), cpu_seconds(nodes_.pids()) - cpu_before, limit);
  }

 private:
  static TimeMs now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return TimeMs{static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(since).count())};
  }
  std::string url(std::size_t node) const { return cast_.rpc_url(demo::Cast::orgs()[node % 4]); }

  void start() {
    for (std::size_t i = 0; i < 4; ++i) {
      const std::string& org = demo::Cast::orgs()[i];
      if (!nodes_.start(org, cast_.config(org), cast_.log(org))) std::exit(2);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      auto client = demand(cli::RpcClient::open(url(i)));
      while (!client.get("/readyz", 1 << 16)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    }
  }
  demo::Actor actor(const char* org) {
    return demand(
        demo::Actor::open(org, cast_.work_key(org), cast_.rpc_url(org), chain_, horizon_));
  }

  // A programme with points, a campaign, and a pledge large enough for every unit.
  void set_up() {
    auto platform = actor(demo::kPlatform);
    auto ngo = actor(demo::kDesertNgo);
    const std::uint64_t units = load_.redeems * load_.units + 1;
    ledger::Programme programme{{"points"}, {{{"cycling"}, 1}}, 0, 3'650, {{demo::kPlatform}}};
    programme.yearly_cap = units * kGrams;
    demand(platform.record(programme));
    ledger::IssuePoints issue;
    issue.ref = {"issue"};
    issue.programme = {std::string(demo::kPlatform) + "/points"};
    issue.series = {"main"};
    issue.from_day = issue.to_day = 17'226;
    issue.accounts = 1;
    issue.grams = units * kGrams;
    demand(platform.record(issue));
    ledger::Campaign campaign;
    campaign.ref = {"load"};
    campaign.planters = {{demo::kDesertNgo}};
    campaign.unit_size = 1;
    campaign.species = {{{"haloxylon-ammodendron"}, kGrams}};
    campaign.target = units;
    campaign.redeem_window = campaign.plant_window = {17'226, 30'000};
    campaign.deadline_days = 10'000;
    campaign.policy = {1, 0, 1'000, true};
    const auto opened = demand(platform.propose(campaign));
    demand(ngo.record(ledger::Consent{{"agree"}, opened.id}));
    const geometry::Polygon square{{{{388'500'000, 1'057'000'000},
                                     {388'500'000, 1'057'100'000},
                                     {388'600'000, 1'057'100'000},
                                     {388'600'000, 1'057'000'000},
                                     {388'500'000, 1'057'000'000}}}};
    const auto outline = demand(cli::geometry_attachment(square));
    ledger::Plot plot;
    plot.ref = {"land"};
    plot.country = {"CN"};
    plot.area = geometry::area_m2(square);
    plot.capacity = units;
    plot.uncertainty_m = 10;
    plot.geometry = outline->announced();
    demand(ngo.record(plot, outline));
    demand(ngo.record(ledger::Pledge{
        {"pledge"}, campaign_, {"desert-ngo/land"}, {"haloxylon-ammodendron"}, units, 2017}));
    for (std::size_t i = 0; i < 4; ++i) {
      auto client = demand(cli::RpcClient::open(url(i)));
      demand(demo::wait_for_height(client, horizon_->height));
    }
  }

  void add(const char* org, const ledger::Payload& payload, ledger::AttachmentPtr attachment) {
    const auto bytes =
        ledger::sign_statement(payload, {org}, chain_, 1'488'600'000, cast_.work_key(org));
    statements_.push_back({crypto::to_base64url(bytes), std::move(attachment)});
  }
  void sign_all() {
    for (std::size_t i = 0; i < load_.evidence; ++i) {
      ledger::Evidence evidence;
      evidence.ref = {"photo-" + std::to_string(i)};
      evidence.sha256 = crypto::sha256(crypto::as_bytes(evidence.ref.text));
      evidence.day = kDay;
      evidence.bytes = 2'000'000;
      add(i % 2 == 0 ? demo::kDesertNgo : demo::kRiverNgo, evidence, nullptr);
    }
    for (std::size_t i = 0; i < load_.redeems; ++i) {
      const std::vector<cli::UserShare> unit{{"user", kGrams}};
      const auto leaves = demand(cli::redeem_for_users({load_.units, unit}));
      ledger::Redeem redeem;
      redeem.ref = {"redeem-" + std::to_string(i)};
      redeem.campaign = campaign_;
      redeem.programme = {std::string(demo::kPlatform) + "/points"};
      redeem.species = ledger::Code{"haloxylon-ammodendron"};
      redeem.draws = {{{"desert-ngo/pledge"}, load_.units}};
      redeem.units = load_.units;
      redeem.grams = load_.units * kGrams;
      redeem.leaves = leaves.attachment->announced();
      add(demo::kPlatform, redeem, leaves.attachment);
    }
    // The mix is even over the run: every tenth statement is a redeem, whoever sends it.
    std::vector<Signed> mixed;
    const std::size_t total = statements_.size();
    std::size_t evidence = 0;
    std::size_t redeem = load_.evidence;
    for (std::size_t i = 0; i < total; ++i) {
      const bool turn = redeem < total && (i * load_.redeems) / total >= redeem - load_.evidence;
      const bool takes_redeem = turn || evidence >= load_.evidence;
      mixed.push_back(std::move(statements_[takes_redeem ? redeem++ : evidence++]));
    }
    statements_ = std::move(mixed);
  }

  void send(std::size_t client_number) {
    auto client = demand(cli::RpcClient::open(url(client_number)));
    client.set_timeout_ms(120'000);
    for (;;) {
      const std::size_t first = next_.fetch_add(load_.batch);
      if (first >= statements_.size()) return;
      const std::size_t last = std::min(first + load_.batch, statements_.size());
      const auto began = Clock::now();
      send_batch(client, first, last);
      const double ms = 1e3 * seconds_since(began);
      const std::lock_guard hold(lock_);
      for (std::size_t i = first; i < last; ++i) latencies_ms_.push_back(ms);
    }
  }
  void send_batch(cli::RpcClient& client, std::size_t first, std::size_t last) {
    std::vector<rpc::Json> open;
    for (std::size_t i = first; i < last; ++i) {
      open.push_back({{"statement", statements_[i].text}, {"wait_ms", 60'000}});
    }
    for (bool uploaded = false; !open.empty(); uploaded = true) {
      const auto answers = demand(client.batch("record_submit", open));
      std::vector<rpc::Json> left;
      for (std::size_t i = 0; i < open.size(); ++i) {
        if (answers[i].at("status") != "committed") left.push_back(open[i]);
      }
      if (!uploaded) {
        for (std::size_t i = first; i < last; ++i) {
          const auto& attachment = statements_[i].attachment;
          if (!attachment) continue;
          demand(client.put_attachment(attachment->announced().root, attachment->bytes()));
        }
      }
      open = std::move(left);
    }
  }

  void report(double seconds, double cpu, double limit) {
    std::ranges::sort(latencies_ms_);
    const auto at = [&](double share) {
      return latencies_ms_[static_cast<std::size_t>(share * double(latencies_ms_.size() - 1))];
    };
    const double statements = double(statements_.size());
    const double units = double(load_.redeems * load_.units);
    std::printf("statements/s      %10.0f\n", statements / seconds);
    std::printf("units/s           %10.0f\n", units / seconds);
    std::printf("p50 ms, batch     %10.1f\n", at(0.50));
    std::printf("p99 ms, batch     %10.1f\n", at(0.99));
    std::printf("CPU us/statement  %10.0f   of all four nodes\n", 1e6 * cpu / statements);
    std::printf("verifications/s   %10.0f   one core, this run\n", limit);
    std::printf("share of limit    %10.3f   4 verifications a statement, %ld cores\n",
                statements / seconds * 4 / (limit * double(sysconf(_SC_NPROCESSORS_ONLN))),
                sysconf(_SC_NPROCESSORS_ONLN));
  }

  Load load_;
  demo::Processes nodes_;
  demo::Cast cast_;
  std::string chain_ = ledger::chain_id(cast_.genesis());
  std::shared_ptr<demo::Horizon> horizon_ = std::make_shared<demo::Horizon>();
  ledger::ObjectId campaign_{std::string(demo::kPlatform) + "/load"};
  std::vector<Signed> statements_;
  std::atomic<std::size_t> next_{0};
  std::mutex lock_;  // guards the latencies
  std::vector<double> latencies_ms_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr,
                 "usage: load_driver PROGRAM [evidence] [redeems] [units] [batch] [clients]\n");
    return 2;
  }
  Load load;
  std::size_t* fields[] = {&load.evidence, &load.redeems, &load.units, &load.batch, &load.clients};
  for (int i = 2; i < argc && i < 7; ++i) *fields[i - 2] = std::strtoull(argv[i], nullptr, 10);
  std::string home = (std::filesystem::temp_directory_path() / "treeproof-load-XXXXXX").string();
  if (mkdtemp(home.data()) == nullptr) return 2;
  Bench(argv[1], load, home).run();
  std::filesystem::remove_all(home);
  return 0;
}
