// The one program: every command hangs on the command line here.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "node/cli/command_line.h"
#include "node/demo/demo.h"
#include "node/import/command_line_import.h"
#include "node/node.h"

namespace {

using namespace treeproof;

void add_node_command(cli::CommandLine& line) {
  auto options = std::make_shared<node::NodeOptions>();
  line.add(line.root(), "node",
           "Run a node until SIGTERM or SIGINT: peers, the JSON-RPC port, the explorer", options,
           node::run_node)
      .add_option("--config", options->config,
                  "The node's TOML file; docs/running.md \"Configuration\" shows one")
      ->required();
}

void add_demo_command(cli::CommandLine& line) {
  auto options = std::make_shared<demo::DemoOptions>();
  auto& demo = line.add(line.root(), "demo",
                        "A whole consortium on this machine: real processes, a season of three "
                        "years in under a minute, the explorer on http://127.0.0.1:8640",
                        options, demo::run_demo);
  demo.add_option("--home", options->home, "An empty folder to keep; default: a temporary one");
  demo.add_option("--validators", options->validators, "How many validators: 4 to 7")
      ->capture_default_str();
  demo.add_option("--rpc-port", options->rpc_port,
                  "The first HTTP port; each node takes one, the observer the fifth")
      ->capture_default_str();
  demo.add_option("--peer-port", options->peer_port, "The first peer port, likewise")
      ->capture_default_str();
  demo.add_flag_callback(
      "--once", [options] { options->afterwards = demo::Afterwards::exit; },
      "Exit after the checks: 0 when all of them hold");
}

}  // namespace

int main(int argc, char** argv) {
  cli::Console console(std::cin, std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1);
  cli::CommandLine line("treeproof " TREEPROOF_VERSION, console);
  add_node_command(line);
  add_demo_command(line);
  cli::add_season_commands(line);
  import::add_import_commands(line);
  cli::add_signing_commands(line);
  cli::add_proof_commands(line);
  const cli::ExitCode code = line.run(argc, argv);
  std::cout.flush();
  return static_cast<int>(code);
}
