// What is known of peers: who is connected, how high they are, the last that each of them signed,
// and messages of the next heights that came early.
// Owns no connection. Caller: replica, on its thread. Pure.
// Source: docs/consensus.md rules 17, 18, 23 and 27.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/replica/jobs.h"

namespace treeproof::replica {

// A body, and who sent it.
struct EarlyBody {
  std::shared_ptr<const ledger::Block> block;
  crypto::Hash header_hash{};
  std::string from;
};

class PeerBook {
 public:
  static constexpr std::size_t kEarlyPerPeerMax = 512;
  static constexpr std::size_t kEarlyBodiesMax = 8;  // one of a peer, at most a block's bytes each

  void connect(const std::string& org) { connected_.insert(org); }
  void disconnect(const std::string& org);
  const std::set<std::string>& connected() const noexcept { return connected_; }

  // What the organisation says last of itself: nothing that it said before counts.
  void note_decided(const std::string& org, Height height) { decided_[org] = height; }
  const std::map<std::string, Height>& decided() const noexcept { return decided_; }
  // The highest height that more than 1/3 of the power says is decided: one of them is correct.
  Height highest(const ValidatorSet& validators) const;

  // Messages of a later height, at most kEarlyPerPeerMax a peer, the farthest evicted; taken out
  // when their height begins. [rule 18]
  void keep_early(const std::string& org, Height height, VerifyAgreement::Message message);
  std::vector<std::pair<std::string, VerifyAgreement::Message>> take_early(Height height);
  // A body proposed for the next height before this one ended here.
  void keep_early(EarlyBody body);
  std::vector<EarlyBody> take_early_bodies();

  // Whether one who votes at this height, which is decided here, is sent the decision: at most once
  // in `pause_ms`, and not who is known to have it. [rule 17]
  bool answers_behind(const std::string& org, Height height, TimeMs now, std::uint64_t pause_ms);

  // The highest verified message of each organisation, from certificates too, to answer
  // OwnVoteWanted. [rule 23]
  void note_signed(const VerifyAgreement::Message& verified);
  std::optional<SignedMessage> signed_by(const std::string& org) const;
  // A message of agreement goes to be verified, and comes back, in whatever order.
  VerifyAgreement begin_check(VerifyAgreement job);
  void end_check(const VerifyAgreement& job) { checks_.erase(job.check); }
  // The organisation asks for its own votes. It is answered when all that came before its question
  // is verified: else what is held of it already would be denied. [rule 23]
  void keep_asker(const std::string& org) { askers_.insert_or_assign(org, checks_begun_); }
  std::vector<std::string> take_askers();  // whose answer is due

 private:
  void keep_highest(const SignedMessage& message);

  std::set<std::string> connected_;
  std::map<std::string, Height> decided_;
  std::map<std::string, std::multimap<Height, VerifyAgreement::Message>> early_;
  std::map<std::string, EarlyBody> early_bodies_;
  std::map<std::string, SignedMessage> signed_;
  std::map<std::string, TimeMs> answered_;
  std::uint64_t checks_begun_ = 0;
  std::set<std::uint64_t> checks_;               // those under way
  std::map<std::string, std::uint64_t> askers_;  // with the last check begun before they asked
};

}  // namespace treeproof::replica
