// Real processes over loopback: what was answered with receipts survives the death of any one node.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "crypto/hash.h"
#include "node/demo/actor.h"
#include "node/demo/cast.h"
#include "node/demo/processes.h"

namespace treeproof::demo {
namespace {

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
    for (const auto& org : Cast::orgs()) start(org);
    for (const auto& org : Cast::orgs()) wait_until_ready(org);
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
    for (int i = 0; i < 600; ++i) {
      if (client->get("/readyz", 1 << 16)) return;
      ASSERT_TRUE(nodes_->check().has_value()) << "see " << cast_->log(org);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    FAIL() << org << " does not become ready";
  }
  Actor actor(const std::string& org, const std::string& at) {
    auto opened = Actor::open(org, cast_->work_key(org), cast_->rpc_url(at),
                              ledger::chain_id(cast_->genesis()), horizon_);
    EXPECT_TRUE(opened.has_value());
    return *std::move(opened);
  }
  static ledger::Evidence photo(std::size_t number) {
    ledger::Evidence evidence;
    evidence.ref = {"photo-" + std::to_string(number)};
    evidence.sha256 = crypto::sha256(crypto::as_bytes(evidence.ref.text));
    evidence.kind = ledger::EvidenceKind::photo;
    evidence.day = cast_first_day_;
    evidence.bytes = 1;
    return evidence;
  }
  rpc::Json call(const std::string& org, std::string_view method, const rpc::Json& params) {
    auto client = cli::RpcClient::open(cast_->rpc_url(org));
    EXPECT_TRUE(wait_for_height(*client, horizon_->height).has_value()) << org;
    auto answer = client->call(method, params);
    EXPECT_TRUE(answer.has_value()) << org << " " << method << ": " << answer.error().what;
    return answer ? *answer : rpc::Json::object();
  }

  static constexpr std::int32_t cast_first_day_ = 17'226;
  std::filesystem::path home_;
  std::optional<Cast> cast_;
  std::shared_ptr<Horizon> horizon_ = std::make_shared<Horizon>();
  std::optional<Processes> nodes_;
};

TEST_F(Consortium, LosesNothingWhenOneNodeIsKilledUnderLoad) {
  Actor ngo = actor(kDesertNgo, kPlatform);
  std::vector<Recorded> acknowledged;
  const auto record_some = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto recorded = ngo.record(photo(acknowledged.size()));
      ASSERT_TRUE(recorded.has_value()) << recorded.error().what;
      acknowledged.push_back(*recorded);
    }
  };
  record_some(40);
  nodes_->cut_power(kRiverNgo);
  record_some(40);
  start(kRiverNgo);
  record_some(40);
  nodes_->cut_power(kVerifier);
  start(kVerifier);
  record_some(40);
  for (const auto& org : Cast::orgs()) wait_until_ready(org);

  ASSERT_EQ(acknowledged.size(), 160u);
  const std::uint64_t height = acknowledged.back().height;
  const rpc::Json at{{"height", height}};
  const rpc::Json expected = call(kPlatform, "chain_getHeader", at).at("header");
  for (const auto& org : Cast::orgs()) {
    rpc::Json header = call(org, "chain_getHeader", at);
    EXPECT_EQ(header.at("header"), expected) << org;
    for (const auto& record : acknowledged) {
      const rpc::Json found = call(org, "record_get", {{"id", record.object.text}});
      EXPECT_EQ(found.at("record").at("statement"), crypto::to_hex(record.id)) << org;
    }
  }
}

TEST_F(Consortium, TheSameStatementAgainIsTheSameRecord) {
  Actor at_platform = actor(kRiverNgo, kPlatform);
  Actor at_verifier = actor(kRiverNgo, kVerifier);
  const auto first = at_platform.record(photo(1));
  ASSERT_TRUE(first.has_value()) << first.error().what;
  ledger::Evidence other = photo(1);
  other.bytes = 2;
  const auto refused = at_verifier.record(other);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().what.find("ref_reused"), std::string::npos) << refused.error().what;
}

}  // namespace
}  // namespace treeproof::demo
