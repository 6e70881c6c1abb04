#include "tests/bench/load_phase.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

namespace treeproof::load {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kAnswer_ms = 120'000;
constexpr std::uint32_t kWait_ms = 60'000;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

void upload(cli::RpcClient& client, std::span<const Prepared> statements) {
  for (const Prepared& statement : statements) {
    const auto& attachment = statement.attachment;
    if (!attachment) continue;
    demand(client.put_attachment(attachment->announced().root, attachment->bytes()));
  }
}

// Submits, uploads what the node lacks, submits again what is not committed.
void send(cli::RpcClient& client, std::span<const Prepared> statements) {
  std::vector<rpc::Json> open;
  for (const Prepared& statement : statements) {
    open.push_back({{"statement", statement.text}, {"wait_ms", kWait_ms}});
  }
  for (bool uploaded = false; !open.empty(); uploaded = true) {
    const auto answers = demand(client.batch("record_submit", open));
    std::vector<rpc::Json> left;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (answers[i].at("status") != "committed") left.push_back(open[i]);
    }
    if (!uploaded && !left.empty()) upload(client, statements);
    open = std::move(left);
  }
}

class Phase {
 public:
  Phase(const Network& network, const Statements& statements, const Clients& clients)
      : network_(network), statements_(statements), clients_(clients) {}

  Measured run() {
    const double cpu_before = network_.cpu_seconds();
    began_ = Clock::now();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < clients_.in_batches; ++i) {
      threads.emplace_back([this, i] { work(i, clients_.batch); });
    }
    for (std::size_t i = 0; i < clients_.one_at_a_time; ++i) {
      threads.emplace_back([this, i] { work(i, 1); });
    }
    for (auto& thread : threads) thread.join();
    measured_.seconds = seconds_since(began_);
    measured_.cpu_seconds = network_.cpu_seconds() - cpu_before;
    std::ranges::sort(measured_.latencies_ms);
    return std::move(measured_);
  }

 private:
  void work(std::size_t node, std::size_t batch) {
    auto client = demand(cli::RpcClient::open(network_.url(node)));
    client.set_timeout_ms(kAnswer_ms);
    while (seconds_since(began_) < clients_.seconds_max) {
      const std::size_t first = next_.fetch_add(batch);
      if (first >= statements_.size()) return;
      const std::size_t count = std::min(batch, statements_.size() - first);
      const auto sent = Clock::now();
      send(client, std::span(statements_).subspan(first, count));
      const double ms = 1e3 * seconds_since(sent);
      const std::lock_guard hold(lock_);
      measured_.statements += count;
      if (batch == 1) measured_.latencies_ms.push_back(ms);
    }
  }

  const Network& network_;
  const Statements& statements_;
  const Clients& clients_;
  Clock::time_point began_;
  std::atomic<std::size_t> next_{0};
  std::mutex lock_;  // guards what is measured
  Measured measured_;
};

}  // namespace

Measured run(const Network& network, const Statements& statements, const Clients& clients) {
  return Phase(network, statements, clients).run();
}

double quantile(const std::vector<double>& sorted, double share) {
  const auto rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

}  // namespace treeproof::load
