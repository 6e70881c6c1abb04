// One replica that is behind, between peers that hold a history and answer as they like: honestly,
// or as the liars that it has to get past. The clock is virtual, nothing is lost on the way.
// Owns the replica with its store, not the history. Callers: tests of catching up. One thread.
// Source: docs/consensus.md rule 27.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/replica/replica.h"
#include "tests/simulation/history.h"

namespace treeproof::simulation {

enum class Manner : std::uint8_t {
  honest,
  silent,             // claims to be ahead, and answers nothing
  forger,             // the right block under a certificate of another round
  strips_bodies,      // the right certificate and header without the statements
  leaves_gaps,        // all but the first block that it is asked for
  floods,             // what nobody asked for: far heights, and the same ones again
  hides_attachments,  // blocks, but no part of what they announce
  began_later         // at a snapshot: it holds no block of the first half, and is no liar
};

class CatchUpBed {
 public:
  // Consortium and history outlive the bed. The replica follows and never votes.
  CatchUpBed(const Consortium& consortium, const History& history, std::string own_org);

  // Connects; says that it has decided `claim`, or what the history has.
  void add_peer(const std::string& org, Manner manner, std::optional<Height> claim = {});
  void deliver(replica::Event event);
  void run_ms(std::uint64_t duration_ms);
  // Whether it gets there in that time.
  bool reaches(Height height, std::uint64_t limit_ms);

  Height height() const { return store_.tip().height; }
  const replica::Replica& replica() const { return *replica_; }
  MemoryStore& store() noexcept { return store_; }
  replica::Now now() const;
  std::uint64_t requests_to(const std::string& org) const { return peers_.at(org).requests; }
  std::size_t times_dropped(const std::string& org) const { return peers_.at(org).dropped; }
  std::size_t most_requests_at_once() const noexcept { return most_at_once_; }

  std::map<std::uint64_t, replica::Answer> answers;  // the last of each ticket
  std::vector<replica::DropAttachments> given_back;
  std::uint64_t latency_us = 1'000;
  std::function<void(const replica::Effect&)> on_effect;  // before it is done

 private:
  struct Peer {
    Manner manner{};
    Height claim;
    std::uint64_t requests = 0;
    std::size_t dropped = 0;
  };
  void perform(replica::Effect& effect);
  void after(std::uint64_t delay_us, std::function<void()> action);
  void connect(const std::string& org);
  void hear(const std::string& org, const replica::Message& message);
  void answer(const std::string& org, Peer& peer, const replica::DecidedWanted& wanted);
  void answer(const std::string& org, const Peer& peer, const replica::AttachmentWanted& wanted);
  void say(const std::string& org, replica::Message message, std::uint64_t delay_us);
  replica::Decided decided(Height height, Manner manner) const;

  const Consortium& consortium_;
  const History& history_;
  MemoryStore store_;
  std::optional<replica::Replica> replica_;
  std::map<std::string, Peer> peers_;
  std::multimap<std::uint64_t, std::function<void()>> agenda_;
  std::map<replica::TimerId, std::uint64_t> timers_;  // the newest of each counts
  std::uint64_t next_timer_ = 0;
  std::uint64_t now_us_ = 0;
  std::size_t at_once_ = 0;
  std::size_t most_at_once_ = 0;
};

}  // namespace treeproof::simulation
