// What is worth a second look in a statement that every rule lets pass: often a slip of the pen,
// never a reason to refuse, so that nodes need not agree on it.
// Owns the thresholds. Caller: record_dryRun. Safe from any thread.
// Source: docs/ledger.md "Warnings" (I6, I8).
#pragma once

#include <string_view>
#include <vector>

#include "consensus/ledger/reason.h"
#include "consensus/ledger/state.h"
#include "consensus/ledger/statement.h"

namespace treeproof::rpc {

struct Warning {
  std::string_view name;      // stable, such as "plot_country_implausible"
  std::string_view sentence;  // what it is, and what to do
  ledger::Numbers numbers;
};

// Requires: the rules of the payload's type hold in this state (it may still wait for consents).
std::vector<Warning> warnings_of(const ledger::Payload& payload, const ledger::StateReader& state);

}  // namespace treeproof::rpc
