// The end-to-end load driver: four real nodes over loopback, every row of the first table of
// docs/performance.md, beside the limits of the machine measured in the same rounds.
//   load_driver PROGRAM [name=count ...]
// Prints one table; never fails for being slow. Source: docs/performance.md "End to end".
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>

#include "tests/bench/load_phase.h"
#include "tests/bench/machine_limits.h"

namespace treeproof::load {
namespace {

constexpr std::size_t kMixUnits = 500;
constexpr std::size_t kLargeUnits = 10'000;
constexpr double kChecksPerStatement = 4;  // every node checks every signature once

struct Plan {
  std::size_t rounds = 5;
  std::size_t light = 400;          // statements that one client sends one at a time
  std::size_t statements = 10'000;  // of the mix
  std::size_t redeems = 100;        // of 10,000 units each
  std::size_t clients = 16;         // of the mix, in batches
  std::size_t probes = 16;          // of the mix, one at a time: whose latencies are measured
  std::size_t batch = 100;
  std::size_t large_clients = 8;  // of the large redeems
  std::size_t large_batch = 4;
  std::size_t seconds = 30;  // for each load, at the most
};

// In the order in which they are printed: what, then one figure of each round.
class Figures {
 public:
  void add(const std::string& what, double value) {
    if (!by_name_.contains(what)) order_.push_back(what);
    by_name_[what].push_back(value);
  }
  void print() {
    std::printf("| what | minimum | median | maximum |\n|---|---|---|---|\n");
    for (const std::string& what : order_) {
      std::vector<double>& values = by_name_[what];
      std::ranges::sort(values);
      const auto text = [](double value) {
        char buffer[32];
        const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 3;
        std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
        return std::string(buffer);
      };
      std::printf("| %s | %s | %s | %s |\n", what.c_str(), text(values.front()).c_str(),
                  text(quantile(values, 0.5)).c_str(), text(values.back()).c_str());
    }
  }

 private:
  std::vector<std::string> order_;
  std::map<std::string, std::vector<double>> by_name_;
};

double seconds_of(const Plan& plan) { return static_cast<double>(plan.seconds); }

void add_latencies(Figures& figures, const std::string& what, const Measured& measured) {
  if (measured.latencies_ms.empty()) return;
  figures.add(what + ": p50 ms", quantile(measured.latencies_ms, 0.5));
  figures.add(what + ": p99 ms", quantile(measured.latencies_ms, 0.99));
}

double add_limits(Figures& figures, const Network& network) {
  const double checks = signature_checks_per_second();
  const auto syncs = sync_times_ms(network.home());
  figures.add("limit: signature checks/s, one core", checks);
  figures.add("limit: append of 4 KiB and fdatasync: p50 ms", quantile(syncs, 0.5));
  figures.add("limit: append of 4 KiB and fdatasync: p99 ms", quantile(syncs, 0.99));
  return checks;
}

void run_light(const Plan& plan, const Network& network, Figures& figures) {
  const auto statements = make_mix(network, "light", plan.light, kMixUnits);
  const auto measured =
      run(network, statements, {.one_at_a_time = 1, .seconds_max = seconds_of(plan)});
  add_latencies(figures, "light load, one client, one statement at a time", measured);
}

void run_mix(const Plan& plan, const Network& network, double checks, Figures& figures) {
  const auto statements = make_mix(network, "mix", plan.statements, kMixUnits);
  const auto measured = run(network, statements,
                            {.in_batches = plan.clients,
                             .batch = plan.batch,
                             .one_at_a_time = plan.probes,
                             .seconds_max = seconds_of(plan)});
  const auto cores = static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
  const double rate = measured.per_second();
  figures.add("mix: signed statements/s", rate);
  figures.add("mix: share of the signature limit, all cores",
              rate * kChecksPerStatement / (checks * cores));
  figures.add("mix: redemption units/s", rate / 10 * kMixUnits);
  figures.add("mix: CPU of all four nodes for a statement, us", measured.cpu_us_each());
  add_latencies(figures, "mix: submit to receipts of one statement", measured);
}

void run_large(const Plan& plan, const Network& network, Figures& figures) {
  const auto statements = make_redeems(network, "large", plan.redeems, kLargeUnits);
  const auto measured = run(network, statements,
                            {.in_batches = plan.large_clients,
                             .batch = plan.large_batch,
                             .seconds_max = seconds_of(plan)});
  const auto units = static_cast<double>(kLargeUnits);
  figures.add("redemption units/s, in statements of 10,000", measured.per_second() * units);
  figures.add("CPU of all four nodes for a unit of those, us", measured.cpu_us_each() / units);
}

// A chain of its own: what one round leaves behind does not weigh on the next.
void run_round(const Plan& plan, const std::filesystem::path& program, Figures& figures) {
  const std::size_t small = plan.light + plan.statements;
  const std::size_t units = small / 10 * kMixUnits + plan.redeems * kLargeUnits;
  const Network network(program, 2 * (units + small + 1));
  const double checks = add_limits(figures, network);
  run_light(plan, network, figures);
  run_mix(plan, network, checks, figures);
  run_large(plan, network, figures);
}

struct Name {
  std::string_view name;
  std::size_t Plan::* value;
};
constexpr Name kNames[] = {{"rounds", &Plan::rounds},
                           {"light", &Plan::light},
                           {"statements", &Plan::statements},
                           {"redeems", &Plan::redeems},
                           {"clients", &Plan::clients},
                           {"probes", &Plan::probes},
                           {"batch", &Plan::batch},
                           {"large_clients", &Plan::large_clients},
                           {"large_batch", &Plan::large_batch},
                           {"seconds", &Plan::seconds}};

// "statements=500" into the plan; false where it names nothing or is no positive number.
bool take(std::string_view argument, Plan& plan) {
  const std::size_t sign = argument.find('=');
  const auto* found = std::ranges::find(kNames, argument.substr(0, sign), &Name::name);
  if (sign == std::string_view::npos || found == std::end(kNames)) return false;
  const std::string_view digits = argument.substr(sign + 1);
  std::size_t& value = plan.*found->value;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() && value > 0;
}

int usage() {
  std::fprintf(stderr, "usage: load_driver PROGRAM [name=count ...], names and defaults:\n");
  const Plan plan;
  for (const Name& each : kNames) {
    std::fprintf(stderr, "  %s=%zu\n", std::string(each.name).c_str(), plan.*each.value);
  }
  return 2;
}

int run_all(const std::filesystem::path& program, const Plan& plan) {
  double load[1] = {};
  const bool known = getloadavg(load, 1) == 1;
  std::printf(
      "%zu rounds, each on a new chain: %zu statements of the mix one at a time, %zu in "
      "batches of %zu by %zu clients beside %zu clients that send one at a time, then %zu "
      "redeem statements of 10,000 units. %ld cores, load average before %.2f.\n\n",
      plan.rounds, plan.light, plan.statements, plan.batch, plan.clients, plan.probes, plan.redeems,
      sysconf(_SC_NPROCESSORS_ONLN), known ? load[0] : -1.0);
  std::fflush(stdout);
  Figures figures;
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    run_round(plan, program, figures);
    std::fprintf(stderr, "round %zu of %zu done\n", round + 1, plan.rounds);
  }
  figures.print();
  return 0;
}

}  // namespace
}  // namespace treeproof::load

int main(int argc, char** argv) {
  using namespace treeproof::load;
  Plan plan;
  if (argc < 2) return usage();
  for (int i = 2; i < argc; ++i) {
    if (!take(argv[i], plan)) return usage();
  }
  return run_all(argv[1], plan);
}
