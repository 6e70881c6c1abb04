// What governance decides while everything else goes wrong: one seat at a time leaves or comes
// back, by a proposal and the approvals of the others; who was convicted is reinstated first; one
// organisation after the other gets a new node key.
// Owns the proposal and the rotation that are under way. Caller: the simulated world, through its
// governance hook. One thread. Source: docs/ledger.md "Several signers"; docs/consensus.md rule 26.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "consensus/ledger/statement.h"

namespace treeproof::simulation {

class World;

// Reinstates a convicted organisation, or else takes or gives a seat.
std::optional<ledger::Change> forgiving_change(World& world);

class Elections {
 public:
  // What to propose next; nothing: not now.
  using Choice = std::function<std::optional<ledger::Change>(World&)>;
  explicit Elections(Choice choice = forgiving_change) : choice_(std::move(choice)) {}

  // Once a second: proposes, or hands in again what nobody answered.
  void operator()(World& world);

 private:
  struct Ballot {
    std::uint64_t number = 0;
    ledger::StatementPtr proposal;
    bool recorded = false;
    std::uint64_t patience_s = 0;
  };
  struct Rotation {
    std::uint64_t number = 0;
    ledger::StatementPtr statement;
    bool answered = false;
  };
  void rotate(World& world);
  void propose(World& world);
  void hand_in(World& world);
  void approve(World& world);
  Choice choice_;
  std::shared_ptr<Ballot> ballot_ = std::make_shared<Ballot>();  // answers may come later
  std::shared_ptr<Rotation> rotation_ = std::make_shared<Rotation>();
};

}  // namespace treeproof::simulation
