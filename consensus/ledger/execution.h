// A block being built or checked: statements one after the other over the state before it.
// The same code serves the proposer, the validator, catch-up and the auditor.
// Owns the overlay of one block. Callers: replica, cli audit, dry run. Pure; one thread.
// Source: docs/protocol.md sections 3 and 6; docs/architecture.md "The path of a signed record".
#pragma once

#include <expected>
#include <vector>

#include "consensus/ledger/conviction.h"
#include "consensus/ledger/rules.h"
#include "crypto/state_map.h"

namespace treeproof::ledger {

struct BlockEffects {
  StateChanges changes;
  std::vector<AllocationLinks> links;
};

// The result of judging one statement against one state; only check_statement makes it.
class CheckedStatement {
 public:
  const VerifiedStatement& statement() const noexcept { return statement_; }

 private:
  friend class BlockExecution;
  friend std::expected<CheckedStatement, Refusal> check_statement(const VerifiedStatement&,
                                                                  const StateReader&,
                                                                  const BlockContext&);
  CheckedStatement(VerifiedStatement statement, BlockEffects effects)
      : statement_(std::move(statement)), effects_(std::move(effects)) {}
  VerifiedStatement statement_;
  BlockEffects effects_;
};

// Pure: what would happen if this statement stood in this block on top of `state`.
std::expected<CheckedStatement, Refusal> check_statement(const VerifiedStatement& statement,
                                                         const StateReader& state,
                                                         const BlockContext& block);
// Every rule of the type with passed, failed or not reached, and its numbers; touches no state.
std::vector<RuleResult> explain_statement(const VerifiedStatement& statement,
                                          const StateReader& state, const BlockContext& block);

class BlockExecution {
 public:
  // Opens the block: block.log_index is that of its first statement. Writes what every block
  // writes (the header hash that samples are drawn from, the day that it begins).
  BlockExecution(const StateReader& before, BlockContext block);

  // Applies the whole effect, or refuses and changes nothing.
  std::expected<void, Refusal> add(const VerifiedStatement& statement);
  // After the last statement: records the convictions, all or none of them, and lets the convicted
  // leave the set. A refusal makes the block invalid; a proposer asks check_offence beforehand.
  std::expected<void, Refusal> convict(std::span<const Conviction> convictions);
  // Closes the block and gives its effects, the validators of the next height among them.
  BlockEffects finish();

  const State& state() const noexcept { return state_; }

 private:
  BlockContext block_;
  State state_;
  std::vector<AllocationLinks> links_;
};

// The changes as the state map takes them: SHA-256(namespace || 0x00 || id) and SHA-256(value).
std::vector<crypto::StateMapChange> map_changes(const StateChanges& changes);

}  // namespace treeproof::ledger
