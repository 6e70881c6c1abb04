// A replica that may vote, among peers that are puppets: the test holds every key and says what
// each of them sends. Guard, journal and store are there, and do at once what they are asked.
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

  ReplicaConfig config_of(const std::string& org) const;
  // Another life on the same disk.
  void start(const ReplicaConfig& config);
  Chain chain_on(const simulation::MemoryStore& store) const {
    return {consortium_.chain_id(), store, store.build_state_map(), store.tip()};
  }
  Now now() const {
    const auto passed = static_cast<std::uint64_t>(60'000 + passed_ms_);
    const TimeMs time{consortium_.genesis().time.value + passed};
    return {time, time, 1};
  }

  void step(Event event) { obey(replica_->step(std::move(event), now())); }
  void receive(const std::string& org, Message message) { step(Received{org, std::move(message)}); }
  void fire(TimerKind kind, Round round = {}) {
    step(TimerFired{{kind, replica_->agreement().height(), round}});
  }
  // The peers hold nothing of us: two of them and ourselves are more than 2/3.
  void settle() {
    for (const char* org : kOrgs) {
      if (org != own_) receive(org, OwnVoteHeld{});
    }
  }
  void receive_votes(const std::vector<std::string>& orgs, bft::VoteType type, Round round,
                     std::optional<bft::BlockId> block);
  void receive_proposal(const std::string& org, Round round, const ExecutedBlockPtr& block);

  template <class T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const Effect& effect : seen_) {
      if (const auto* one = std::get_if<T>(&effect)) found.push_back(*one);
    }
    return found;
  }
  Message read(const Send& send) const {
    return *decode(send.kind, *send.payload, consortium_.chain_id());
  }
  std::vector<Message> sent_to(const std::string& org) const {
    std::vector<Message> messages;
    for (const Send& send : all<Send>()) {
      if (send.org == org) messages.push_back(read(send));
    }
    return messages;
  }
  // What left the node since the last start, of one kind: to whom, and what.
  template <class Kind>
  std::vector<std::pair<std::string, Kind>> sent() const {
    std::vector<std::pair<std::string, Kind>> found;
    for (const Send& send : all<Send>()) {
      const Message message = read(send);
      if (const auto* one = std::get_if<Kind>(&message)) found.emplace_back(send.org, *one);
    }
    return found;
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
  ExecutedBlockPtr block_on(const simulation::MemoryStore& store, std::uint64_t time_ms,
                            const char* org = "platform") const {
    const TimeMs time{store.tip().time.value + time_ms};
    return chain_on(store).build(time, {org}, {}, {}).block;
  }
  ExecutedBlockPtr block(std::uint64_t time_ms) const { return block_on(store_, time_ms); }
  Decided decided(const ExecutedBlockPtr& block, std::vector<std::string> signers) const;

  simulation::Consortium consortium_{4};
  simulation::MemoryStore store_{consortium_.genesis()};
  bft::GuardState guard_;
  std::optional<Replica> replica_;
  std::string own_;
  std::vector<Effect> seen_;
  std::vector<Journal> journal_;  // since the last decision; what the next life finds
  std::int64_t passed_ms_ = 0;
  bool commits_ = true;  // else a Commit stays under way
  // Power fails when the guard holds this many more signatures, before anyone has seen the last.
  std::optional<int> signatures_before_death_;

 private:
  void obey(Effects effects);
  std::optional<crypto::Signature> signature_of(const bft::SignRequest& request);
};

}  // namespace treeproof::replica
