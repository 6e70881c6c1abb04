// The replica: one organisation's part in agreement, as a machine that takes events and returns
// effects.
// Owns no socket, disk, clock or thread: the host does its effects in order and one after the
// other. Callers: node's host, the simulator. One thread.
// Source: docs/architecture.md "The path of a signed record"; docs/consensus.md.
#pragma once

#include <memory>

#include "consensus/bft/agreement.h"
#include "consensus/replica/vote_right.h"

namespace treeproof::replica {

class ReplicaCore;

class Replica {
 public:
  Replica(ReplicaConfig config, Chain chain);
  ~Replica();
  Replica(Replica&&) noexcept;
  Replica& operator=(Replica&&) noexcept;

  // Once, before any event: the journal of the current height, oldest first; then the first
  // effects of life. No message is taken before. [rule 22]
  Effects start(std::span<const Journal> journal, const Now& now);
  Effects step(Event event, const Now& now);

  const Chain& chain() const noexcept;
  const bft::Agreement& agreement() const noexcept;
  const Mempool& pool() const noexcept;
  Height highest_seen() const;
  Voting voting() const;  // in the height that is being decided
  // It is behind, and nobody who is connected gives the next block, for long.
  bool is_starved() const;

 private:
  std::unique_ptr<ReplicaCore> core_;
};

}  // namespace treeproof::replica
