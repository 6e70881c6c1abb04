// What a consortium writes down before its chain begins, as a TOML file: organisations with their
// key files, validators, species, parameters, a test chain's clock.
// Owns the description's grammar; ledger::check_genesis judges the result. Callers: genesis new.
// Source: docs/running.md "Genesis".
#pragma once

#include <filesystem>

#include "consensus/ledger/genesis.h"
#include "node/cli/outcome.h"

namespace treeproof::cli {

// Paths of key files are relative to the description's folder. Of each key file only organisation,
// roles and public key are taken. A missing `time` is the system's.
Result<ledger::Genesis> read_genesis_description(const std::filesystem::path& file);

}  // namespace treeproof::cli
