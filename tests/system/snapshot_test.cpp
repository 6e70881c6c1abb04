// Real processes over loopback: a validator whose home was emptied gets a snapshot from its peers
// by itself and votes again. [rule 28]
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "node/cli/files.h"
#include "node/config.h"
#include "node/demo/actor.h"
#include "node/demo/cast.h"
#include "node/demo/processes.h"
#include "tests/system/load.h"
#include "tests/system/patience.h"
#include "tests/system/same_ledger.h"
#include "tests/system/shell.h"

namespace treeproof::demo {
namespace {

constexpr std::uint16_t kPeerPort = 23'850;
constexpr std::uint16_t kRpcPort = 23'840;
constexpr std::uint64_t kEvery = 5;
constexpr std::uint64_t kAskBeyond = 12;

class SnapshotRejoin : public testing::Test {
 protected:
  void SetUp() override {
    binary_ = std::getenv("TREEPROOF_BINARY");
    if (binary_ == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
    std::string name = (std::filesystem::temp_directory_path() / "treeproof-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    home_ = name;
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    auto cast = Cast::write({home_, kPeerPort, kRpcPort}, {static_cast<std::uint64_t>(ms)});
    ASSERT_TRUE(cast.has_value());
    cast_.emplace(*std::move(cast));
    for (const std::string& org : cast_->orgs()) make_snapshots_often(org);
    nodes_.emplace(binary_);
    for (const std::string& org : cast_->orgs()) start(org);
    for (const std::string& org : cast_->orgs()) ASSERT_TRUE(reaches(org, 0));
  }
  void TearDown() override {
    nodes_.reset();
    if (!home_.empty()) std::filesystem::remove_all(home_);
  }

  void make_snapshots_often(const std::string& org) {
    auto config = node::read_config(cast_->config(org));
    ASSERT_TRUE(config.has_value()) << config.error();
    config->snapshot_every = kEvery;
    config->snapshot_ahead = kAskBeyond;
    std::filesystem::remove(cast_->config(org));
    const std::string text = node::write_config(*config);
    ASSERT_TRUE(cli::write_file(cast_->config(org), crypto::as_bytes(text)).has_value());
  }
  std::filesystem::path home(const std::string& org) const {
    return node::read_config(cast_->config(org))->home;
  }
  void start(const std::string& org) {
    ASSERT_TRUE(nodes_->start(org, cast_->config(org), cast_->log(org)).has_value());
  }
  // Waits until it answers and is there.
  bool reaches(const std::string& org, std::uint64_t height) {
    return system_test::within_patience([&] {
      const auto status = status_of(org);
      return status && number(*status, "height") >= height;
    });
  }
  std::optional<rpc::Json> status_of(const std::string& org) {
    auto client = cli::RpcClient::open(cast_->rpc_url(org));
    if (!client) return std::nullopt;
    auto status = client->call("chain_status", rpc::Json::object());
    if (!status) return std::nullopt;
    return *std::move(status);
  }
  static std::uint64_t number(const rpc::Json& json, const char* name) {
    return std::stoull(json.at(name).get<std::string>());
  }
  std::uint64_t record_at(const std::string& org, std::size_t count) {
    auto actor = Actor::open(kDesertNgo, cast_->work_key(kDesertNgo), cast_->rpc_url(org),
                             ledger::chain_id(cast_->genesis()));
    EXPECT_TRUE(actor.has_value());
    std::uint64_t height = 0;
    for (std::size_t i = 0; i < count && actor; ++i) {
      const auto done = actor->record(system_test::photo("photo-" + std::to_string(recorded_++)));
      EXPECT_TRUE(done.has_value()) << done.error().what;
      if (!done) return 0;
      acknowledged_.push_back(*done);
      height = done->height;
    }
    return height;
  }
  bool has_snapshots(const std::string& org) {
    return system_test::within_patience([&] {
      std::error_code missing;
      for (const auto& file :
           std::filesystem::directory_iterator(home(org) / "snapshots", missing)) {
        if (file.path().extension() == ".snapshot") return true;
      }
      return false;
    });
  }

  const char* binary_ = nullptr;
  std::filesystem::path home_;
  std::optional<Cast> cast_;
  std::optional<Processes> nodes_;
  std::vector<Recorded> acknowledged_;
  std::size_t recorded_ = 0;
};

TEST_F(SnapshotRejoin, AValidatorWithAnEmptiedHomeBeginsAtASnapshotAndVotesAgain) {
  record_at(kPlatform, 4 * kEvery);
  for (const char* org : {kPlatform, kDesertNgo, kRiverNgo}) ASSERT_TRUE(has_snapshots(org)) << org;
  nodes_->cut_power(kVerifier);
  const auto emptied = home(kVerifier);
  std::filesystem::remove_all(emptied);
  const std::uint64_t before = record_at(kPlatform, 3);
  ASSERT_GT(before, kAskBeyond);

  start(kVerifier);
  ASSERT_TRUE(reaches(kVerifier, before)) << "see " << cast_->log(kVerifier);
  const auto status = status_of(kVerifier);
  ASSERT_TRUE(status.has_value());
  const std::uint64_t base = number(*status, "base");
  EXPECT_GT(base, 0u) << "it replayed the blocks";
  EXPECT_EQ(base % kEvery, 0u);

  // Three of four, the restored one among them: without its vote nothing is decided.
  nodes_->cut_power(kRiverNgo);
  const std::uint64_t after = record_at(kDesertNgo, 3);
  EXPECT_GT(after, before);
  ASSERT_TRUE(reaches(kVerifier, after));
  EXPECT_EQ(system_test::headers_differ(*cast_, {kPlatform, kDesertNgo, kVerifier}, base, after),
            std::nullopt);
  nodes_.reset();

  system_test::Shell shell(binary_, home_, cast_->rpc_url(kPlatform));
  const auto key = emptied.parent_path() / "node.key";
  const auto checked =
      shell.run("treeproof store check --home " + emptied.string() + " --genesis " +
                cast_->genesis_file().string() + " --key " + key.string());
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  EXPECT_NE(checked.out.find("restored from a snapshot"), std::string::npos) << checked.out;
}

}  // namespace
}  // namespace treeproof::demo
