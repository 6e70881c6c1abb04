// The genesis file: JSON text to ledger::Genesis and back.
// Owns no rule (ledger::check_genesis) and no file. Callers: node, cli. Pure; safe from any thread.
// Source: docs/protocol.md section 11; docs/api.md "The genesis file".
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "consensus/ledger/genesis.h"
#include "rpc/json_reader.h"

namespace treeproof::rpc {

inline constexpr std::size_t kGenesisBytesMax = 4u << 20;

// Strict in form; file_hash is that of exactly these bytes. Left out: parameters take their
// default, clock is none. check_genesis() judges the rest.
std::expected<ledger::Genesis, JsonFault> parse_genesis(std::string_view text);
// For people: indented, every parameter, one newline at the end. file_hash plays no part.
std::string genesis_to_text(const ledger::Genesis& genesis);

}  // namespace treeproof::rpc
