// `treeproof import species`: the species of files, proposed and approved with one command.
// Owns no rule of governance. Called by main; tests.
// Source: docs/importing.md "Species".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/cli/console.h"
#include "node/cli/rpc_client.h"

namespace treeproof::import {

struct SpeciesOptions {
  std::vector<std::string> files;  // CSV: lists of species, or of trees with a mapping
  std::optional<std::string> map;
  std::string habit = "tree";        // of species without a habit of their own
  std::optional<std::string> key;    // of any organisation's admin; not needed for a plan
  std::vector<std::string> approve;  // key files of validators' admins
  std::string rpc{cli::kDefaultRpcUrl};
  std::optional<std::string> refused;
  bool propose = false;  // otherwise the plan is shown and nothing is sent
};
// Species that are registered already are left as they are.
cli::ExitCode import_species(const SpeciesOptions& options, cli::Console& console);

}  // namespace treeproof::import
