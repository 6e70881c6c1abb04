// Whether this node may sign, and above what: its key and its seat, the age of its guard, what
// peers hold of its own messages, and whether it saw what cannot be.
// Owns no guard and no signature: the host signs. Caller: ReplicaCore, on its thread. Pure.
// Source: docs/consensus.md rules 23 and 25; docs/adr/0007, 0010 and 0022.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "consensus/replica/replica_types.h"

namespace treeproof::replica {

// Why a node votes, or only follows; texts are for the operator.
enum class Voting : std::uint8_t {
  yes,
  no_guard,     // no node key with a guard beside it
  older_guard,  // than the chain: it may come from a backup
  no_seat,
  another_key,  // the seat votes with a newer node key
  alarmed
};
std::string_view to_string(Voting voting) noexcept;

class VoteRight {
 public:
  VoteRight(const ReplicaConfig& config, const Chain& chain);

  Voting with(const ValidatorSet& validators) const;

  // [rule 23] The key may sign once it is known which messages of ours a quorum holds.
  bool is_settled() const noexcept { return settled_; }
  bool wants_answers() const noexcept { return guard_ && !settled_ && alarms_.empty(); }
  // Whether this is a message by our key that says more than what is known to be signed.
  bool is_news(const SignedMessage& message) const;
  const crypto::PublicKey& key() const { return own_->key; }
  // An answer: `proven` is the place of a message whose signature by our key holds. Of nobody: such
  // a message came unasked.
  void hear(const std::string& org, Height decided, std::optional<bft::SignPosition> proven);
  // True once: we vote, and more than 2/3 of the power, ours included, have answered.
  bool settle(const ValidatorSet& validators);
  // A message of ours that this node holds or held, as signed.
  void note_own(const bft::SignPosition& place) noexcept { known_ = std::max(known_, place); }
  // What must not be signed again where this message of ours is out there. One that this node does
  // not hold may stand on a lock that it forgot: it is silent to the end of that height.
  bft::SignPosition floor_at(const bft::SignPosition& proven) const;
  // What must not be signed again, as the answers say.
  std::optional<bft::SignPosition> floor(const ValidatorSet& validators) const;

  // The guard of a key that may sign follows the chain: up to where it has recorded anything.
  bool guard_lags(Height height) const noexcept { return guard_ && *guard_ < height; }
  void note_guard(Height height) noexcept;

  // [rule 25] Votes no more. False: this kind was seen before.
  bool alarm(bft::AlarmKind kind) { return alarms_.insert(kind).second; }
  bool saw(bft::AlarmKind kind) const { return alarms_.contains(kind); }

 private:
  Height said_decided(const ValidatorSet& validators) const;

  std::string org_;
  std::optional<NodeKey> own_;
  std::optional<Height> guard_;  // set where the key may sign: up to where the guard has recorded
  bool settled_ = false;
  std::map<std::string, Height> answers_;    // what each says it has decided
  std::optional<bft::SignPosition> proven_;  // the highest
  bft::SignPosition known_;
  std::set<bft::AlarmKind> alarms_;
};

}  // namespace treeproof::replica
