// A validator's mesh that dials the host `platform`, with what it heard: the peer that a test
// plays. Owns its loop's thread. Callers: the tests in this folder. What was heard is read under
// until().
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "consensus/replica/messages.h"
#include "node/network/mesh.h"
#include "tests/simulation/consortium.h"

namespace treeproof::node {

class PlayedPeer final : public network::MeshHandler {
 public:
  // `reply` sees each message as it comes, on the peer's thread.
  using Reply = std::function<void(const replica::Message& message)>;
  PlayedPeer(const std::string& org, const simulation::Consortium& consortium, std::uint16_t port,
             Reply reply = {})
      : reply_(std::move(reply)),
        chain_id_(consortium.chain_id()),
        mesh_(config(org, chain_id_, port), consortium.member(org).node_key, loop_, *this) {
    network::PeerDirectory directory;
    for (const auto& name : consortium.validators()) {
      directory.emplace(name, network::PeerEntry{consortium.member(name).node_key.public_key()});
    }
    mesh_.set_directory(std::move(directory));
    EXPECT_TRUE(mesh_.start().has_value());
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~PlayedPeer() override {
    loop_.stop();
    thread_.join();
    mesh_.stop();
    loop_.join_workers();
  }
  void on_connected(const std::string&) override {
    note([this] { ++connections; });
  }
  void on_disconnected(const std::string&, network::Reason) override {
    note([this] { ++losses; });
  }
  void on_refused(const std::string&, const network::Refusal&) override {}
  void on_frame(const std::string&, std::uint8_t kind, crypto::Bytes payload) override {
    auto message = replica::decode(kind, payload, chain_id_);
    note([&] { heard.push_back(message.value()); });
    if (reply_) reply_(*message);
  }
  bool until(const std::function<bool()>& fact) {
    std::unique_lock hold(lock_);
    return changed_.wait_for(hold, std::chrono::seconds(120), fact);
  }
  void send(std::uint8_t kind, crypto::Bytes payload) {
    loop_.post([this, kind, payload = std::make_shared<const crypto::Bytes>(std::move(payload))] {
      mesh_.send("platform", kind, payload);
    });
  }
  void send(const replica::Message& message) {
    send(replica::kind_of(message), replica::encode(message, chain_id_));
  }
  // Of all that was heard; the lock is held inside of until().
  template <class Kind>
  std::vector<Kind> copy_all() {
    const std::lock_guard hold(lock_);
    return all<Kind>();
  }
  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const replica::Message& message : heard) {
      if (const auto* one = std::get_if<Kind>(&message)) found.push_back(*one);
    }
    return found;
  }

  std::size_t connections = 0;
  std::size_t losses = 0;
  std::vector<replica::Message> heard;

 private:
  static network::MeshConfig config(const std::string& org, const std::string& chain_id,
                                    std::uint16_t port) {
    network::MeshConfig config;
    config.chain_id = chain_id;
    config.own_org = org;
    config.peers = {{"platform", {"127.0.0.1", port}}};
    for (std::uint8_t kind = replica::kKindFirst; kind <= replica::kKindLast; ++kind) {
      config.frames[kind] = {replica::payload_bytes_max(kind), network::PeerLevel::catch_up_only};
    }
    config.limits.redial_first_ms = 10;
    return config;
  }
  template <class Change>
  void note(Change change) {
    {
      const std::lock_guard hold(lock_);
      change();
    }
    changed_.notify_all();
  }

  Reply reply_;
  std::mutex lock_;  // guards what was heard
  std::condition_variable changed_;
  std::string chain_id_;
  network::EventLoop loop_{1};
  network::Mesh mesh_;
  std::thread thread_;
};

}  // namespace treeproof::node
