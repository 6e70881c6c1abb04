// `treeproof demo`: a whole consortium on this machine, real processes, a season of three years in
// under a minute, and a certificate verified offline in the end.
// Owns the processes and the folder while it runs. Called by main. One thread.
// Source: docs/running.md "The demo".
#pragma once

#include <filesystem>
#include <optional>

#include "node/cli/console.h"

namespace treeproof::demo {

enum class Afterwards : std::uint8_t { serve, exit };

struct DemoOptions {
  std::optional<std::filesystem::path> home;  // empty folder; by default a temporary one
  std::uint16_t peer_port = 8650;
  std::uint16_t rpc_port = 8640;
  std::size_t validators = 4;                 // to 7
  Afterwards afterwards = Afterwards::serve;  // until Ctrl-C
};

cli::ExitCode run_demo(const DemoOptions& options, cli::Console& console);

}  // namespace treeproof::demo
