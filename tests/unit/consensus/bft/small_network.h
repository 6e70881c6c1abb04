// Three correct machines and one equivocating validator over a network that the test controls:
// loss, reordering, duplication and early timers, then a synchronous phase in virtual time.
// Owns no assertion. Used by the property tests of Agreement. One thread.
// Source: docs/consensus.md, "How it is proven"; rules 1, 8, 16 and 17.
#pragma once

#include <random>

#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft::testing {

using NetworkMessage =
    std::variant<Proposal, Vote, CommitCertificate, PolkaCertificate, RoundCertificate>;

class SmallNetwork {
 public:
  explicit SmallNetwork(std::uint64_t seed);

  // Random deliveries, losses, duplicates, timers and lies.
  void run_hostile(std::size_t actions);
  // Delivery within 10 ms and timers on time, while the liar goes on; until all have decided or
  // the virtual time is over.
  void run_synchronous(std::uint64_t until_ms);

  std::vector<std::optional<BlockId>> decisions() const;
  bool correct_one_accused() const { return correct_one_accused_; }
  bool alarmed() const { return alarmed_; }
  std::uint64_t now_ms() const { return now_ms_; }
  Round highest_round() const;

 private:
  struct Timer {
    std::uint64_t due_ms = 0;
    TimeoutKind kind = TimeoutKind::propose;
    Round round;
  };
  struct Node {
    Agreement machine;
    std::vector<Timer> timers;
  };
  struct Parcel {
    std::size_t to = 0;
    std::uint64_t due_ms = 0;
    NetworkMessage message;
  };

  std::uint64_t random(std::uint64_t below);
  void perform(std::size_t node, const Outputs& outputs);
  void perform_one(std::size_t node, const Output& output);
  void broadcast(std::size_t from, const NetworkMessage& message);
  void post(std::size_t to, const NetworkMessage& message);
  void deliver(std::size_t parcel);
  void learn(std::size_t node, const crypto::Hash& header_hash);
  void fire(std::size_t node, std::size_t timer);
  void lie();
  bool favours(std::size_t node, std::int32_t round) const;
  BlockId some_block();
  std::int32_t some_round(std::size_t node);
  void send_again();
  void tick();
  bool all_decided() const;

  std::mt19937_64 engine_;
  std::string liar_;
  std::uint64_t favours_ = 0;
  std::vector<Node> nodes_;
  std::vector<Parcel> parcels_;
  std::vector<BlockId> blocks_;
  std::uint64_t now_ms_ = 0;
  std::size_t deaf_ = 0;  // the node that gets nothing in the hostile phase; beyond the last: none
  bool correct_one_accused_ = false;
  bool alarmed_ = false;
};

}  // namespace treeproof::bft::testing
