#include "node/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

namespace treeproof::cli {

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done; 1 done, and the answer is no (refused, not valid, not found, findings);\n"
    "2 could not be done (usage, file, network). Errors say what is wrong and what to do.";

}  // namespace

CommandLine::CommandLine(std::string version, Console& console)
    : console_(console),
      app_(std::make_unique<CLI::App>(
          "Treeproof: organisations agree on signed records that link redeemed points to trees.",
          "treeproof")) {
  app_->require_subcommand(1);
  app_->footer(kFooter);
  app_->set_version_flag("--version", std::move(version));
  app_->get_formatter()->column_width(32);
}

CommandLine::~CommandLine() = default;

CLI::App& CommandLine::add_group(const std::string& name, const std::string& help) {
  CLI::App* group = app_->add_subcommand(name, help);
  group->require_subcommand(1);
  return *group;
}

CLI::App& CommandLine::add_command(CLI::App& parent, const std::string& name,
                                   const std::string& help,
                                   std::function<ExitCode(Console&)> chosen) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_flag("--json")->description("Print JSON instead of text");  // read by run()
  command->callback([this, chosen = std::move(chosen)] { chosen_ = chosen; });
  return *command;
}

ExitCode CommandLine::run_chosen() {
  try {
    return chosen_(console_);
  } catch (const nlohmann::json::exception& problem) {
    return console_.report({"The node answered in another form than this program knows: " +
                                std::string(problem.what()) + ".",
                            "Check that this program and the node are of the same version."});
  } catch (const std::exception& problem) {
    return console_.report({"It could not be done: " + std::string(problem.what()) + ".",
                            "Check the memory and the disk of this machine, and try again."});
  }
}

ExitCode CommandLine::run(int argc, const char* const* argv) {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  const auto is_json = [](const char* argument) { return std::string_view(argument) == "--json"; };
  // Before anything is parsed: what is wrong with the usage is told in that form, too.
  if (std::ranges::any_of(arguments, is_json)) console_.set_format(Format::json);
  try {
    app_->parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    app_->exit(asked, console_.out(), console_.err());
    return ExitCode::ok;
  } catch (const CLI::ParseError& problem) {
    return console_.report({problem.what(), "Add --help to the command to see how it is used."});
  }
  return run_chosen();
}

}  // namespace treeproof::cli
