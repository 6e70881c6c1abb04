#include "rpc/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>

namespace treeproof::rpc {

struct Metrics::Counters {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& responses =
      prometheus::BuildCounter()
          .Name("treeproof_http_responses_total")
          .Help("HTTP responses by class of status.")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& calls = prometheus::BuildCounter()
                                                       .Name("treeproof_rpc_calls_total")
                                                       .Help("JSON-RPC calls by method.")
                                                       .Register(registry);
  prometheus::Gauge& connections = prometheus::BuildGauge()
                                       .Name("treeproof_http_connections")
                                       .Help("Open connections of clients.")
                                       .Register(registry)
                                       .Add({});
  prometheus::Gauge& height = prometheus::BuildGauge()
                                  .Name("treeproof_height")
                                  .Help("The latest decided height of this node.")
                                  .Register(registry)
                                  .Add({});
  // Found once, so that a call costs one atomic addition.
  std::map<const Method*, std::array<prometheus::Counter*, 2>> by_method;
  std::array<prometheus::Counter*, 6> by_status{};
};

Metrics::Metrics() : counters_(std::make_unique<Counters>()) {
  for (const Method* method : methods()) {
    const std::string name(method->name);
    counters_->by_method[method] = {
        &counters_->calls.Add({{"method", name}, {"outcome", "answered"}}),
        &counters_->calls.Add({{"method", name}, {"outcome", "failed"}})};
  }
  for (std::size_t i = 0; i < counters_->by_status.size(); ++i) {
    counters_->by_status[i] = &counters_->responses.Add({{"status", std::to_string(i) + "xx"}});
  }
}

Metrics::~Metrics() = default;

void Metrics::count_call(const Method& method, CallOutcome outcome) {
  counters_->by_method.at(&method)[static_cast<std::size_t>(outcome)]->Increment();
}

void Metrics::count_response(unsigned status) {
  counters_->by_status[std::min<std::size_t>(status / 100, 5)]->Increment();
}

void Metrics::set_connections(std::size_t open) {
  counters_->connections.Set(static_cast<double>(open));
}

void Metrics::set_height(Height height) {
  counters_->height.Set(static_cast<double>(height.value));
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(counters_->registry.Collect());
}

}  // namespace treeproof::rpc
