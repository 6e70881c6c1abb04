// What the server counts and what the node measures, in the Prometheus text format.
// Owns its counters. Callers: dispatcher, handlers, the server; GET /metrics. Safe from any thread.
// Source: https://prometheus.io/docs/instrumenting/exposition_formats; docs/running.md "Metrics".
#pragma once

#include <memory>
#include <string>

#include "rpc/measures.h"
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
  // Why a statement or an attachment was refused.
  void count_refusal(ledger::Reason reason);
  // From the submission of a statement to its commit.
  void observe_commit(double seconds);
  // After each commit, in order, on one thread. Blocks that are passed over, while catching up, are
  // not observed.
  void observe_block(Height height, std::uint64_t log_size);
  void set_chain(const ledger::Header& header, const NodeStatus& status);
  // With the measures of this moment.
  std::string text(const NodeMeasures& measures) const;

 private:
  struct Counters;
  std::unique_ptr<Counters> counters_;
};

}  // namespace treeproof::rpc
