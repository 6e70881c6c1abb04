#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "node/cli/files.h"
#include "node/cli/genesis_commands.h"
#include "node/cli/genesis_description.h"
#include "node/cli/keys_commands.h"
#include "node/cli/trust_file.h"
#include "rpc/genesis_json.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

class GenesisTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const std::string org : {"platform", "desert-ngo", "river-ngo", "verifier"}) {
      ASSERT_EQ(keys_new({scratch_.path(org + ".admin"), org, {"admin"}}, console_.console),
                ExitCode::ok);
      ASSERT_EQ(keys_new({scratch_.path(org + ".node"), org, {"node"}}, console_.console),
                ExitCode::ok);
    }
    console_.out.str("");
  }
  static std::string organisation(const std::string& org, const std::string& role) {
    return "[[organisation]]\norg = \"" + org + "\"\nname = \"Org " + org + "\"\nroles = [\"" +
           role + "\"]\nkeys = [\"" + org + ".admin\", \"" + org + ".node\"]\n";
  }
  static std::string description() {
    return "chain_name = \"test-valley\"\ntime = 2026-01-01T08:00:00+08:00\n"
           "validators = [\"platform\", \"desert-ngo\", \"river-ngo\", \"verifier\"]\n" +
           organisation("platform", "platform") + organisation("desert-ngo", "planter") +
           organisation("river-ngo", "planter") + organisation("verifier", "verifier") +
           "[[species]]\ncode = \"haloxylon\"\nname = \"Haloxylon ammodendron\"\n"
           "habit = \"shrub\"\nmax_stems_per_ha = 2505\n"
           "[parameters]\nheartbeat_ms = 2000\n"
           "[clock]\nstart = 2026-01-01T00:00:00Z\nrate = 86400\nuntil = 2029-01-01T00:00:00Z\n";
  }
  std::string write(const std::string& name, const std::string& text) {
    EXPECT_TRUE(
        write_file(scratch_.path(name), crypto::as_bytes(text), Replace::always).has_value());
    return scratch_.path(name);
  }
  std::string problem_of(const std::string& text) {
    const auto read = read_genesis_description(write("bad.toml", text));
    return read ? "" : read.error().what;
  }

  Scratch scratch_;
  StringConsole console_;
};

TEST_F(GenesisTest, DescriptionBecomesAGenesisFileThatChecks) {
  const std::string toml = write("chain.toml", description());
  const std::string file = scratch_.path("genesis.json");
  ASSERT_EQ(genesis_new({toml, file}, console_.console), ExitCode::ok) << console_.err.str();
  const auto read = read_genesis_file(file);
  ASSERT_TRUE(read.has_value());
  const ledger::Genesis& genesis = read->genesis;
  EXPECT_EQ(genesis.time.value, 1'767'225'600'000u);
  EXPECT_EQ(genesis.validators.size(), 4u);
  EXPECT_EQ(genesis.orgs[1].keys.size(), 2u);
  EXPECT_EQ(genesis.species[0].max_stems_per_ha, 2'505u);
  EXPECT_EQ(genesis.parameters.heartbeat_ms, 2'000u);
  ASSERT_TRUE(genesis.clock.has_value());
  EXPECT_EQ(genesis.clock->rate, 86'400u);
  EXPECT_EQ(genesis_check({file}, console_.console), ExitCode::ok);
  EXPECT_NE(console_.out.str().find(ledger::chain_id(genesis)), std::string::npos);
}

TEST_F(GenesisTest, TrustFileNamesTheFirstValidators) {
  const std::string toml = write("chain.toml", description());
  ASSERT_EQ(genesis_new({toml, scratch_.path("genesis.json")}, console_.console), ExitCode::ok);
  const GenesisTrustOptions options{scratch_.path("genesis.json"), scratch_.path("trust.json")};
  ASSERT_EQ(genesis_trust(options, console_.console), ExitCode::ok);
  const auto trust = read_trust_file(options.out);
  ASSERT_TRUE(trust.has_value());
  const auto genesis = read_genesis_file(options.file)->genesis;
  EXPECT_EQ(trust->chain_id, ledger::chain_id(genesis));
  EXPECT_EQ(trust->validators, ledger::genesis_validators(genesis));
}

TEST_F(GenesisTest, MistakesAreNamedWithTheirLine) {
  EXPECT_NE(problem_of("chain_name = 5\nvalidators = []\n").find("line 1"), std::string::npos);
  EXPECT_NE(problem_of("chain_name = \"x\"\nvalidators = []\nrules = 1\n")
                .find("line 3: unknown key \"rules\""),
            std::string::npos);
  EXPECT_NE(problem_of(description() + "[more]\n").find("unknown key \"more\""), std::string::npos);
  EXPECT_NE(problem_of("chain_name = \n").find("line 1"), std::string::npos);
  std::string wrong_habit = description();
  wrong_habit.replace(wrong_habit.find("shrub"), 5, "shrug");
  EXPECT_NE(problem_of(wrong_habit).find("\"shrug\" is none of tree, shrub"), std::string::npos);
}

TEST_F(GenesisTest, AKeyOfAnotherOrganisationIsRefused) {
  std::string stolen = description();
  stolen.replace(stolen.find("desert-ngo.admin"), 16, "river-ngo.admin\"");
  stolen.replace(stolen.find("admin\"\""), 7, "admin\"");
  EXPECT_NE(problem_of(stolen).find("belongs to river-ngo"), std::string::npos);
}

TEST_F(GenesisTest, AGenesisThatBreaksARuleIsAnAnswerNotAnError) {
  std::string three = description();
  three.replace(three.find(", \"verifier\"]"), 13, "]");
  const std::string toml = write("three.toml", three);
  EXPECT_EQ(genesis_new({toml, scratch_.path("three.json")}, console_.console), ExitCode::negative);
  EXPECT_NE(console_.err.str().find("validators_too_few"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(scratch_.path("three.json")));
  EXPECT_EQ(genesis_check({toml}, console_.console), ExitCode::failed);
}

}  // namespace
}  // namespace treeproof::cli
