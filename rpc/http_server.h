// The node's one HTTP port: JSON-RPC 2.0, the log's tiles, attachments, events, metrics, health and
// the explorer's files.
// Owns its sockets and threads; no state of the chain. node.cpp starts and stops it. Handlers run
// on the server's own threads and reach the node through the two ports only. Source: docs/api.md;
// RFC 9110, JSON-RPC 2.0, C2SP tlog-tiles.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "rpc/measures.h"
#include "rpc/ports.h"

namespace treeproof::rpc {

// A file of the explorer, compressed beforehand; lives as long as the program.
struct Asset {
  std::string_view path;  // "/", "/assets/index-1a2b.js"
  std::string_view content_type;
  std::span<const std::uint8_t> gzip_bytes;
};

struct ServerLimits {
  std::size_t body_bytes_max = 1u << 20;
  std::size_t json_depth_max = 32;
  std::size_t batch_calls_max = 1'000;
  std::size_t connections_max = 1'024;
  std::size_t connections_per_client_max = 256;
  std::uint64_t client_units_per_s = 200'000;  // a request costs one, and one for every 256 bytes
  std::uint32_t idle_timeout_ms = 30'000;
  std::uint32_t wait_ms_max = 60'000;  // of record_submit
};

struct ServerConfig {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8640;  // 0 takes any
  std::size_t threads = 2;
  ServerLimits limits;
  std::string chain_id;
  std::string genesis_json;  // served at /genesis.json, byte for byte
  std::span<const Asset> explorer;
  bool is_test_clock = false;  // shown in every answer
  // What the node measures of itself, for GET /metrics; none: nothing. Asked on a thread of the
  // server; calls back once, from any thread, or never where the node stops.
  std::function<void(std::function<void(const NodeMeasures&)>)> measure;
};

class HttpServer {
 public:
  // Requires: both ports outlive the server.
  HttpServer(ServerConfig config, RecordSink& records, ChainReader& chain);
  ~HttpServer();  // stops

  // The error is one line for the operator.
  std::expected<void, std::string> start();
  // Closes the listener, ends open requests, joins the threads.
  void stop();
  std::uint16_t port() const;

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace treeproof::rpc
