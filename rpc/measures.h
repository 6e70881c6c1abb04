// What a node measures of itself at one moment, for GET /metrics. Plain values.
// Owns nothing. Made by the node on its loop's thread; read by the metrics. Safe from any thread.
// Source: docs/running.md "Metrics".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "consensus/types/height.h"

namespace treeproof::rpc {

struct PeerMeasures {
  std::string org;
  std::uint64_t queue_bytes = 0;  // frames that it has not taken yet
  std::uint64_t queue_frames = 0;
  std::uint64_t sent_bytes = 0;  // over the present connection
  std::uint64_t received_bytes = 0;
};
// A stable name, and how much of it: reasons, parts of the store.
struct NamedCount {
  std::string_view name;
  std::uint64_t count = 0;
};

struct NodeMeasures {
  Round round;  // of the height under way
  std::uint64_t pool_statements = 0;
  std::uint64_t pool_bytes = 0;
  std::uint64_t half_open = 0;  // handshakes that others began
  std::uint64_t frames_ignored = 0;
  std::vector<PeerMeasures> peers;
  std::vector<NamedCount> connections_refused;  // by reason, those that occurred
  std::vector<NamedCount> connections_lost;
  std::vector<NamedCount> store_bytes;  // by part
};

}  // namespace treeproof::rpc
