// `treeproof store check`: a node's folder recomputed from its own blocks; its journal and, with
// the node's key, its sign guard read. Own no check (store/store.h, store/durable_files.h). Called
// by main; tests. Source: docs/running.md "Store"; docs/consensus.md rule 24.
#pragma once

#include <string>

#include "node/cli/console.h"

namespace treeproof::cli {

struct StoreCheckOptions {
  std::string home;
  std::string genesis;
  std::string key;  // of the node, beside its sign guard; empty: the guard is not looked at
};
// 0: whole; 1: findings, each with what to do; 2: could not be opened. The node must not run.
ExitCode store_check(const StoreCheckOptions& options, Console& console);

}  // namespace treeproof::cli
