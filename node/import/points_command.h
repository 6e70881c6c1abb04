// `treeproof points`: the tree of the accounts that points were issued to, and the proofs that its
// users keep. Owns no rule (crypto/sum_tree.h, the ledger). Called by main; tests.
// Source: docs/importing.md "Points"; docs/protocol.md section 9.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/cli/console.h"
#include "node/cli/rpc_client.h"

namespace treeproof::import {

struct PointsRootOptions {
  std::vector<std::string> files;  // CSV
  std::string map;                 // which columns are read
  std::string issue;               // org/ref of the statement to be
  std::string vault;               // a folder for the users' references and salts
  std::string vault_key;
  std::optional<std::string> refused;
};
// Accounts, grams and root, as issue_points says them. Exit code 1 where a row is refused, or the
// vault has other accounts of this issue.
cli::ExitCode points_root(const PointsRootOptions& options, cli::Console& console);

struct PointsProveOptions {
  std::string user;   // the reference in the files
  std::string issue;  // org/ref
  std::string vault;
  std::string vault_key;
  std::string out;
};
// The file that shows a user her points. Exit code 1 where the vault has none of hers.
cli::ExitCode points_prove(const PointsProveOptions& options, cli::Console& console);

struct PointsVerifyOptions {
  std::string file;
  std::string rpc{cli::kDefaultRpcUrl};
};
// Against the record that a node shows. Exit code 1 where the proof does not hold.
cli::ExitCode points_verify(const PointsVerifyOptions& options, cli::Console& console);

}  // namespace treeproof::import
