// Runs one twins scenario on Agreement machines: rounds in lockstep, then a synchronous phase.
// Owns the machines of the scenario and what is judged of them; signs nothing, since machines take
// verified messages. Callers: the program and the tests, one executor to a thread.
// Source: "Twins: BFT systems made robust" (OPODIS 2021); docs/consensus.md rules 1, 17 and 25.
#pragma once

#include <optional>

#include "consensus/bft/agreement.h"
#include "tests/scenarios/sequence_diagram.h"
#include "tests/twins/enumeration.h"

namespace treeproof::twins {

// How a partition meets a round: it holds from the proposals to the polkas; the precommits leave
// under the partition of the next round, so that a lock without a decision is common. Messages
// across a partition are lost for good. When a partition changes, every instance sends again what a
// node sends on a reconnect. Timers fire when nothing is left to deliver, those of the lowest round
// first. No two blocks may ever gather precommits of three identities, not even unseen.
class Executor {
 public:
  Executor();
  Executor(const Executor&) = delete;  // its machines ask it who leads
  Executor& operator=(const Executor&) = delete;

  // The first broken invariant. Scenarios that share rounds with the one before are cheaper.
  std::optional<std::string> run(const Scenario& scenario);
  // The same once more, with every delivery drawn.
  std::string draw(const Scenario& scenario);

  // The last scenario's: the highest round of a decision, and whether it came before the finale.
  Round decided_in() const { return state_.decided_in; }
  bool decided_early() const { return decided_early_; }
  bool someone_locked() const { return someone_locked_; }

 private:
  struct Instance {
    bft::Agreement machine;
    std::uint8_t timers = 0;  // of its round, by TimeoutKind
    Round announced;          // the last round whose certificate it sent
  };
  struct Parcel {
    scenarios::Message message;
    std::uint8_t from = 0;
    std::uint8_t to = 0;  // a mask of instances
  };
  struct Precommits {  // who precommitted a block in a round, by identity
    Round round;
    crypto::Hash header_hash{};
    std::uint8_t identities = 0;
  };
  struct State {
    std::vector<Instance> instances;
    std::vector<Parcel> held;  // precommits that wait for the next partition
    std::vector<Precommits> precommits;
    std::optional<crypto::Hash> committed;
    Round decided_in = kNoRound;
    std::optional<std::string> violation;
  };

  std::string leader(Round round) const;
  void play_round(std::size_t round);
  void play_finale(Finale finale);
  void send_again();
  void run_until_quiet();
  void deliver_all();
  bool fire_earliest_timers();
  template <typename Received>
  void give(std::size_t to, const Received& message);
  void perform(std::size_t at, const bft::Outputs& outputs);
  void perform_one(std::size_t at, const bft::GetValue& output);
  void perform_one(std::size_t at, const bft::SendProposal& output);
  void perform_one(std::size_t at, const bft::SendVote& output);
  void perform_one(std::size_t at, const bft::ScheduleTimeout& output);
  void perform_one(std::size_t at, const bft::CancelTimeouts& output);
  void perform_one(std::size_t at, const bft::Decide& output);
  void perform_one(std::size_t at, const bft::FetchBlock& output);
  void perform_one(std::size_t at, const bft::ReportEvidence& output);
  void perform_one(std::size_t at, const bft::Alarm& output);
  void send(std::size_t from, scenarios::Message message, Round round);
  void learn(std::size_t at, const crypto::Hash& header_hash);
  void note_precommit(std::size_t at, const bft::Vote& vote);
  void note_committed(const crypto::Hash& header_hash);
  void violate(std::string what);
  Round highest_round() const;
  bool all_correct_decided() const;

  std::array<std::string, kInstances> names_;
  std::vector<RoundPlan> plans_;
  std::vector<State> before_;  // [round]: the state in which the round of plans_ began
  State state_;
  std::array<std::uint8_t, kInstances> reach_{};
  Round held_from_ = kNoRound;  // precommits of this and later rounds wait
  bool holding_ = false;
  std::vector<Parcel> queue_;
  std::size_t next_ = 0;
  bool decided_early_ = false;
  bool someone_locked_ = false;
  scenarios::SequenceDiagram* diagram_ = nullptr;
};

}  // namespace treeproof::twins
