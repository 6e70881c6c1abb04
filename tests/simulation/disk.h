// The disk of a simulated node: the store, the journal with what is not synced yet, the node key
// with its guard.
// What a crash leaves of the journal is decided by the bytes and the reader of the real one.
// Owns what is on it. Caller: the simulated world. One thread.
// Source: docs/consensus.md rules 20 to 24.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "consensus/bft/guard.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::simulation {

// What a crash does to the journal beyond losing what was not synced.
enum class JournalFault : std::uint8_t {
  none,
  torn,        // some bytes of the unsynced records were written
  misdirected  // they were written over what had been durable
};

struct Disk {
  Disk(const MemoryStore& empty, const crypto::SecretKey& own) : store(empty), key(&own) {}

  MemoryStore store;
  std::vector<replica::Journal> journal;
  std::vector<replica::Journal> unsynced;
  const crypto::SecretKey* key;  // lives as long as the world
  bft::GuardState guard;
  std::optional<Height> fork;                      // in which an alarm was recorded
  std::map<crypto::Hash, bft::Evidence> evidence;  // by offence: what no block holds yet

  void sync() {
    journal.insert(journal.end(), unsynced.begin(), unsynced.end());
    unsynced.clear();
  }
  void void_journal() {
    journal.clear();
    unsynced.clear();
  }
  // The power fails. False: the journal does not open any more, and says which tool to run.
  using Random = std::function<std::uint64_t(std::uint64_t below)>;
  bool crash(JournalFault fault, const Random& random);
  // What the manual tells an operator to do then: an empty folder; key and guard stay.
  void wipe(const MemoryStore& empty) {
    store = empty;
    evidence.clear();
    void_journal();
  }
};

}  // namespace treeproof::simulation
