#include "tests/unit/node/network/mesh_harness.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <stdexcept>

namespace treeproof::network {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool Recorder::heard(const std::string& what) const {
  return std::ranges::find(told, what) != told.end();
}

std::size_t Recorder::refused(Reason reason, RefusedBy by) const {
  return static_cast<std::size_t>(std::ranges::count_if(refusals, [&](const auto& refusal) {
    return refusal.second.reason == reason && refusal.second.by == by;
  }));
}

struct Loopback::Executors {
  boost::asio::io_context main{1};
  boost::asio::thread_pool pool{2};
};

Loopback::Loopback() : executors_(std::make_unique<Executors>()) {}

Loopback::~Loopback() {
  for (auto& node : nodes_) {
    if (node->mesh) node->mesh->stop();
  }
  executors_->pool.join();
  nodes_.clear();
}

Node& Loopback::start(char letter, const std::map<std::string, std::uint16_t>& dials,
                      const Adjust& adjust) {
  nodes_.push_back(std::make_unique<Node>(letter));
  restart(*nodes_.back(), dials, adjust);
  return *nodes_.back();
}

void Loopback::restart(Node& node, const std::map<std::string, std::uint16_t>& dials,
                       const Adjust& adjust) {
  MeshConfig config;
  config.chain_id = kTestChain;
  config.own_org = node.name;
  config.listen = {"127.0.0.1", 0};
  for (const auto& [org, port] : dials) config.peers.push_back({org, {"127.0.0.1", port}});
  config.frames = {{kVoteKind, {kVoteBytesMax, PeerLevel::full}},
                   {kBlockKind, {kBlockBytesMaxHere, PeerLevel::full}},
                   {kCatchUpKind, {kVoteBytesMax, PeerLevel::catch_up_only}}};
  config.limits.redial_first_ms = 10;
  config.limits.head_start_ms = 20;
  if (adjust) adjust(config);
  node.mesh = std::make_unique<Mesh>(std::move(config), node.key, executors_->main,
                                     executors_->pool, node.recorder);
  node.mesh->set_directory(test_directory("abcdefgh"));
  if (const auto started = node.mesh->start(); !started) {
    throw std::runtime_error(started.error());
  }
}

bool Loopback::until(const std::function<bool()>& fact, std::uint32_t timeout_ms) {
  const auto deadline = steady_clock::now() + milliseconds(timeout_ms);
  while (!fact()) {
    if (steady_clock::now() > deadline) return false;
    executors_->main.restart();
    executors_->main.run_one_for(milliseconds(5));
  }
  return true;
}

void Loopback::turn_for(std::uint32_t duration_ms) {
  executors_->main.restart();
  executors_->main.run_for(milliseconds(duration_ms));
}

std::function<void()> Loopback::turn() {
  return [this] {
    executors_->main.restart();
    executors_->main.run_one_for(milliseconds(1));
  };
}

SharedBytes shared_bytes(std::size_t size, std::uint8_t value) {
  return std::make_shared<const crypto::Bytes>(size, value);
}

}  // namespace treeproof::network
