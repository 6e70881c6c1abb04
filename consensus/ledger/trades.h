// Who may sign what, and what is asked of it: one row per type of statement.
// Owns the tables, no rule. Callers: judge_envelope, explain_statement, documentation. Pure.
// Source: docs/ledger.md "Who" and the table of types.
#pragma once

#include <span>

#include "consensus/ledger/names.h"
#include "consensus/ledger/reason.h"
#include "consensus/ledger/statement.h"

namespace treeproof::ledger {

struct Trade {
  std::string_view type;
  std::span<const KeyRole> key_roles;  // the key has one of them
  std::span<const OrgRole> org_roles;  // the organisation has one of them; empty: any will do
  std::span<const Reason> rules;       // its own, between the envelope's and consents_missing
};

// One row per alternative of Payload, in that order.
std::span<const Trade> trades() noexcept;
const Trade& trade_of(const Payload& payload) noexcept;

// Every rule of the payload's type, in the order in which they are asked: those of the envelope
// first, then the trade's own, then consents_missing.
std::vector<Reason> rules_of(const Payload& payload);

}  // namespace treeproof::ledger
