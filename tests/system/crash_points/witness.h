// A peer that only listens: it sits in the observer's seat of a consortium and keeps every vote and
// proposal of one validator that reaches it, straight from there or inside others' certificates.
// Owns a mesh and the thread that it runs on. Callers: the crash-point tests, from one thread.
// Source: docs/consensus.md rules 19 and 23.
#pragma once

#include <map>
#include <mutex>
#include <thread>

#include "consensus/bft/guard.h"
#include "consensus/bft/messages.h"
#include "node/demo/cast.h"
#include "node/network/mesh.h"

namespace treeproof::crash_points {

struct Signed {
  bft::SignRequest request;
  std::uint32_t life = 0;  // of the validator's process, when it was first seen
};

class Witness final : public network::MeshHandler {
 public:
  // Listens and dials as the regulator of the cast does; `ports` are those of its peers, in order.
  Witness(const demo::Cast& cast, std::uint16_t first_peer_port, std::string watched);
  ~Witness() override;

  // What is seen from now on comes from the next life of the validator. Requires: it has ended.
  void begin_life();
  std::uint32_t life() const;
  bool is_connected() const;  // to the validator that it watches
  // What was signed at the highest height, round and step that was seen.
  std::optional<Signed> highest() const;
  // Once for each thing signed: no two of them for one height, round and step, unless it signed
  // twice.
  std::vector<Signed> seen() const;
  // Pairs of those, in words.
  std::vector<std::string> double_signatures() const;

  void on_connected(const std::string& org) override;
  void on_disconnected(const std::string& org, network::Reason reason) override;
  void on_refused(const std::string& peer, const network::Refusal& refusal) override;
  void on_frame(const std::string& org, std::uint8_t kind, crypto::Bytes payload) override;

 private:
  void take(const bft::Vote& vote);
  void take(const bft::Proposal& proposal);
  void keep(const bft::SignRequest& request);

  std::string watched_;
  std::string chain_id_;
  ValidatorSet validators_;
  crypto::SecretKey key_;
  network::EventLoop loop_{1};
  std::unique_ptr<network::Mesh> mesh_;

  mutable std::mutex lock_;  // guards what follows
  bool connected_ = false;
  std::uint32_t life_ = 0;
  std::map<std::tuple<Height, Round, bft::SignStep>, std::vector<Signed>> seen_;

  std::thread thread_;  // last: it begins when the rest is there
};

}  // namespace treeproof::crash_points
