// The frame of the command line: groups, commands, their help, `--json`, exit codes, and the one
// catch of the program. Owns the parser; no command. Main adds the commands and runs it; another
// family of commands is one more add_*_commands function. One thread.
// Source: docs/running.md "Commands", "Exit codes".
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "node/cli/console.h"

namespace CLI {
class App;
}

namespace treeproof::cli {

class CommandLine {
 public:
  // Requires: the console outlives this.
  CommandLine(std::string version, Console& console);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // The program itself: where commands without a group hang.
  CLI::App& root() noexcept { return *app_; }
  CLI::App& add_group(const std::string& name, const std::string& help);
  // A command below `parent` that runs with its options when it is chosen. The caller adds the
  // options to what is returned; --json is there already.
  template <class Options>
  CLI::App& add(CLI::App& parent, const std::string& name, const std::string& help,
                std::shared_ptr<Options> options, ExitCode (*command)(const Options&, Console&)) {
    return add_command(parent, name, help,
                       [options, command](Console& console) { return command(*options, console); });
  }

  // Parses, runs what was chosen; help and usage errors are its own.
  ExitCode run(int argc, const char* const* argv);

 private:
  CLI::App& add_command(CLI::App& parent, const std::string& name, const std::string& help,
                        std::function<ExitCode(Console&)> run);
  ExitCode run_chosen();

  Console& console_;
  std::unique_ptr<CLI::App> app_;
  std::function<ExitCode(Console&)> chosen_;
};

// The families of commands.
void add_signing_commands(CommandLine& line);  // keys, genesis, attachment, record
void add_season_commands(CommandLine& line);   // status, inbox, sample, allocate
void add_proof_commands(CommandLine& line);    // certificate, audit, export, store, snapshot

}  // namespace treeproof::cli
