// A chain made without agreement: blocks that every validator of their height certifies.
// Owns a store with all of it. Callers: tests of the store, of catching up. One thread.
// Source: docs/consensus.md rule 27.
#pragma once

#include <span>

#include "consensus/replica/chain.h"
#include "tests/simulation/consortium.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::simulation {

// Signed by all validators of the store's next height. Requires: the block is of that height.
bft::CommitCertificate certificate_of(const replica::ExecutedBlock& block,
                                      const Consortium& consortium, const MemoryStore& store);

class History {
 public:
  // The consortium outlives the history.
  explicit History(const Consortium& consortium);

  // The next block, a second after the last one. Requires: no rule refuses a statement.
  const replica::Commit& extend(std::span<const ledger::StatementPtr> statements = {});
  void extend_by(std::uint64_t heights);
  // At the time of the next block.
  ledger::StatementPtr sign(const std::string& org, const ledger::Payload& payload) const;

  MemoryStore& store() noexcept { return store_; }
  const MemoryStore& store() const noexcept { return store_; }
  Height height() const { return store_.tip().height; }

 private:
  TimeMs next_time() const { return {store_.tip().time.value + 1'000}; }
  const Consortium& consortium_;
  MemoryStore store_;
  replica::Chain chain_;
};

}  // namespace treeproof::simulation
