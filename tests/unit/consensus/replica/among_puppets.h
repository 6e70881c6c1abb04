// A replica that may vote, among peers that are puppets: the test holds every key and says what
// each of them sends. Guard and store are there, and do at once what they are asked.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "consensus/replica/replica.h"
#include "tests/simulation/consortium.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::replica {

class AmongPuppets : public testing::Test {
 protected:
  // By their order (height + round) mod 4 names the proposer.
  static constexpr std::array<const char*, 4> kOrgs{"desert-ngo", "platform", "river-ngo",
                                                    "verifier"};

  ReplicaConfig config_of(const std::string& org) const {
    ReplicaConfig config;
    config.org = org;
    config.node_key = NodeKey{consortium_.member(org).node_key.public_key(), guard_.height()};
    config.past = [this](Height height) { return store_.past(height); };
    return config;
  }
  // Another life on the same disk.
  void start(const ReplicaConfig& config) {
    own_ = config.org;
    seen_.clear();
    replica_.emplace(config, chain_on(store_));
    obey(replica_->start(journal_, now()));
  }
  Chain chain_on(const simulation::MemoryStore& store) const {
    return {consortium_.chain_id(), store, store.build_state_map(), store.tip()};
  }
  Now now() const {
    const TimeMs time{consortium_.genesis().time.value + 60'000 + passed_ms_};
    return {time, time, 1};
  }

  void step(Event event) { obey(replica_->step(std::move(event), now())); }
  void receive(const std::string& org, Message message) { step(Received{org, std::move(message)}); }
  void fire(TimerKind kind, Round round = {}) {
    step(TimerFired{{kind, replica_->agreement().height(), round}});
  }
  // Two peers hold nothing of us: with ourselves more than 2/3.
  void settle() {
    for (const char* org : kOrgs) {
      if (org != own_) receive(org, OwnVoteHeld{});
    }
  }

  template <class T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const Effect& effect : seen_) {
      if (const auto* one = std::get_if<T>(&effect)) found.push_back(*one);
    }
    return found;
  }
  std::vector<Message> sent_to(const std::string& org) const {
    std::vector<Message> messages;
    for (const Send& send : all<Send>()) {
      if (send.org != org) continue;
      messages.push_back(*decode(send.kind, *send.payload, consortium_.chain_id()));
    }
    return messages;
  }
  template <class T>
  static std::size_t count(const std::vector<Message>& messages) {
    return static_cast<std::size_t>(std::ranges::count_if(
        messages, [](const Message& message) { return std::holds_alternative<T>(message); }));
  }

  template <class T>
  T signed_by(const std::string& org, T message) const {
    const crypto::SecretKey& key = consortium_.member(org).node_key;
    message.org = org;
    message.kid = key.public_key().kid();
    message.signature = key.sign(bft::sign_digest(message, consortium_.chain_id()));
    return message;
  }
  bft::Vote vote(const std::string& org, bft::VoteType type, Height height, Round round,
                 std::optional<bft::BlockId> value = {}) const {
    if (value && type == bft::VoteType::prevote) value = bft::prevote_value(value->header_hash);
    return signed_by(org, bft::Vote{type, height, round, value, kNoRound, {}, {}, {}});
  }
  // The next block, empty, this much later than the one below it.
  ExecutedBlockPtr block_on(const simulation::MemoryStore& store, std::uint64_t time_ms) const {
    const TimeMs time{store.tip().time.value + time_ms};
    return chain_on(store).build(time, {"platform"}, {}, {}).block;
  }
  ExecutedBlockPtr block(std::uint64_t time_ms) const { return block_on(store_, time_ms); }
  Decided decided(const ExecutedBlockPtr& block, std::vector<std::string> signers) const {
    bft::CommitCertificate certificate{block->header.height, Round{0}, block->id(), {}};
    std::ranges::sort(signers);
    for (const auto& org : signers) {
      const bft::Vote one = vote(org, bft::VoteType::precommit, certificate.height,
                                 certificate.round, certificate.block);
      certificate.signatures.push_back({org, one.kid, one.signature});
    }
    return {certificate, block->block};
  }

  simulation::Consortium consortium_{4};
  simulation::MemoryStore store_{consortium_.genesis()};
  bft::GuardState guard_;
  std::vector<Journal> journal_;  // what the next life finds
  std::optional<Replica> replica_;
  std::string own_;
  std::vector<Effect> seen_;
  std::uint64_t passed_ms_ = 0;
  bool commits_ = true;  // else a Commit stays under way

 private:
  void obey(Effects effects) {
    std::vector<Event> events;
    for (Effect& effect : effects) {
      seen_.push_back(effect);
      if (const auto* jobs = std::get_if<RunJobs>(&effect)) {
        JobsDone done;
        for (const Job& job : jobs->jobs) done.results.push_back(run(job, consortium_.chain_id()));
        events.push_back(std::move(done));
      } else if (const auto* floor = std::get_if<RaiseFloor>(&effect)) {
        guard_.raise_floor(floor->height, floor->round, floor->step);
      } else if (const auto* sign = std::get_if<Sign>(&effect)) {
        events.push_back(Signed{sign->id, signature_of(sign->request)});
      } else if (const auto* commit = std::get_if<Commit>(&effect); commit && commits_) {
        store_.commit(*commit);
        events.push_back(Committed{commit->block->header.height});
      }
    }
    for (Event& event : events) step(std::move(event));
  }
  std::optional<crypto::Signature> signature_of(const bft::SignRequest& request) {
    if (guard_.judge(request) != bft::GuardVerdict::sign) return std::nullopt;
    guard_.record(request, consortium_.member(own_).node_key.sign(request.digest));
    return guard_.stored_signature();
  }
};

}  // namespace treeproof::replica
