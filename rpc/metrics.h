// What the server counts, in the Prometheus text format.
// Owns its counters. Callers: dispatcher, the server; GET /metrics. Safe from any thread.
// Source: https://prometheus.io/docs/instrumenting/exposition_formats; docs/api.md.
#pragma once

#include <memory>
#include <string>

#include "rpc/method.h"

namespace treeproof::rpc {

enum class CallOutcome : std::uint8_t { answered, failed };

class Metrics {
 public:
  Metrics();
  ~Metrics();

  void count_call(const Method& method, CallOutcome outcome);
  void count_response(unsigned status);
  void set_connections(std::size_t open);
  void set_height(Height height);
  std::string text() const;

 private:
  struct Counters;
  std::unique_ptr<Counters> counters_;
};

}  // namespace treeproof::rpc
