// Meshes over loopback for the tests of this folder, all on one main loop that the test turns.
// Owns the executors, the meshes and what their handlers were told. Called by mesh tests; only the
// handshakes run on other threads.
// Source: docs/protocol.md section 10.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "node/network/mesh.h"
#include "tests/unit/node/network/test_keys.h"

namespace treeproof::network {

inline constexpr std::uint8_t kVoteKind = 1;
inline constexpr std::uint8_t kBlockKind = 2;
inline constexpr std::uint8_t kCatchUpKind = 3;
inline constexpr std::size_t kVoteBytesMax = 1'024;
inline constexpr std::size_t kBlockBytesMaxHere = 8u << 20;

struct ReceivedFrame {
  std::string org;
  std::uint8_t kind = 0;
  crypto::Bytes payload;
};

class Recorder : public MeshHandler {
 public:
  void on_connected(const std::string& org) override { told.push_back("+" + org); }
  void on_disconnected(const std::string& org, Reason reason) override {
    told.push_back("-" + org + " " + std::string(to_string(reason)));
  }
  void on_refused(const std::string& peer, const Refusal& refusal) override {
    refusals.emplace_back(peer, refusal);
  }
  void on_frame(const std::string& org, std::uint8_t kind, crypto::Bytes payload) override {
    frames.push_back({org, kind, std::move(payload)});
    if (after_frame) after_frame();
  }

  bool heard(const std::string& what) const;
  std::size_t refused(Reason reason, RefusedBy by = RefusedBy::us) const;

  std::vector<std::string> told;  // "+org" and "-org reason"
  std::vector<std::pair<std::string, Refusal>> refusals;
  std::vector<ReceivedFrame> frames;
  std::function<void()> after_frame;
};

// One organisation, named by its letter.
struct Node {
  explicit Node(char letter) : name(1, letter), key(test_key(letter)) {}
  std::string name;
  crypto::SecretKey key;
  Recorder recorder;
  std::unique_ptr<Mesh> mesh;
};

class Loopback {
 public:
  Loopback();
  ~Loopback();  // stops all

  // Starts a mesh on 127.0.0.1 that dials those ports. The directory admits a to h.
  using Adjust = std::function<void(MeshConfig&)>;
  Node& start(char letter, const std::map<std::string, std::uint16_t>& dials,
              const Adjust& adjust = {});
  void restart(Node& node, const std::map<std::string, std::uint16_t>& dials,
               const Adjust& adjust = {});

  // Turns the main loop until the fact holds. False when it does not within the time.
  bool until(const std::function<bool()>& fact, std::uint32_t timeout_ms = 20'000);
  void turn_for(std::uint32_t duration_ms);
  std::function<void()> turn();  // a little of the main loop, for RawPeer

 private:
  struct Executors;
  std::unique_ptr<Executors> executors_;
  std::vector<std::unique_ptr<Node>> nodes_;
};

SharedBytes shared_bytes(std::size_t size, std::uint8_t value);

}  // namespace treeproof::network
