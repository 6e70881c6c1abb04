#include "rpc/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace treeproof::rpc {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

const prometheus::Histogram::BucketBoundaries kCommitSeconds{
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30};
const prometheus::Histogram::BucketBoundaries kBlockStatements{0,     1,     10,    100,   500,
                                                               1'000, 2'000, 5'000, 10'000};

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram& histogram(prometheus::Registry& registry, const char* name, const char* help,
                                 const prometheus::Histogram::BucketBoundaries& boundaries) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, boundaries);
}

// A family whose values are those of the measures: one for each label value, or one without.
MetricFamily family(const char* name, const char* help, MetricType type) {
  return {name, help, type, {}};
}
void add(MetricFamily& to, double value, std::vector<ClientMetric::Label> label = {}) {
  ClientMetric metric;
  metric.label = std::move(label);
  metric.counter.value = value;  // the family's type says which of the two counts
  metric.gauge.value = value;
  to.metric.push_back(std::move(metric));
}
MetricFamily single(const char* name, const char* help, std::uint64_t value,
                    MetricType type = MetricType::Gauge) {
  MetricFamily made = family(name, help, type);
  add(made, static_cast<double>(value));
  return made;
}
MetricFamily by_name(const char* name, const char* help, MetricType type, const char* label,
                     const std::vector<NamedCount>& counts) {
  MetricFamily made = family(name, help, type);
  for (const NamedCount& count : counts) {
    add(made, static_cast<double>(count.count), {{label, std::string(count.name)}});
  }
  return made;
}
MetricFamily by_peer(const char* name, const char* help, MetricType type,
                     std::uint64_t PeerMeasures::* value, const std::vector<PeerMeasures>& peers) {
  MetricFamily made = family(name, help, type);
  for (const PeerMeasures& peer : peers) {
    add(made, static_cast<double>(peer.*value), {{"peer", peer.org}});
  }
  return made;
}

std::vector<MetricFamily> families_of(const NodeMeasures& measures) {
  using enum MetricType;
  const auto round = static_cast<std::uint64_t>(std::max(measures.round.value, 0));
  return {
      single("treeproof_round", "The round of the height under way.", round),
      single("treeproof_pool_statements", "Statements that wait for a block, or for consents.",
             measures.pool_statements),
      single("treeproof_pool_bytes", "Bytes of the statements that wait.", measures.pool_bytes),
      single("treeproof_peer_handshakes", "Handshakes that others began and have not ended.",
             measures.half_open),
      single("treeproof_peer_frames_ignored_total", "Frames that their sender may not send.",
             measures.frames_ignored, Counter),
      by_peer("treeproof_peer_queue_bytes", "Bytes that a peer has not taken yet.", Gauge,
              &PeerMeasures::queue_bytes, measures.peers),
      by_peer("treeproof_peer_queue_frames", "Frames that a peer has not taken yet.", Gauge,
              &PeerMeasures::queue_frames, measures.peers),
      by_peer("treeproof_peer_sent_bytes_total", "Bytes sent over the present connection.", Counter,
              &PeerMeasures::sent_bytes, measures.peers),
      by_peer("treeproof_peer_received_bytes_total", "Bytes received over the present connection.",
              Counter, &PeerMeasures::received_bytes, measures.peers),
      by_name("treeproof_peer_connections_refused_total", "Connections refused, by reason.",
              Counter, "reason", measures.connections_refused),
      by_name("treeproof_peer_connections_lost_total", "Connections that ended, by reason.",
              Counter, "reason", measures.connections_lost),
      by_name("treeproof_store_bytes", "Bytes of the node's folder, by part.", Gauge, "part",
              measures.store_bytes),
  };
}

}  // namespace

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
  // As many series as reasons of the ledger that occurred: their names are a fixed table.
  prometheus::Family<prometheus::Counter>& refusals =
      prometheus::BuildCounter()
          .Name("treeproof_refusals_total")
          .Help("Statements and attachments refused to clients of this node, by reason.")
          .Register(registry);
  prometheus::Histogram& commit =
      histogram(registry, "treeproof_commit_seconds",
                "From a client's submission of a statement to its commit.", kCommitSeconds);
  prometheus::Histogram& block = histogram(registry, "treeproof_block_statements",
                                           "Statements in a decided block.", kBlockStatements);
  prometheus::Gauge& connections =
      gauge(registry, "treeproof_http_connections", "Open connections of clients.");
  prometheus::Gauge& height =
      gauge(registry, "treeproof_height", "The latest decided height of this node.");
  prometheus::Gauge& highest_seen = gauge(registry, "treeproof_highest_seen_height",
                                          "The highest height that this node has heard of.");
  prometheus::Gauge& block_time = gauge(registry, "treeproof_block_time_seconds",
                                        "The time of the latest block, seconds since 1970.");
  prometheus::Gauge& log_entries = gauge(registry, "treeproof_log_entries",
                                         "Entries of the log: statements, and two of genesis.");
  prometheus::Gauge& validators =
      gauge(registry, "treeproof_validators", "Validators of the next height.");
  prometheus::Gauge& peers =
      gauge(registry, "treeproof_peers_connected", "Organisations that are connected.");
  // Found once, so that a call costs one atomic addition.
  std::map<const Method*, std::array<prometheus::Counter*, 2>> by_method;
  std::array<prometheus::Counter*, 6> by_status{};
  // Of the latest block that was observed; nothing before the first.
  std::optional<std::pair<Height, std::uint64_t>> last_block;
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

void Metrics::count_refusal(ledger::Reason reason) {
  counters_->refusals.Add({{"reason", std::string(ledger::name(reason))}}).Increment();
}

void Metrics::observe_commit(double seconds) { counters_->commit.Observe(seconds); }

void Metrics::observe_block(Height height, std::uint64_t log_size) {
  const auto before = std::exchange(counters_->last_block, {{height, log_size}});
  const bool follows = before && before->first.next() == height;
  if (follows) counters_->block.Observe(static_cast<double>(log_size - before->second));
}

void Metrics::set_chain(const ledger::Header& header, const NodeStatus& status) {
  counters_->height.Set(static_cast<double>(header.height.value));
  counters_->highest_seen.Set(
      static_cast<double>(std::max(header.height, status.highest_seen).value));
  counters_->block_time.Set(static_cast<double>(header.time.value) / 1e3);
  counters_->log_entries.Set(static_cast<double>(header.log_size));
  counters_->validators.Set(static_cast<double>(status.validators));
  counters_->peers.Set(static_cast<double>(status.connected.size()));
}

std::string Metrics::text(const NodeMeasures& measures) const {
  std::vector<MetricFamily> all = counters_->registry.Collect();
  std::ranges::move(families_of(measures), std::back_inserter(all));
  std::erase_if(all, [](const MetricFamily& each) { return each.metric.empty(); });
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace treeproof::rpc
