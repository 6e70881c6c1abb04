// Real processes over loopback: what was answered with receipts survives the death of any one node.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <set>
#include <thread>

#include "node/demo/actor.h"
#include "node/demo/cast.h"
#include "node/demo/processes.h"
#include "tests/system/load.h"
#include "tests/system/patience.h"
#include "tests/system/same_ledger.h"

namespace treeproof::demo {
namespace {

using system_test::photo;

constexpr std::uint16_t kPeerPort = 23'650;
constexpr std::uint16_t kRpcPort = 23'640;

class Consortium : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* binary = std::getenv("TREEPROOF_BINARY");
    if (binary == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
    std::string name = (std::filesystem::temp_directory_path() / "treeproof-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    home_ = name;
    auto cast = Cast::write({home_, kPeerPort, kRpcPort}, now());
    ASSERT_TRUE(cast.has_value());
    cast_.emplace(*std::move(cast));
    nodes_.emplace(binary);
    for (const auto& org : cast_->orgs()) start(org);
    for (const auto& org : cast_->orgs()) wait_until_ready(org);
  }
  void TearDown() override {
    nodes_.reset();
    if (!home_.empty()) std::filesystem::remove_all(home_);
  }

  static TimeMs now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    return TimeMs{static_cast<std::uint64_t>(ms)};
  }
  void start(const std::string& org) {
    ASSERT_TRUE(nodes_->start(org, cast_->config(org), cast_->log(org)).has_value());
  }
  void wait_until_ready(const std::string& org) {
    auto client = cli::RpcClient::open(cast_->rpc_url(org));
    ASSERT_TRUE(client.has_value());
    bool all_run = true;
    const bool is_ready = system_test::within_patience([&] {
      all_run = nodes_->check().has_value();
      return !all_run || client->get("/readyz", 1 << 16).has_value();
    });
    ASSERT_TRUE(is_ready && all_run) << org << " does not become ready: see " << cast_->log(org);
  }
  Actor actor(const std::string& org, const std::string& at) {
    auto opened = Actor::open(org, cast_->work_key(org), cast_->rpc_url(at),
                              ledger::chain_id(cast_->genesis()), horizon_);
    EXPECT_TRUE(opened.has_value());
    return *std::move(opened);
  }
  // Until a client was left without its answer: a busy machine may give all of them first.
  void kill_under(system_test::Load& load, const std::string& org) {
    for (int times = 0; times < 5 && load.interrupted(org) == 0; ++times) kill_once(load, org);
  }
  // Kills the node while its clients wait for answers, lets the others go on, brings it back.
  void kill_once(system_test::Load& load, const std::string& org) {
    SCOPED_TRACE(org);
    ASSERT_TRUE(load.interrupt(org, [&] { nodes_->cut_power(org); }));
    for (const std::string& other : validators()) {
      if (other == org) continue;
      ASSERT_TRUE(load.wait_for_answers(other, kAnswers)) << other;
    }
    start(org);
    wait_until_ready(org);
    load.reopen(org);
    ASSERT_TRUE(load.wait_for_answers(org, kAnswers)) << "the node is back and answers nobody";
  }
  static std::vector<std::string> validators() {
    return {kPlatform, kDesertNgo, kRiverNgo, kVerifier};
  }

  static constexpr std::size_t kAnswers = 8;
  std::filesystem::path home_;
  std::optional<Cast> cast_;
  std::shared_ptr<Horizon> horizon_ = std::make_shared<Horizon>();
  std::optional<Processes> nodes_;
};

TEST_F(Consortium, LosesNothingWhenOneNodeIsKilledUnderLoad) {
  system_test::Load load(*cast_, kDesertNgo, validators());
  for (const std::string& org : validators()) ASSERT_TRUE(load.wait_for_answers(org, kAnswers));
  kill_under(load, kRiverNgo);
  if (!HasFatalFailure()) kill_under(load, kVerifier);
  load.end();
  ASSERT_FALSE(HasFatalFailure());
  for (const std::string& complaint : load.complaints()) ADD_FAILURE() << complaint;
  for (const char* org : {kRiverNgo, kVerifier}) {
    EXPECT_GT(load.interrupted(org), 0u) << org << " died idle";
  }

  std::set<std::uint64_t> places;
  std::uint64_t height = 0;
  for (const Recorded& record : load.acknowledged()) {
    EXPECT_TRUE(places.insert(record.log_index).second) << "two records at " << record.log_index;
    height = std::max(height, record.height);
  }
  std::cout << places.size() << " records acknowledged in " << height << " heights\n";
  for (const std::string& org : cast_->orgs()) {
    EXPECT_EQ(system_test::lags_behind(*cast_, org, height), std::nullopt);
    EXPECT_EQ(system_test::lacks_a_record(*cast_, org, load.acknowledged()), std::nullopt);
  }
  EXPECT_EQ(system_test::headers_differ(*cast_, cast_->orgs(), 1, height), std::nullopt);
}

TEST_F(Consortium, ARefServesOneStatementAtWhateverNode) {
  Actor at_platform = actor(kRiverNgo, kPlatform);
  Actor at_verifier = actor(kRiverNgo, kVerifier);
  const auto first = at_platform.record(photo("photo"));
  ASSERT_TRUE(first.has_value()) << first.error().what;
  ledger::Evidence other = photo("photo");
  other.bytes = 2;
  const auto refused = at_verifier.record(other);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().what.find("ref_reused"), std::string::npos) << refused.error().what;
}

}  // namespace
}  // namespace treeproof::demo
