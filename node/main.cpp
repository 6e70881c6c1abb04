// The one program: every command hangs on the command line here.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "node/cli/command_line.h"
#include "node/node.h"

namespace {

using namespace treeproof;

void add_node_command(cli::CommandLine& line) {
  auto options = std::make_shared<node::NodeOptions>();
  line.add(line.root(), "node",
           "Run a node until SIGTERM or SIGINT: peers, the JSON-RPC port, the explorer", options,
           node::run_node)
      .add_option("--config", options->config, "The node's TOML file")
      ->required();
}

}  // namespace

int main(int argc, char** argv) {
  cli::Console console(std::cin, std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1);
  cli::CommandLine line("treeproof " TREEPROOF_VERSION, console);
  add_node_command(line);
  cli::add_season_commands(line);
  cli::add_signing_commands(line);
  cli::add_proof_commands(line);
  const cli::ExitCode code = line.run(argc, argv);
  std::cout.flush();
  return static_cast<int>(code);
}
