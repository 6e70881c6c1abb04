// What is known of peers: who is connected, how high they are, what they said of our own votes,
// and messages of the next heights that came early.
// Owns no connection. Caller: replica, on its thread. Pure.
// Source: docs/consensus.md rules 18, 23 and 27.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/bft/guard.h"
#include "consensus/replica/jobs.h"
#include "consensus/replica/messages.h"

namespace treeproof::replica {

// A position in agreement: which step of which round of which height.
struct VotePosition {
  Height height;
  Round round = kNoRound;
  std::uint64_t step = 0;
  auto operator<=>(const VotePosition&) const = default;
};

class PeerBook {
 public:
  static constexpr std::size_t kEarlyPerPeerMax = 512;

  void connect(const std::string& org) { connected_.insert(org); }
  void disconnect(const std::string& org);
  const std::set<std::string>& connected() const noexcept { return connected_; }

  void note_decided(const std::string& org, Height height);
  Height highest() const;
  // A connected peer above `height` to ask next; a different one at each attempt.
  std::optional<std::string> ahead_of(Height height);

  // Messages of a later height, at most kEarlyPerPeerMax a peer, the farthest evicted; taken out
  // when their height begins. [rule 18]
  void keep_early(const std::string& org, Height height, VerifyAgreement::Message message);
  std::vector<std::pair<std::string, VerifyAgreement::Message>> take_early(Height height);

  // The highest verified vote of each organisation, to answer OwnVoteWanted. [rule 23]
  void note_vote(const std::string& org, const VotePosition& position);
  VotePosition vote_of(const std::string& org) const;
  // What peers answered of our own votes.
  void note_own(const std::string& org, const VotePosition& position);
  const std::map<std::string, VotePosition>& own_answers() const noexcept { return own_; }

 private:
  std::set<std::string> connected_;
  std::map<std::string, Height> decided_;
  std::map<std::string, std::multimap<Height, VerifyAgreement::Message>> early_;
  std::map<std::string, VotePosition> votes_;
  std::map<std::string, VotePosition> own_;
  std::uint64_t attempts_ = 0;
};

}  // namespace treeproof::replica
