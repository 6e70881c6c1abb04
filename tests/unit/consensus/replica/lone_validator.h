// One validator among three others whose every word is the test's: it signs with a guard and keeps
// a journal, and what it sends is kept for the test to look at.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "consensus/bft/guard.h"
#include "consensus/replica/replica.h"
#include "tests/simulation/consortium.h"

namespace treeproof::replica {

// Height 1 is led by platform, river-ngo, verifier and desert-ngo, in rounds 0 to 3.
class LoneValidator : public testing::Test {
 protected:
  // A new life on the same disk; nobody has answered yet.
  void start(const std::string& org);
  // They hold no vote of it: it may sign.
  void answer(const std::vector<std::string>& peers) {
    for (const std::string& peer : peers) {
      step(PeerConnected{peer});
      say(peer, OwnVoteHeld{});
    }
  }

  Now now() const {
    const TimeMs time{consortium_.genesis().time.value + 10'000 + static_cast<std::uint64_t>(ms_)};
    return {time, time, 1};
  }
  void step(Event event) {
    events_.push_back(std::move(event));
    work();
  }
  void say(const std::string& peer, Message message) { step(Received{peer, std::move(message)}); }
  void fire(TimerKind kind, Round round) { step(TimerFired{{kind, height_, round}}); }

  bft::Vote vote(const std::string& org, bft::VoteType type, Round round,
                 const std::optional<bft::BlockId>& block) const {
    bft::Vote vote{type, height_, round, block, kNoRound, org, {}, {}};
    if (block && type == bft::VoteType::prevote)
      vote.value = bft::prevote_value(block->header_hash);
    sign(vote);
    return vote;
  }
  void vote_all(const std::vector<std::string>& orgs, bft::VoteType type, Round round,
                const std::optional<bft::BlockId>& block) {
    for (const std::string& org : orgs) say(org, vote(org, type, round, block));
  }
  // An empty block of this moment.
  ExecutedBlockPtr block_of(const std::string& org) const {
    Chain chain(consortium_.chain_id(), store_, store_.build_state_map(), store_.tip());
    return chain.build(now().chain, {org}, {}, {}).block;
  }
  void propose(const std::string& org, Round round, const ExecutedBlockPtr& block) {
    bft::Proposal proposal{height_, round, block->header_hash, kNoRound, org, {}, {}};
    sign(proposal);
    say(org, proposal);
    say(org, Body{block->block, block->header_hash});
  }

  // What left the node since the last start, of one kind.
  template <class Kind>
  std::vector<Kind> sent() const {
    std::vector<Kind> found;
    for (const auto& [org, message] : sent_) {
      if (const auto* chosen = std::get_if<Kind>(&message)) found.push_back(*chosen);
    }
    return found;
  }
  template <class Kind>
  std::set<std::string> receivers() const {
    std::set<std::string> found;
    for (const auto& [org, message] : sent_) {
      if (std::holds_alternative<Kind>(message)) found.insert(org);
    }
    return found;
  }
  bool has_timer(TimerKind kind) const {
    return std::ranges::any_of(timers_, [&](const TimerId& timer) { return timer.kind == kind; });
  }
  const bft::Agreement& agreement() const { return replica_->agreement(); }

  const simulation::Consortium& consortium_ = simulation::Consortium::of(4);
  simulation::MemoryStore store_ = consortium_.empty_store();
  Height height_{1};
  std::int64_t ms_ = 0;
  std::vector<Journal> journal_;
  std::vector<SendDecided> served_;
  std::size_t signatures_ = 0;  // that it asked for since the last start

 private:
  template <class Signed>
  void sign(Signed& message) const {
    const crypto::SecretKey& key = consortium_.member(message.org).node_key;
    message.kid = key.public_key().kid();
    message.signature = key.sign(bft::sign_digest(message, consortium_.chain_id()));
  }
  void work();
  void obey(const Effects& effects);
  void sign_for(const Sign& wanted);

  std::string org_;
  std::optional<Replica> replica_;
  bft::GuardState guard_;
  std::deque<Event> events_;
  std::vector<std::pair<std::string, Message>> sent_;  // the receiver first
  std::vector<TimerId> timers_;
};

}  // namespace treeproof::replica
