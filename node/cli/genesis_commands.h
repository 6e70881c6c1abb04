// `treeproof genesis new|check|trust`.
// Own no form of a file. Called by main; tests.
// Source: docs/running.md "Genesis"; docs/protocol.md section 11.
#pragma once

#include <string>

#include "node/cli/console.h"

namespace treeproof::cli {

struct GenesisNewOptions {
  std::string description;  // TOML
  std::string out;
};
ExitCode genesis_new(const GenesisNewOptions& options, Console& console);

struct GenesisCheckOptions {
  std::string file;
};
// 0: a chain can start from it; 1: it breaks a rule; 2: no genesis file.
ExitCode genesis_check(const GenesisCheckOptions& options, Console& console);

struct GenesisTrustOptions {
  std::string file;
  std::string out;  // empty: the console
};
// The trust file of the chain's first validators.
ExitCode genesis_trust(const GenesisTrustOptions& options, Console& console);

}  // namespace treeproof::cli
