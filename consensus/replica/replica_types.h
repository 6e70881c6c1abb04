// The small values that a replica keeps between events.
// Owns nothing. Caller: ReplicaCore. Pure.
// Source: docs/consensus.md rules 20, 23 and 27.
#pragma once

#include <functional>

#include "consensus/bft/timeouts.h"
#include "consensus/replica/effects.h"
#include "consensus/replica/mempool.h"

namespace treeproof::replica {

// The key that this node signs with, and up to which height the guard beside it has recorded.
struct NodeKey {
  crypto::PublicKey key;
  Height guard;
};
// What the host committed at a height, and who had to certify it.
struct PastDecision {
  bft::CommitCertificate certificate;
  ValidatorsPtr validators;
};

struct ReplicaConfig {
  std::string org;                  // own organisation; votes while its seat has the key below
  std::optional<NodeKey> node_key;  // nothing: no guard, it only follows [rule 23]
  std::optional<Height> fork;       // two quorums were seen there: silent for good [rule 25]
  // Reads the store, at a height up to its tip; nothing where it holds none.
  std::function<std::optional<PastDecision>(Height)> past;
  bft::TimeoutParameters timeouts;
  bft::TimelinessParameters timeliness;
  std::uint64_t resend_ms = 500;
  // Stored, and announced by no committed statement, when this life begins.
  std::vector<crypto::Hash> unclaimed_attachments = {};
};

// A block of this height that was executed here, and when its body came (real time).
struct Candidate {
  ExecutedBlockPtr block;
  TimeMs received;
};
// Where this height stands: since when, who is to propose, and what waits for it.
struct Turn {
  TimeMs since;                       // real time
  std::optional<Round> value_wanted;  // agreement asks for a block to propose
  bool propose_timer_held = false;    // until there is something to propose [rule 29]
  std::optional<TimeMs> propose_due;  // real time at which the propose timer fires
  bool heartbeat_due = false;
  bool resend_ticked = false;  // since this height began
  Round round_announced;
};
// What was sent to the guard and has no signature yet.
struct PendingSign {
  std::variant<bft::Proposal, bft::Vote> message;
  Height height;
};
// Where a statement goes when its signature holds, besides the bodies that contain it.
struct Awaited {
  Origin origin = Origin::peer;
  Height since;  // the tip when the check began
  std::vector<Ticket> tickets;
};

}  // namespace treeproof::replica
