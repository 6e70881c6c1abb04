// Validator sets that change while everything else goes wrong: one seat at a time leaves or comes
// back, by a proposal and the approvals of the others.
// Owns the proposal that is under way. Caller: the simulated world, through its governance hook.
// One thread. Source: docs/ledger.md "Several signers"; docs/consensus.md rule 26.
#pragma once

#include <memory>

#include "consensus/ledger/statement.h"

namespace treeproof::simulation {

class World;

class Elections {
 public:
  // Once a second: proposes, or hands in again what nobody answered.
  void operator()(World& world);

 private:
  struct Ballot {
    std::uint64_t number = 0;
    ledger::StatementPtr proposal;
    bool recorded = false;
    std::uint64_t patience_s = 0;
  };
  void propose(World& world);
  void hand_in(World& world);
  void approve(World& world);
  std::shared_ptr<Ballot> ballot_ = std::make_shared<Ballot>();  // answers may come later
};

}  // namespace treeproof::simulation
