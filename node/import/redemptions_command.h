// `treeproof import redemptions`: the rows of a platform's books, redeemed; and `treeproof vault
// find`, what a user is told. Owns no rule (redemption_intake.h, the ledger). Called by main;
// tests. Source: docs/importing.md "Redemptions"; docs/ledger.md "redeem".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/cli/console.h"
#include "node/cli/rpc_client.h"

namespace treeproof::import {

struct RedemptionsOptions {
  std::vector<std::string> files;      // CSV
  std::string map;                     // which columns are read
  std::string campaign;                // org/ref
  std::string programme;               // org/ref: whose points
  std::optional<std::string> species;  // of all rows, where no column says so
  std::optional<std::string> pledge;   // org/ref, likewise
  std::optional<std::string> vault;    // a folder; a plan may do without
  std::optional<std::string> vault_key;
  std::string ref = "redeem";         // refs are this, a hyphen and a number
  std::uint64_t units_max = 100'000;  // of one statement
  std::optional<std::string> key;     // the platform's; not needed for a plan
  std::string rpc{cli::kDefaultRpcUrl};
  std::optional<std::string> refused;
  bool plan = false;
};
cli::ExitCode import_redemptions(const RedemptionsOptions& options, cli::Console& console);

struct VaultKeyOptions {
  std::string out;
};
cli::ExitCode vault_key(const VaultKeyOptions& options, cli::Console& console);

struct VaultFindOptions {
  std::string vault;
  std::string key;  // of the vault
  std::string id;   // of a row
};
// Units, commitments and salts of one row. Exit code 1 where the vault holds none of this id.
cli::ExitCode vault_find(const VaultFindOptions& options, cli::Console& console);

}  // namespace treeproof::import
