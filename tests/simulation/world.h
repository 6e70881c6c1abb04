// A whole consortium in one thread: replicas over simulated network, disk, guard and clock, some of
// them Byzantine. One seed decides everything; the same seed gives the same trace hash.
// Owns the nodes and the agenda. Callers: simulation tests, the seed runner. One thread.
// Source: docs/consensus.md "How it is proven"; docs/simulation.md.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/simulation/agenda.h"
#include "tests/simulation/counts.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/network.h"
#include "tests/simulation/node.h"
#include "tests/simulation/trace.h"
#include "tests/simulation/world_options.h"

namespace treeproof::simulation {

class Clients;
class Season;

class World {
 public:
  explicit World(const WorldOptions& options);
  ~World();

  // Faults, clients and all, for this long.
  void run_safety_phase(std::uint64_t duration_ms);
  // Heals everything, restarts everyone; true when each correct node decides `heights` more in
  // time and none is behind another. Byzantine ones stay what they are.
  bool run_liveness_phase(std::uint64_t heights, std::uint64_t limit_ms);
  // Statements submitted and answered while all is well.
  void run_ms(std::uint64_t duration_ms);

  // The first broken invariant with its time, or nothing.
  std::optional<std::string> violation() const;
  void check_nothing_lost();

  crypto::Hash trace_hash() const;
  std::string diagram(const std::string& last_line) const;
  std::uint64_t now_us() const noexcept { return now_us_; }
  Height answers_by(const std::string& org) const;  // its replica, a moment behind its store
  std::size_t acknowledged() const { return invariants_.acknowledged_count(); }
  const Counts& counts() const noexcept { return counts_; }
  const MemoryStore& store_of(const std::string& org) const { return nodes_.at(org).disk.store; }
  const Consortium& consortium() const noexcept { return consortium_; }
  const Invariants& invariants() const noexcept { return invariants_; }

  // To a node's door, with the attachment when the node asks for it; `on_answer` hears what comes
  // back, a refusal is a violation where there is none.
  using OnAnswer = std::function<void(const replica::Answer&)>;
  void submit(const std::string& org, ledger::StatementPtr statement,
              ledger::AttachmentPtr attachment = nullptr, OnAnswer on_answer = {});
  std::vector<std::string> doors() const;  // correct nodes that run
  std::uint64_t random(std::uint64_t below) { return random_() % below; }
  bool chance(std::uint64_t of, std::uint64_t among) { return random(among) < of; }
  void at(std::uint64_t time_us, Agenda::Action action) { agenda_.at(time_us, std::move(action)); }
  replica::Now now() const;
  bool has_clients() const noexcept { return with_clients_; }
  void violate(std::string what);

  void crash(const std::string& org);
  void restart(const std::string& org);
  // The operator makes a node key with its guard; the node is stopped, and started with them, some
  // time after it holds the block that registers the key.
  crypto::PublicKey make_key(const std::string& org);
  // The folder of a node that does not run is emptied; key and guard stay.
  void wipe(const std::string& org) { nodes_.at(org).disk.wipe(consortium_.empty_store()); }

 private:
  struct Submission;

  // world.cpp
  void run_until(std::uint64_t end_us, const std::function<bool()>& reached);
  void post(const std::string& org, replica::Event event, std::uint64_t delay_us);
  void deliver(const std::string& org, replica::Event event);
  void attend(const std::string& org);
  void note_verified(const std::string& org, const Node& node, const replica::JobsDone& done);
  bool execute(const std::string& org, replica::Effects effects);
  void introduce(const std::string& left, const std::string& right);
  replica::Now now_of(const Node& node) const;
  // world_effects.cpp: each is false when the node died in it
  bool perform(const std::string& org, Node& node, replica::Effect& effect);
  bool write_guard(const std::string& org, Node& node, const bft::GuardState& next);
  void interrupt(Node& node, const replica::Effect& effect);
  bool sync(const std::string& org, Node& node);
  bool survives(const std::string& org);
  bool sign(const std::string& org, Node& node, const replica::Sign& effect);
  bool commit(const std::string& org, Node& node, const replica::Commit& effect);
  bool store(const std::string& org, Node& node, const replica::StoreAttachment& effect);
  bool record(const std::string& org, Node& node, const bft::VerifiedEvidence& evidence);
  void send(const std::string& from, Node& node, const Letter& letter);
  void carry(const std::string& from, const Letter& letter, std::uint64_t leaves_at_us);
  void travel(const std::string& from, const Letter& letter, std::uint64_t arrives_at_us);
  void send_stored(const std::string& org, Node& node, const replica::SendDecided& effect);
  void send_part(const std::string& org, Node& node, const replica::SendAttachmentPart& effect);
  void run_job(const std::string& org, Node& node, const replica::Job& job);
  void set_timer(const std::string& org, Node& node, const replica::SetTimer& effect);
  void hang_up(const std::string& by, const replica::DropPeer& effect);
  void note_answer(const std::string& org, const replica::AnswerSubmitted& answer);
  // world_faults.cpp
  void start_faults();
  void maybe_part();
  void maybe_ail();
  void part(const std::function<void()>& change);
  void die(const std::string& org);
  void settle_disk(const std::string& org, Node& node);
  void come_back(const std::string& org, Node& node);
  void change_key(const std::string& org, Node& node);
  void make_mischief(const std::string& org);
  void maybe_wipe(const std::string& org, const Node& node);
  void heal();
  // world_snapshots.cpp
  void make_snapshot(const std::string& org, Node& node, const replica::Commit& effect);
  void open_restored(const std::string& org, Node& node);
  replica::SeekerPorts seeker_ports(const std::string& org, Node& node);
  bool is_for_snapshots(const std::string& from, const std::string& to, Node& node,
                        const replica::Message& message);
  void work_on_disk(const std::string& org, std::function<void()> work, std::function<void()> then);

  WorldOptions options_;
  const Consortium& consortium_;
  std::mt19937_64 random_;
  std::mt19937_64 torn_;  // of its own: what is torn changes nothing else of a seed
  Invariants invariants_;
  Trace trace_;
  Network network_;
  Agenda agenda_;
  Conspiracy conspiracy_;
  std::deque<crypto::SecretKey> new_keys_;
  std::map<std::string, Node> nodes_;
  std::vector<std::string> fragile_;  // whose disk may fail for good: with the Byzantine, at most f
  std::map<std::uint64_t, Submission> submitted_;  // by ticket
  std::deque<std::pair<std::string, Letter>> old_letters_;
  std::uint64_t now_us_ = 0;
  bool faulty_ = false;
  bool with_clients_ = false;
  Counts counts_;
  std::unique_ptr<Clients> clients_;
  std::unique_ptr<Season> season_;
};

}  // namespace treeproof::simulation
