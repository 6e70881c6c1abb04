// The one TOML file of a node.
// Owns the file's grammar, not what the values mean. Callers: main, cli, demo. Any thread.
// Source: docs/running.md "Configuration".
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "node/network/peer.h"

namespace treeproof::node {

struct NodeConfig {
  std::string org;
  std::filesystem::path genesis;   // the chain's JSON file
  std::filesystem::path node_key;  // made by `treeproof keys new`; the guard stands beside it
  std::filesystem::path home;      // store, journal
  network::PeerAddress peer_listen{"0.0.0.0", 8650};
  std::vector<std::pair<std::string, network::PeerAddress>> peers;
  std::vector<std::string> observers;  // organisations without power that may connect
  network::PeerAddress rpc_listen{"127.0.0.1", 8640};
  std::size_t workers = 2;  // signature checks
  std::size_t rpc_threads = 2;
  std::string log_level = "info";
  std::uint64_t snapshot_every = 10'000;  // heights; 0: makes none
  std::uint64_t snapshot_ahead = 1'000;   // an empty node this far behind asks for one; 0: never
};

// Paths are taken relative to the file's folder. Unknown keys, wrong types and missing fields are
// refused with one sentence that names the line.
std::expected<NodeConfig, std::string> read_config(const std::filesystem::path& file);
// The text of a file that read_config takes; paths as they are.
std::string write_config(const NodeConfig& config);

}  // namespace treeproof::node
