// A whole consortium in one thread: replicas over simulated network, disk, guard and clock.
// One seed decides everything; the same seed gives the same trace hash.
// Owns the nodes and the event queue. Callers: simulation tests, the seed runner.
// Source: docs/consensus.md "How it is proven".
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "consensus/bft/guard.h"
#include "consensus/replica/replica.h"
#include "tests/simulation/consortium.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::simulation {

struct Faults {
  std::uint32_t loss_percent = 0;
  std::uint32_t repeat_percent = 0;
  std::uint32_t delay_max_us = 2'000;
  std::uint32_t crash_per_10k_steps = 0;  // chance that a step dies between two of its effects
  std::uint32_t partition_percent = 0;    // chance, each second, that one node is cut off for one
};

struct WorldOptions {
  std::uint64_t seed = 1;
  std::size_t validators = 4;
  Faults faults;
  std::uint32_t statements_per_s = 20;
  std::uint32_t attachment_percent = 25;  // of the statements: plots, with their outline beside
  std::uint32_t commit_max_us = 5'000;    // what a synced batch takes, at most
};

class World {
 public:
  explicit World(const WorldOptions& options);

  // Faults, clients and all, for this long.
  void run_safety_phase(std::uint64_t duration_ms);
  // Heals everything, restarts everyone; true when each node decides `heights` more in
  // time and none is behind another.
  bool run_liveness_phase(std::uint64_t heights, std::uint64_t limit_ms);
  // Statements submitted and answered while all is well.
  void run_ms(std::uint64_t duration_ms);

  // The first broken invariant, or nothing: agreement, no double signature, nothing that was
  // acknowledged is missing or elsewhere.
  std::optional<std::string> violation() const;
  void check_nothing_lost();

  crypto::Hash trace_hash() const { return trace_; }
  std::uint64_t now_us() const noexcept { return now_us_; }
  Height height_of(const std::string& org) const;
  std::size_t acknowledged() const noexcept { return acknowledged_.size(); }
  // From a statement's submission to its answer with a height.
  std::uint64_t longest_wait_us() const noexcept { return longest_wait_us_; }
  std::uint64_t crashes() const noexcept { return crashes_; }
  // Signature checks of statements that a node had checked, or was checking, in the same life.
  std::uint64_t checks_repeated() const noexcept { return checks_repeated_; }
  const MemoryStore& store_of(const std::string& org) const { return nodes_.at(org).store; }
  const Consortium& consortium() const noexcept { return consortium_; }

  // Hands a statement to a node's client door, and the attachment when the node asks for it.
  void submit(const std::string& org, ledger::StatementPtr statement,
              ledger::AttachmentPtr attachment = nullptr);
  void crash(const std::string& org);
  void restart(const std::string& org);
  void cut_off(const std::string& org, bool is_cut);

 private:
  struct Node {
    explicit Node(const ledger::Genesis& genesis) : store(genesis) {}
    MemoryStore store;
    std::vector<replica::Journal> journal;  // on disk
    std::vector<replica::Journal> unsynced;
    bft::GuardState guard;
    std::optional<replica::Replica> replica;
    std::set<std::pair<std::uint64_t, crypto::Hash>> checked;  // life, leaf of the statement
    std::uint64_t life = 0;  // counts restarts; what an earlier life posted is void
    bool cut_off = false;
  };
  struct Acknowledged {
    Height height;
    std::uint64_t log_index = 0;
    ledger::AttachmentPtr attachment;
  };

  void at(std::uint64_t time_us, std::function<void()> action);
  bool run_one();
  void post(const std::string& org, replica::Event event, std::uint64_t delay_us);
  void step(const std::string& org, replica::Event event);
  // False: the node died here.
  bool execute(const std::string& org, replica::Effects effects);
  void do_one(const std::string& org, Node& node, replica::Effect& effect);
  void send(const std::string& from, const std::string& to, std::uint8_t kind,
            std::shared_ptr<const crypto::Bytes> payload);
  void sign(const std::string& org, Node& node, const replica::Sign& effect);
  void commit(const std::string& org, Node& node, const replica::Commit& effect);
  void note_answer(const std::string& org, const replica::AnswerSubmitted& answer);
  void submit_something();
  void submit_plot(const std::string& door, const std::string& signer);
  void maybe_partition();
  replica::Now now() const;
  std::uint64_t random(std::uint64_t below);
  bool chance(std::uint64_t of, std::uint64_t among) { return random(among) < of; }
  void note(std::string_view what, const std::string& org, crypto::ByteSpan detail);
  void violate(std::string what);

  WorldOptions options_;
  Consortium consortium_;
  std::mt19937_64 random_;
  std::map<std::string, Node> nodes_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::function<void()>> queue_;
  std::uint64_t next_order_ = 0;
  std::uint64_t now_us_ = 0;
  bool faulty_ = false;
  bool with_clients_ = false;
  std::uint64_t next_ref_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t checks_repeated_ = 0;
  struct Submission {
    crypto::Hash statement;
    std::uint64_t at_us = 0;
    ledger::AttachmentPtr attachment;
  };
  std::map<std::uint64_t, Submission> submitted_;  // by ticket
  std::uint64_t longest_wait_us_ = 0;
  std::map<crypto::Hash, Acknowledged> acknowledged_;
  std::map<Height, crypto::Hash> decided_;
  std::map<std::tuple<std::string, Height, Round, bft::SignStep>, crypto::Hash> signed_;
  std::optional<std::string> violation_;
  crypto::Hash trace_{};
};

}  // namespace treeproof::simulation
