// `treeproof node`: a whole node made of its parts and run until it is told to stop.
// Owns every part while it runs: key, guard, store, journal, host, HTTP server, the signals'
// thread. Called by main. Source: docs/running.md "Running a node".
#pragma once

#include <string>

#include "node/cli/console.h"

namespace treeproof::node {

struct NodeOptions {
  std::string config;  // TOML
};
// 0: stopped by SIGTERM or SIGINT, everything durable; 2: could not start, or had to stop.
cli::ExitCode run_node(const NodeOptions& options, cli::Console& console);

}  // namespace treeproof::node
