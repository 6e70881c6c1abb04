// Verified evidence that no block holds yet: bounded, a few pieces for each accused, one for each
// offence.
// Owns no rule (the ledger says what can still be recorded) and no storage. Caller: replica, on its
// thread. Pure.
// Source: docs/consensus.md rule 25; docs/protocol.md section 6.
#pragma once

#include <map>
#include <vector>

#include "consensus/ledger/conviction.h"
#include "consensus/replica/jobs.h"

namespace treeproof::replica {

class EvidencePool {
 public:
  static constexpr std::size_t kPerAccusedMax = 4;
  static constexpr std::size_t kTotalMax = 256;

  // Whether evidence of this offence would be kept: there is none yet, there is room, and a block
  // of height `next` could record it on top of `state`.
  bool wants(const Offence& offence, const ledger::StateReader& state, Height next) const;
  // Requires: wants().
  void add(const bft::VerifiedEvidence& evidence, const ledger::StateReader& state);
  // Of this offence; null where none is held.
  const bft::VerifiedEvidence* find(const Offence& offence) const;

  // What goes into the next block, ascending by offence, within the limits of a block; first what
  // convicts somebody who is not convicted yet.
  std::vector<bft::VerifiedEvidence> select() const;
  // Whether a block is due on its account: it convicts somebody anew. What only adds to a sentence
  // waits for a block that is made anyway, else a marked validator could drive the chain.
  bool is_due() const;
  // After a block: drops what can no longer be recorded, and names it.
  std::vector<crypto::Hash> settle(const ledger::StateReader& state, Height next);

  std::vector<bft::VerifiedEvidence> all() const;  // ascending by offence
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    bft::VerifiedEvidence evidence;
    Offence offence;
    bool convicts_anew = true;
  };
  std::map<crypto::Hash, Entry> entries_;  // by offence
};

}  // namespace treeproof::replica
