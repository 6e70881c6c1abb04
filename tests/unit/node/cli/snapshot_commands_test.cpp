// `treeproof snapshot create|restore` over folders of a chain that is made here.
#include "node/cli/snapshot_commands.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "node/cli/files.h"
#include "node/cli/genesis_commands.h"
#include "node/cli/key_file.h"
#include "node/cli/keys_commands.h"
#include "node/cli/store_commands.h"
#include "node/cli/trust_file.h"
#include "node/store/store.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

const std::vector<std::string> kOrgs{"desert-ngo", "platform", "river-ngo", "verifier"};

class SnapshotCommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    make_chain("genesis.json", "test-valley");
    genesis_ = read_genesis_file(path("genesis.json"))->genesis;
    for (int i = 0; i < 3; ++i) make_block();
  }
  std::string path(const std::string& name) const { return scratch_.path(name); }

  void make_chain(const std::string& file, const std::string& name) {
    std::string toml = "chain_name = \"" + name + "\"\ntime = 2026-01-01T00:00:00Z\n" +
                       "validators = [\"desert-ngo\", \"platform\", \"river-ngo\", \"verifier\"]\n";
    for (const std::string& org : kOrgs) {
      for (const std::string role : {"admin", "node"}) {
        if (std::filesystem::exists(path(org + "." + role))) continue;
        ASSERT_EQ(keys_new({path(org + "." + role), org, {role}}, console_.console), ExitCode::ok);
      }
      const std::string role = org.ends_with("ngo") ? "planter" : org;
      toml += "[[organisation]]\norg = \"" + org + "\"\nname = \"Org " + org + "\"\nroles = [\"" +
              role + "\"]\nkeys = [\"" + org + ".admin\", \"" + org + ".node\"]\n";
    }
    toml +=
        "[[species]]\ncode = \"haloxylon\"\nname = \"Haloxylon ammodendron\"\nhabit = \"shrub\"\n";
    ASSERT_TRUE(write_file(path(file + ".toml"), crypto::as_bytes(toml)).has_value());
    ASSERT_EQ(genesis_new({path(file + ".toml"), path(file)}, console_.console), ExitCode::ok)
        << console_.err.str();
    ASSERT_EQ(genesis_trust({path(file), path(file + ".trust")}, console_.console), ExitCode::ok);
  }

  // An empty one, certified by all.
  void make_block() {
    auto store = store::Store::open(path("home"), genesis_).value();
    const std::string chain_id = ledger::chain_id(genesis_);
    replica::Chain chain(chain_id, store->state(), store->build_state_map(), store->tip());
    const auto draft = chain.build({store->tip().time.value + 1'000}, {"platform"}, {}, {});
    const auto& header = draft.block->header;
    bft::CommitCertificate certificate{header.height, Round{0}, draft.block->id(), {}};
    for (const std::string& org : kOrgs) {
      const auto file = read_key_file(path(org + ".node"));
      const crypto::SecretKey& key = file->key;
      bft::Vote vote;
      vote.type = bft::VoteType::precommit;
      vote.height = header.height;
      vote.value = certificate.block;
      vote.org = org;
      vote.kid = key.public_key().kid();
      certificate.signatures.push_back({org, vote.kid, key.sign(bft::sign_digest(vote, chain_id))});
    }
    ASSERT_TRUE(store->commit({draft.block, certificate}).has_value());
  }

  ExitCode create(const std::string& home, const std::string& file) {
    return snapshot_create({path(file), path(home), path("genesis.json")}, console_.console);
  }
  ExitCode restore(const std::string& home, const std::string& file, const std::string& trust) {
    return snapshot_restore({path(file), path(home), path("genesis.json"), path(trust)},
                            console_.console);
  }

  Scratch scratch_;
  StringConsole console_;
  ledger::Genesis genesis_;
};

TEST_F(SnapshotCommandsTest, WhatIsCreatedIsRestoredByTheTrustFileAlone) {
  console_.console.set_format(Format::json);
  console_.out.str("");
  ASSERT_EQ(create("home", "chain.snapshot"), ExitCode::ok) << console_.err.str();
  const auto created = nlohmann::json::parse(console_.out.str());
  console_.out.str("");
  ASSERT_EQ(restore("new", "chain.snapshot", "genesis.json.trust"), ExitCode::ok)
      << console_.err.str();
  EXPECT_EQ(nlohmann::json::parse(console_.out.str()), created);
  EXPECT_EQ(created["height"], "3");
  EXPECT_EQ(created["bytes"], std::to_string(std::filesystem::file_size(path("chain.snapshot"))));
  EXPECT_FALSE(std::filesystem::exists(path("chain.snapshot.partial")));
  console_.out.str("");
  EXPECT_EQ(store_check({path("new"), path("genesis.json"), {}}, console_.console), ExitCode::ok);
  EXPECT_EQ(nlohmann::json::parse(console_.out.str())["base"], "3");
}

TEST_F(SnapshotCommandsTest, AFileThatWasTamperedWithIsRefusedByName) {
  ASSERT_EQ(create("home", "chain.snapshot"), ExitCode::ok) << console_.err.str();
  std::fstream file(path("chain.snapshot"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-40, std::ios::end);
  file.put('x');
  file.close();
  EXPECT_EQ(restore("new", "chain.snapshot", "genesis.json.trust"), ExitCode::negative);
  EXPECT_NE(console_.err.str().find("snapshot_"), std::string::npos) << console_.err.str();
}

TEST_F(SnapshotCommandsTest, NothingIsReplaced) {
  ASSERT_EQ(create("home", "chain.snapshot"), ExitCode::ok) << console_.err.str();
  EXPECT_EQ(create("home", "chain.snapshot"), ExitCode::failed);
  EXPECT_NE(console_.err.str().find("exists"), std::string::npos);
  EXPECT_EQ(restore("home", "chain.snapshot", "genesis.json.trust"), ExitCode::failed);
  EXPECT_NE(console_.err.str().find("has blocks"), std::string::npos) << console_.err.str();
}

TEST_F(SnapshotCommandsTest, FilesOfOneChainBelongTogether) {
  ASSERT_EQ(create("home", "chain.snapshot"), ExitCode::ok) << console_.err.str();
  make_chain("other.json", "test-other");
  EXPECT_EQ(restore("new", "chain.snapshot", "other.json.trust"), ExitCode::failed);
  EXPECT_EQ(snapshot_restore(
                {path("chain.snapshot"), path("new"), path("other.json"), path("other.json.trust")},
                console_.console),
            ExitCode::negative);
  EXPECT_NE(console_.err.str().find("snapshot_wrong_chain"), std::string::npos);
}

TEST_F(SnapshotCommandsTest, BeforeTheFirstBlockThereIsNothingToProve) {
  std::filesystem::create_directory(path("empty"));
  EXPECT_EQ(create("empty", "none.snapshot"), ExitCode::negative);
  EXPECT_FALSE(std::filesystem::exists(path("none.snapshot")));
}

}  // namespace
}  // namespace treeproof::cli
