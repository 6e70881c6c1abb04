// Genesis and trust files as commands and the node take them: read whole, strictly, and judged.
// Owns no form (rpc/genesis_json.h, rpc/trust_json.h). Callers: commands, node. Any thread.
// Source: docs/protocol.md sections 8 and 11.
#pragma once

#include <filesystem>
#include <string>

#include "consensus/ledger/genesis.h"
#include "consensus/proofs/verify.h"
#include "node/cli/outcome.h"

namespace treeproof::cli {

struct GenesisFile {
  std::string text;  // byte for byte: its hash names the chain
  ledger::Genesis genesis;
};
// check_genesis() held. A genesis that breaks a rule is a failure with exit code 1.
Result<GenesisFile> read_genesis_file(const std::filesystem::path& file);
// `source` names where the text came from.
Result<GenesisFile> judge_genesis(std::string text, const std::string& source);

Result<proofs::Trust> read_trust_file(const std::filesystem::path& file);

}  // namespace treeproof::cli
