// `treeproof import plots`: the areas of a GeoJSON file, registered as plots.
// Owns no rule of outlines (outlines.h, the ledger). Called by main; tests.
// Source: docs/importing.md "Plots"; docs/ledger.md "plot", I6, I7.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/cli/console.h"
#include "node/cli/rpc_client.h"
#include "node/import/outlines.h"

namespace treeproof::import {

struct PlotsOptions {
  std::string file;  // GeoJSON
  PropertyNames properties;
  std::string country;  // ISO 3166-1 alpha-2
  std::string layer = "canopy";
  std::uint64_t capacity = 0;  // stems of each plot
  std::uint32_t uncertainty_m = 0;
  std::optional<std::string> land_right;  // org/ref of an evidence
  std::optional<std::string> key;         // not needed for a plan
  std::optional<std::string> confirm;     // a verifier's key file: confirms the capacities
  std::string rpc{cli::kDefaultRpcUrl};
  std::optional<std::string> refused;
  bool plan = false;
};
cli::ExitCode import_plots(const PlotsOptions& options, cli::Console& console);

}  // namespace treeproof::import
