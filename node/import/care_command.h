// `treeproof import observations` and `treeproof import mortality`: what was seen of trees that are
// recorded. Owns no rule (sighting_intake.h, care_statements.h, the ledger). Called by main; tests.
// Source: docs/importing.md "Observations and deaths"; docs/ledger.md "observe", "mortality".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/cli/console.h"
#include "node/cli/rpc_client.h"

namespace treeproof::import {

struct CareOptions {
  std::vector<std::string> files;    // CSV
  std::string map;                   // which columns are read
  std::optional<std::string> day;    // of rows without a column of days: 2014-11-17
  std::optional<std::string> cause;  // of deaths without a column of causes
  std::vector<std::string> books;    // of ids (id_book.h): rows name trees by them
  std::optional<std::string> of;     // whose trees are found by place; the signer's own otherwise
  std::string ref;                   // refs are this, "-" and a hash of the rows
  std::optional<std::string> key;    // planter's, verifier's or observer's
  std::string rpc{cli::kDefaultRpcUrl};
  std::optional<std::string> refused;
  bool plan = false;
};
cli::ExitCode import_observations(const CareOptions& options, cli::Console& console);
cli::ExitCode import_mortality(const CareOptions& options, cli::Console& console);

}  // namespace treeproof::import
