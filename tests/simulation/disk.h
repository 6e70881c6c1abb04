// The disk of a simulated node: the store, the journal with what is not synced yet, the node key
// with its guard, snapshots for peers.
// What a crash leaves of journal and guard is decided by the bytes and the readers of the real
// ones. Owns what is on it. Caller: the simulated world. One thread. Source: docs/consensus.md
// rules 20 to 24.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "consensus/bft/guard.h"
#include "consensus/replica/effects.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::simulation {

// What a crash does to the journal beyond losing what was not synced.
enum class JournalFault : std::uint8_t {
  none,
  torn,        // some bytes of the unsynced records were written
  misdirected  // they were written over what had been durable
};

// The sign guard: what it says, and its two slots.
class Guard {
 public:
  const bft::GuardState& state() const noexcept { return state_; }
  bft::GuardState raised(const replica::RaiseFloor& floor) const;  // not written yet
  void write(const bft::GuardState& next);
  // Power fails while the slot is written: any number of the bytes of its record may be there.
  void tear(const bft::GuardState& next, std::uint64_t random);

 private:
  void put(const bft::GuardState& next, std::size_t bytes);
  bft::GuardState state_;
  crypto::Bytes file_ = bft::new_guard_file();
};

// What a node offers to peers, whole. [rule 28]
struct KeptSnapshot {
  replica::SnapshotOffer offer;
  std::shared_ptr<const crypto::Bytes> bytes;
  std::optional<replica::SnapshotPart> part(std::uint64_t index) const;
};
KeptSnapshot keep(Height height, crypto::Bytes bytes);

struct Disk {
  Disk(const MemoryStore& empty, const crypto::SecretKey& own) : store(empty), key(&own) {}

  MemoryStore store;
  std::vector<replica::Journal> journal;
  std::vector<replica::Journal> unsynced;
  const crypto::SecretKey* key;  // lives as long as the world
  Guard guard;
  std::optional<Height> fork;                      // in which an alarm was recorded
  std::map<crypto::Hash, bft::Evidence> evidence;  // by offence: what no block holds yet
  std::vector<KeptSnapshot> snapshots;             // the two newest, ascending
  std::optional<MemoryStore> restored;             // whole, beside the empty store

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
    snapshots.clear();
    restored.reset();
    void_journal();
  }
};

}  // namespace treeproof::simulation
