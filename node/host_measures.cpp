// What a host measures of itself, for whoever asks.
#include "node/host_loop.h"

namespace treeproof::node {

namespace {

// Those that occurred: most never do.
std::vector<rpc::NamedCount> by_reason(
    const std::array<std::uint64_t, network::kReasonCount>& counts) {
  std::vector<rpc::NamedCount> named;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) named.push_back({network::to_string(network::Reason(i)), counts[i]});
  }
  return named;
}

}  // namespace

rpc::NodeMeasures Host::Loop::measures() const {
  const network::MeshStats stats = mesh.stats();
  rpc::NodeMeasures measures;
  measures.round = replica.agreement().round();
  measures.pool_statements = replica.pool().size();
  measures.pool_bytes = replica.pool().bytes();
  measures.half_open = stats.half_open;
  measures.frames_ignored = stats.frames_ignored;
  for (const network::PeerStats& peer : stats.peers) {
    measures.peers.push_back(
        {peer.org, peer.queue_bytes, peer.queue_frames, peer.sent.bytes, peer.received.bytes});
  }
  measures.connections_refused = by_reason(stats.refused);
  measures.connections_lost = by_reason(stats.connections_lost);
  return measures;
}

void Host::measure(std::function<void(rpc::NodeMeasures)> answer) {
  loop_->loop.post([this, answer = std::move(answer)] { answer(loop_->measures()); });
}

}  // namespace treeproof::node
