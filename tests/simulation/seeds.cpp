// simulation_seeds: runs as many seeds as you like, and replays one.
// Source: docs/simulation.md "How to run seeds".
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <iostream>
#include <mutex>
#include <thread>

#include <unistd.h>

#include "tests/simulation/crash_points.h"
#include "tests/simulation/seed_run.h"

namespace treeproof::simulation {
namespace {

constexpr const char* kUsage =
    "simulation_seeds [--seeds N] [--from S] [--jobs J] [--profile NAME] [--diagram]\n"
    "                 [--events N] [--trace] [--crash-points] [--all]\n"
    "  --seeds N       how many seeds to run (default 1,000)\n"
    "  --from S        the first of them (default 1)\n"
    "  --jobs J        threads; each runs whole seeds (default 1)\n"
    "  --profile NAME  calm, lossy, parted, crashing, pausing, clocks, disks, backups, byzantine,\n"
    "                  elections, punish, snapshots, mixed (default)\n"
    "  --diagram       at a violation, print the last events as a Mermaid sequence diagram\n"
    "  --events N      how many events a diagram holds (default 200)\n"
    "  --trace         print each seed's plan and trace hash\n"
    "  --all           go on after a violation\n"
    "  --crash-points  for each seed, die at every durable step in turn\n"
    "  --help          this text\n"
    "Every 5 s, and at the end: how many seeds and simulated seconds a core's second holds.\n"
    "Exit code: 0 every invariant held, 1 one did not, 2 usage.\n";

struct Arguments {
  std::uint64_t seeds = 1'000;
  std::uint64_t from = 1;
  std::uint64_t jobs = 1;
  Profile profile = Profile::mixed;
  bool diagram = false;
  std::uint64_t events = 200;  // in a diagram
  bool trace = false;
  bool crash_points = false;
  bool all = false;
};

std::optional<Arguments> parse(int count, char** texts) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = texts[i];
    if (name == "--diagram") {
      arguments.diagram = true;
      continue;
    }
    if (name == "--all") {
      arguments.all = true;
      continue;
    }
    if (name == "--trace") {
      arguments.trace = true;
      continue;
    }
    if (name == "--crash-points") {
      arguments.crash_points = true;
      continue;
    }
    if (i + 1 == count) return std::nullopt;
    const std::string_view value = texts[++i];
    if (name == "--profile") {
      const auto profile = profile_named(value);
      if (!profile) return std::nullopt;
      arguments.profile = *profile;
      continue;
    }
    std::uint64_t* number = name == "--seeds"    ? &arguments.seeds
                            : name == "--from"   ? &arguments.from
                            : name == "--jobs"   ? &arguments.jobs
                            : name == "--events" ? &arguments.events
                                                 : nullptr;
    if (number == nullptr) return std::nullopt;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), *number);
    if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  }
  if (arguments.jobs == 0) return std::nullopt;
  return arguments;
}

// An assertion names its line and not its seed: say the seed, too.
thread_local std::uint64_t running_seed = 0;
void say_seed(int) {
  char text[64] = "an assertion failed in seed ";
  char* end = std::to_chars(text + std::strlen(text), text + sizeof text - 1, running_seed).ptr;
  *end++ = '\n';
  if (write(STDERR_FILENO, text, static_cast<std::size_t>(end - text)) < 0) std::_Exit(1);
  std::signal(SIGABRT, SIG_DFL);
}

class Seeds {
 public:
  explicit Seeds(const Arguments& arguments) : arguments_(arguments), next_(arguments.from) {}

  int run() {
    std::vector<std::thread> threads;
    for (std::uint64_t job = 0; job < arguments_.jobs; ++job) {
      threads.emplace_back([this] { work(); });
    }
    for (std::thread& thread : threads) thread.join();
    tell(true);
    return violated_ ? 1 : 0;
  }

 private:
  void work() {
    while (!violated_ || arguments_.all) {
      const std::uint64_t seed = next_++;
      if (seed >= arguments_.from + arguments_.seeds) return;
      running_seed = seed;
      WorldOptions plan = plan_of(seed, arguments_.profile);
      if (arguments_.diagram) plan.events_kept = arguments_.events;
      take(seed, plan, run_seed(plan));
    }
  }

  void take(std::uint64_t seed, const WorldOptions& plan, const SeedReport& report) {
    const std::lock_guard hold(lock_);
    ++done_;
    simulated_us_ += report.simulated_us;
    crashes_ += report.crashes;
    heights_ += report.heights;
    acknowledged_ += report.acknowledged;
    units_ += report.units_with_trees;
    evidence_ += report.evidence;
    restored_ += report.restored;
    if (arguments_.trace) {
      std::cout << "seed " << seed << ": " << crypto::to_hex(report.trace_hash).substr(0, 16)
                << ", height " << report.heights << ", " << report.simulated_us / 1'000 << " ms, "
                << text_of(plan) << "\n";
    }
    if (report.violation) {
      violated_ = true;
      std::cout << report.diagram << "\nseed " << seed << " (" << text_of(plan) << ")\n"
                << *report.violation << "\nreplay: simulation_seeds --seeds 1 --from " << seed
                << " --profile " << name_of(arguments_.profile) << " --diagram\n";
    }
    tell(false);
  }

  void tell(bool is_last) {
    using std::chrono::duration;
    const auto now = std::chrono::steady_clock::now();
    if (!is_last && now - told_ < std::chrono::seconds(5)) return;
    told_ = now;
    const double real_s = duration<double>(now - start_).count();
    const double core_s = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;  // of all threads
    const auto rate = [](double what, double seconds) {
      return static_cast<std::uint64_t>(what / seconds);
    };
    std::cout << done_ << " seeds in " << static_cast<std::uint64_t>(real_s)
              << " s; a core's second holds " << rate(static_cast<double>(done_), core_s)
              << " seeds and " << rate(static_cast<double>(simulated_us_) / 1e6, core_s)
              << " simulated seconds; " << heights_ << " heights, " << acknowledged_
              << " statements acknowledged, " << units_ << " trees allocated, " << crashes_
              << " crashes, " << restored_ << " new disks begun at a snapshot, " << evidence_
              << " convictions of liars" << std::endl;
  }

  Arguments arguments_;
  std::atomic<std::uint64_t> next_;
  std::atomic<bool> violated_{false};
  std::mutex lock_;  // guards what is told, below
  std::uint64_t done_ = 0;
  std::uint64_t simulated_us_ = 0;
  std::uint64_t heights_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t units_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t evidence_ = 0;
  std::uint64_t restored_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point told_ = start_;
};

int die_everywhere(const Arguments& arguments) {
  std::uint64_t deaths = 0;
  for (std::uint64_t seed = arguments.from; seed < arguments.from + arguments.seeds; ++seed) {
    const std::uint64_t points = count_crash_points(seed);
    for (std::uint64_t point = 1; point <= points; ++point, ++deaths) {
      running_seed = seed;
      const auto violation = run_crash_point(seed, point);
      if (!violation) continue;
      std::cout << "seed " << seed << ", crash point " << point << ": " << *violation << "\n";
      return 1;
    }
    std::cout << "seed " << seed << ": " << points << " crash points" << std::endl;
  }
  std::cout << deaths << " deaths, nothing broken\n";
  return 0;
}

}  // namespace
}  // namespace treeproof::simulation

int main(int count, char** texts) {
  if (std::string_view(texts[count - 1]) == "--help") {
    std::cout << treeproof::simulation::kUsage;
    return 0;
  }
  const auto arguments = treeproof::simulation::parse(count, texts);
  if (!arguments) {
    std::cerr << treeproof::simulation::kUsage;
    return 2;
  }
  std::signal(SIGABRT, treeproof::simulation::say_seed);
  if (arguments->crash_points) return treeproof::simulation::die_everywhere(*arguments);
  return treeproof::simulation::Seeds(*arguments).run();
}
