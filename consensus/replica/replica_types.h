// The small values that a replica keeps between events.
// Owns nothing. Caller: ReplicaCore. Pure.
// Source: docs/consensus.md rules 20, 23 and 27.
#pragma once

#include "consensus/bft/timeouts.h"
#include "consensus/replica/effects.h"
#include "consensus/replica/mempool.h"

namespace treeproof::replica {

struct ReplicaConfig {
  std::string org;        // own organisation; votes while it is a validator and may_sign
  bool may_sign = false;  // has a guard as new as its chain (rule 23)
  bft::TimeoutParameters timeouts;
  bft::TimelinessParameters timeliness;
  std::uint64_t resend_ms = 500;
};

// A block of this height that was executed here, and when its body came (real time).
struct Candidate {
  ExecutedBlockPtr block;
  TimeMs received;
};
// What was sent to the guard and has no signature yet.
struct PendingSign {
  std::variant<bft::Proposal, bft::Vote> message;
  Height height;
};
// A decided body of a later height, while catching up.
struct EarlyBody {
  std::shared_ptr<const ledger::Block> block;
  crypto::Hash header_hash{};
  std::string from;
};
// Where a statement goes when its signature holds, besides the bodies that contain it.
struct Awaited {
  Origin origin = Origin::peer;
  Height since;  // the tip when the check began
  std::vector<Ticket> tickets;
};

}  // namespace treeproof::replica
