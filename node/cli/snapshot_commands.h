// `treeproof snapshot create|restore`: the state of a stopped node as one file, and a node's folder
// made from such a file, of which nothing is believed but what the trust file's validators signed.
// Own no check (store/restoration.h). Called by main; tests.
// Source: docs/running.md "Snapshots"; docs/consensus.md rule 28.
#pragma once

#include <string>

#include "node/cli/console.h"

namespace treeproof::cli {

struct SnapshotCreateOptions {
  std::string file;
  std::string home;
  std::string genesis;
};
// 0: written; 1: there is nothing to write; 2: could not be written. The node must not run.
ExitCode snapshot_create(const SnapshotCreateOptions& options, Console& console);

struct SnapshotRestoreOptions {
  std::string file;
  std::string home;
  std::string genesis;
  std::string trust;
};
// 0: the home holds it; 1: the snapshot is refused; 2: could not be done. The home is new or empty.
ExitCode snapshot_restore(const SnapshotRestoreOptions& options, Console& console);

}  // namespace treeproof::cli
