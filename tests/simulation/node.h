// One simulated node: what is on its disk, the replica while it runs, and its clock.
// Owns all of it. Caller: the simulated world. One thread.
// Source: docs/architecture.md "The path of a signed record".
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "consensus/replica/replica.h"
#include "consensus/replica/snapshot_seeker.h"
#include "tests/simulation/byzantine.h"
#include "tests/simulation/disk.h"

namespace treeproof::simulation {

struct Node {
  Node(const MemoryStore& empty, const crypto::SecretKey& key) : disk(empty, key) {}

  Disk disk;
  std::optional<Disk> backup;  // an older copy of all of it
  std::optional<replica::Replica> replica;
  std::unique_ptr<replica::SnapshotSeeker> seeker;  // null: it never begins at a snapshot
  std::optional<MemoryStore> due;                   // waits for the block after it: a snapshot then
  const crypto::SecretKey* new_key = nullptr;       // waits for the chain to register it
  std::unique_ptr<ByzantineActor> actor;            // null: a correct node
  std::deque<replica::Event> inbox;                 // while it pauses or waits for its disk
  bool attended = false;                            // its inbox is on the agenda
  std::uint64_t ready_at_us = 0;
  std::int64_t skew_ms = 0;
  std::uint64_t life = 0;  // counts starts; what an earlier life posted is void
  std::map<replica::TimerId, std::uint64_t> timers;  // the newest of each counts
  std::uint64_t next_timer = 0;
  std::set<crypto::Hash> checked;  // leaves of statements checked in this life
};

}  // namespace treeproof::simulation
