// `treeproof store check`: a node's folder recomputed from its own blocks.
// Own no check (store/store.h). Called by main; tests.
// Source: docs/running.md "Store"; docs/consensus.md rule 24.
#pragma once

#include <string>

#include "node/cli/console.h"

namespace treeproof::cli {

struct StoreCheckOptions {
  std::string home;
  std::string genesis;
};
// 0: whole; 1: findings; 2: could not be opened. The node must not run.
ExitCode store_check(const StoreCheckOptions& options, Console& console);

}  // namespace treeproof::cli
