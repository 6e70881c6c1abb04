// One load sent to all four nodes by clients at once, until it is committed or time is up.
// Owns the clients' threads while it runs. Caller: load_driver. Source: docs/performance.md.
#pragma once

#include <vector>

#include "tests/bench/load_statements.h"

namespace treeproof::load {

struct Clients {
  std::size_t in_batches = 0;  // clients that send `batch` statements in one request
  std::size_t batch = 1;
  std::size_t one_at_a_time = 0;  // clients that send one, wait for its receipts, and so on
  double seconds_max = 30;        // after this nothing new is sent
};

struct Measured {
  std::size_t statements = 0;  // committed
  double seconds = 0;
  double cpu_seconds = 0;  // of all nodes
  // Of each statement that was sent alone, from its submission to its receipts, uploads included;
  // ascending.
  std::vector<double> latencies_ms;

  double per_second() const { return static_cast<double>(statements) / seconds; }
  double cpu_us_each() const { return 1e6 * cpu_seconds / static_cast<double>(statements); }
};

Measured run(const Network& network, const Statements& statements, const Clients& clients);

// The smallest value that at least this share of them does not exceed. Requires: ascending, some.
double quantile(const std::vector<double>& sorted, double share);

}  // namespace treeproof::load
