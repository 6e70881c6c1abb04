// A payload of each type with every field filled in: what `record new` prints to start from.
// Owns nothing. Callers: record new, tests. Pure.
// Source: docs/ledger.md "Statements".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consensus/ledger/statement.h"

namespace treeproof::cli {

// "plant", "redeem", ...; a proposal for each kind of change: "propose:species_put".
std::vector<std::string> template_names();
// Well-formed, with placeholder values; nothing for an unknown name.
std::optional<ledger::Payload> payload_template(std::string_view name);

}  // namespace treeproof::cli
