// The program: runs a part of the enumeration, on several threads, and stops at a violation.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <thread>

#include "tests/twins/executor.h"

namespace treeproof::twins {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kUsage =
    "twins [--rounds R] [--from I] [--count N] [--every K] [--jobs J]\n"
    "  --rounds R  scenarios of so many rounds (4, the most)\n"
    "  --from I    the first one's number (0)\n"
    "  --count N   how many (0: all from I on)\n"
    "  --every K   only each Kth: numbers I, I + K, I + 2K, ... (1)\n"
    "  --jobs J    threads (1)\n"
    "  --help      this text\n"
    "The last line says how many a second. Exit code: 0 no violation, 1 one, 2 usage.\n";

struct Order {
  std::uint64_t rounds = kRoundsMax;
  std::uint64_t from = 0;
  std::uint64_t count = 0;
  std::uint64_t every = 1;
  std::uint64_t jobs = 1;
};

std::optional<Order> parse(int argc, char** argv) {
  Order order;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    std::uint64_t* const place = name == "--rounds"  ? &order.rounds
                                 : name == "--from"  ? &order.from
                                 : name == "--count" ? &order.count
                                 : name == "--every" ? &order.every
                                 : name == "--jobs"  ? &order.jobs
                                                     : nullptr;
    if (place == nullptr || i + 1 == argc) return std::nullopt;
    char* end = nullptr;
    *place = std::strtoull(argv[i + 1], &end, 10);
    if (end == argv[i + 1] || *end != '\0') return std::nullopt;
  }
  const bool fits = order.rounds >= 1 && order.rounds <= kRoundsMax && order.every >= 1 &&
                    order.jobs >= 1 && order.jobs <= 256;
  return fits ? std::optional(order) : std::nullopt;
}

// Work is handed out in runs of neighbours, which share their first rounds.
class Run {
 public:
  Run(const Enumeration& scenarios, const Order& order)
      : scenarios_(scenarios), order_(order), start_(Clock::now()) {
    if (order.from >= scenarios.size()) return;
    const std::uint64_t left = (scenarios.size() - order.from - 1) / order.every + 1;
    total_ = order.count == 0 ? left : std::min(order.count, left);
  }

  int go() {
    std::vector<std::jthread> workers;
    for (std::uint64_t job = 1; job < order_.jobs; ++job) workers.emplace_back([this] { work(); });
    work();
    workers.clear();
    const char* end = failed_ ? "" : ", no violation";
    std::printf("%s%s\n", rate().c_str(), end);
    return failed_ ? 1 : 0;
  }

 private:
  static constexpr std::uint64_t kBatch = 2'048;

  void work() {
    Executor executor;
    while (!failed_) {
      const std::uint64_t first = next_.fetch_add(kBatch);
      if (first >= total_) return;
      const std::uint64_t last = std::min(first + kBatch, total_);
      for (std::uint64_t number = first; number < last && !failed_; ++number) {
        const std::uint64_t index = order_.from + number * order_.every;
        if (const auto violation = executor.run(scenarios_.at(index))) report(index, *violation);
      }
      done_ += last - first;
      show_progress();
    }
  }

  void report(std::uint64_t index, const std::string& violation) {
    const std::lock_guard lock(mutex_);
    if (failed_.exchange(true)) return;
    const Scenario scenario = scenarios_.at(index);
    std::printf("\nscenario %llu: %s\n%s\n\n%s\n", static_cast<unsigned long long>(index),
                violation.c_str(), to_text(scenario).c_str(), Executor().draw(scenario).c_str());
  }

  void show_progress() {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (now - shown_ < std::chrono::seconds(5) || failed_) return;
    shown_ = now;
    std::printf("%s\n", rate().c_str());
    std::fflush(stdout);
  }

  std::string rate() const {
    const std::chrono::duration<double> elapsed = Clock::now() - start_;
    char line[128];
    std::snprintf(line, sizeof line, "%llu of %llu scenarios in %.1f s, %.0f scenarios/s",
                  static_cast<unsigned long long>(done_.load()),
                  static_cast<unsigned long long>(total_), elapsed.count(),
                  static_cast<double>(done_.load()) / elapsed.count());
    return line;
  }

  const Enumeration& scenarios_;
  const Order order_;
  const Clock::time_point start_;
  Clock::time_point shown_ = start_;
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
};

int run(int argc, char** argv) {
  if (std::string_view(argv[argc - 1]) == "--help") {
    std::fputs(kUsage.data(), stdout);
    return 0;
  }
  const auto order = parse(argc, argv);
  if (!order) {
    std::fputs(kUsage.data(), stderr);
    return 2;
  }
  const Enumeration scenarios(order->rounds);
  std::printf("%llu rounds: %llu scenarios, %llu after merging\n",
              static_cast<unsigned long long>(order->rounds),
              static_cast<unsigned long long>(scenarios.size_before_merging()),
              static_cast<unsigned long long>(scenarios.size()));
  return Run(scenarios, *order).go();
}

}  // namespace
}  // namespace treeproof::twins

int main(int argc, char** argv) { return treeproof::twins::run(argc, argv); }
