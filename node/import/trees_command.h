// `treeproof import trees`: the trees of CSV files, recorded as inventories or plantings.
// Owns no rule of trees (tree_intake.h, the ledger). Called by main; tests.
// Source: docs/importing.md "Trees"; docs/ledger.md "plant", "inventory".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/cli/console.h"
#include "node/cli/rpc_client.h"
#include "node/import/outlines.h"

namespace treeproof::import {

struct TreesOptions {
  std::vector<std::string> files;        // CSV
  std::string map;                       // which columns are read
  std::optional<std::string> plot_from;  // the column that names the plot; else the mapping's
  std::optional<std::string> plot;       // or the ref of the one plot of all rows
  bool locate = false;                   // or a row's plot is the one that it stands on
  std::string as = "inventory";          // or plant
  std::optional<std::string> campaign;   // org/ref
  std::optional<std::string> pledge;     // org/ref
  std::optional<std::string> method;     // none for an inventory, seedling for a planting
  std::uint32_t precision_m = 0;         // of published positions that are coarser than measured
  std::optional<std::string> skip_day;   // stands for no date: 2018-11-25
  std::string ref = "trees";             // refs are this, "-" and the plot's
  std::optional<std::string> book;       // a file for ids and their trees (id_book.h)
  std::optional<std::string> key;        // a planter's; not needed for a plan without a node
  std::string rpc{cli::kDefaultRpcUrl};
  std::optional<std::string> refused;
  bool plan = false;
  // A plan without a node: outlines from a file, and species lists that count as registered.
  std::optional<std::string> areas;  // GeoJSON
  PropertyNames properties;
  std::uint32_t uncertainty_m = 0;
  std::vector<std::string> species;
};
cli::ExitCode import_trees(const TreesOptions& options, cli::Console& console);

}  // namespace treeproof::import
