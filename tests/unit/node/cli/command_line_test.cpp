#include "node/cli/command_line.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "node/cli/key_file.h"
#include "rpc/json_reader.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

struct Outcome {
  ExitCode code;
  std::string out;
  std::string err;
};

Outcome run(std::vector<std::string> arguments) {
  StringConsole console;
  CommandLine line("treeproof 1.2.3", console.console);
  add_season_commands(line);
  add_signing_commands(line);
  add_proof_commands(line);
  arguments.insert(arguments.begin(), "treeproof");
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  const ExitCode code = line.run(static_cast<int>(argv.size()), argv.data());
  return {code, console.out.str(), console.err.str()};
}

TEST(CommandLine, HelpAndVersionAreAnswers) {
  const Outcome help = run({"--help"});
  EXPECT_EQ(help.code, ExitCode::ok);
  for (const char* name : {"keys", "genesis", "record", "attachment", "allocate", "sample", "inbox",
                           "status", "certificate", "audit", "store", "Exit codes"}) {
    EXPECT_NE(help.out.find(name), std::string::npos) << name;
  }
  EXPECT_EQ(run({"certificate", "verify", "--help"}).code, ExitCode::ok);
  EXPECT_EQ(run({"--version"}).out, "treeproof 1.2.3\n");
}

TEST(CommandLine, UsageErrorsSayWhatAndWhereToLook) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"plant"},
                                             {"keys"},
                                             {"keys", "new", "--org", "a"},
                                             {"certificate", "verify"},
                                             {"audit", "--trust", "t", "--report", "love"},
                                             {"audit", "--trust", "t", "--home", "h"}}) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, ExitCode::failed);
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("--help"), std::string::npos) << outcome.err;
  }
}

TEST(CommandLine, JsonIsOnEveryCommandThatPrints) {
  const Scratch scratch;
  const Outcome made = run({"keys", "new", "--out", scratch.path("k"), "--org", "verifier",
                            "--role", "node,admin", "--json"});
  ASSERT_EQ(made.code, ExitCode::ok) << made.err;
  const auto answer = rpc::parse_json(made.out);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->at("org"), "verifier");
  EXPECT_EQ(answer->at("roles"), rpc::Json({"admin", "node"}));
  EXPECT_EQ(answer->at("guard"), true);
}

TEST(CommandLine, ErrorsAreJsonTooWhereItIsWanted) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"status", "--rpc", "http://127.0.0.1:1", "--json"},
                                             {"certificate", "verify", "--json"},
                                             {"status", "--json", "--nonsense"},
                                             {"status", "--nonsense", "--json"},
                                             {"keys", "--json"}}) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, ExitCode::failed);
    const auto error = rpc::parse_json(outcome.err);
    ASSERT_TRUE(error.has_value()) << outcome.err;
    EXPECT_TRUE(error->contains("error") && error->contains("remedy")) << outcome.err;
  }
}

TEST(CommandLine, NoNodeIsAnErrorThatSaysSo) {
  const Outcome outcome = run({"status", "--rpc", "http://127.0.0.1:1"});
  EXPECT_EQ(outcome.code, ExitCode::failed);
  EXPECT_NE(outcome.err.find("No answer from http://127.0.0.1:1"), std::string::npos);
  EXPECT_EQ(run({"status", "--rpc", "ftp://x"}).code, ExitCode::failed);
}

}  // namespace
}  // namespace treeproof::cli
