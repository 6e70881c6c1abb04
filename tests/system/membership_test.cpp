// Real processes over loopback: an organisation that no genesis names is admitted by governance,
// joins with a fifth node, takes a seat, rotates its node key and leaves, while records go on at
// all doors. What each of these changed is shown by who must be there for a block.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "node/cli/files.h"
#include "node/config.h"
#include "node/demo/actor.h"
#include "node/demo/cast.h"
#include "node/demo/processes.h"
#include "node/store/guard_file.h"
#include "tests/system/load.h"
#include "tests/system/patience.h"
#include "tests/system/same_ledger.h"

namespace treeproof::demo {
namespace {

using ledger::KeyRole;

constexpr std::uint16_t kPeerPort = 23'950;
constexpr std::uint16_t kRpcPort = 23'940;
constexpr const char* kNewcomer = "valley-ngo";
const std::vector<std::string> kFounders{kDesertNgo, kPlatform, kRiverNgo, kVerifier};

class Membership : public testing::Test {
 protected:
  void SetUp() override {
    const char* binary = std::getenv("TREEPROOF_BINARY");
    if (binary == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
    std::string name = (std::filesystem::temp_directory_path() / "treeproof-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    home_ = name;
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    auto cast = Cast::write({home_, kPeerPort, kRpcPort}, {static_cast<std::uint64_t>(ms)});
    ASSERT_TRUE(cast.has_value());
    cast_.emplace(*std::move(cast));
    nodes_.emplace(binary);
    for (const std::string& org : cast_->orgs()) start(org);
    for (const std::string& org : cast_->orgs()) ASSERT_TRUE(is_ready(org)) << org;
    // The demo's clock runs through three years first, in which proposals would expire.
    ASSERT_TRUE(system_test::within_patience([&] {
      const auto time = actor(kPlatform, cast_->work_key(kPlatform), kPlatform).chain_time();
      return time && *time >= cast_->genesis().clock->until;
    }));
  }
  void TearDown() override {
    nodes_.reset();
    if (!home_.empty()) std::filesystem::remove_all(home_);
  }

  void start(const std::string& org) {
    ASSERT_TRUE(nodes_->start(org, cast_->config(org), cast_->log(org)).has_value());
  }
  bool answers(const std::string& org, const std::string& path) {
    return system_test::within_patience([&] {
      auto client = cli::RpcClient::open(cast_->rpc_url(org));
      return client && client->get(path, 1 << 16).has_value();
    });
  }
  bool is_ready(const std::string& org) { return answers(org, "/readyz"); }
  // Without a seat it may be far behind, but it serves.
  void start_outside(const std::string& org) {
    start(org);
    ASSERT_TRUE(answers(org, "/healthz")) << org;
  }
  void restart(const std::string& org) {
    start(org);
    ASSERT_TRUE(is_ready(org)) << org;
  }
  Actor actor(const std::string& org, const crypto::SecretKey& key, const std::string& at) {
    auto opened =
        Actor::open(org, key, cast_->rpc_url(at), ledger::chain_id(cast_->genesis()), horizon_);
    EXPECT_TRUE(opened.has_value()) << at;
    return *std::move(opened);
  }
  void record(const std::string& org, const crypto::SecretKey& key, const std::string& at,
              const ledger::Payload& payload) {
    const auto done = actor(org, key, at).record(payload);
    ASSERT_TRUE(done.has_value()) << org << " at " << at << ": " << done.error().what;
    horizon_->height = std::max(horizon_->height, done->height);
    last_ = *done;
  }
  // A statement without an attachment, at each of these doors.
  void record_at(const std::vector<std::string>& doors) {
    for (const std::string& at : doors) {
      record(kDesertNgo, cast_->work_key(kDesertNgo), at,
             system_test::photo("photo-" + std::to_string(number_++)));
      ASSERT_FALSE(HasFatalFailure());
      acknowledged_.push_back(last_);
    }
  }
  // Proposed by the platform, approved by these, each at its own node.
  void decide(const ledger::Change& change, const std::vector<std::string>& approving) {
    const std::string ref = "change-" + std::to_string(number_++);
    record(kPlatform, cast_->work_key(kPlatform), kPlatform, ledger::Propose{{ref}, change});
    const ledger::ObjectId proposal = last_.object;
    for (const std::string& org : approving) {
      ASSERT_FALSE(HasFatalFailure());
      const auto& key = org == kNewcomer ? admin_ : cast_->work_key(org);
      record(org, key, org, ledger::Approve{{"approve-" + ref}, proposal});
    }
  }
  // The founders, and the newcomer with the key that it has now.
  void seat(const std::vector<std::string>& approving, bool has_newcomer) {
    ledger::ValidatorsSet set;
    for (const auto& org : kFounders) {
      const auto key = cli::read_key_file(cast_->config(org).parent_path() / "node.key");
      set.validators.push_back({{org}, 1, key->key.public_key().bytes()});
    }
    if (has_newcomer) set.validators.push_back({{kNewcomer}, 1, node_key_});
    std::ranges::sort(set.validators, {}, &ledger::ValidatorSeat::org);
    decide(set, approving);
  }
  // Nothing is decided unless everybody else takes part.
  void expect_votes_without(const std::string& absent, const std::vector<std::string>& doors) {
    SCOPED_TRACE("without " + absent);
    nodes_->cut_power(absent);
    record_at(doors);
    ASSERT_FALSE(HasFatalFailure());
    restart(absent);
  }
  // As `treeproof keys new`, and the configuration that an operator writes.
  void write_node_key(const std::string& file) {
    const auto folder = cast_->config(kNewcomer).parent_path();
    std::filesystem::create_directories(folder);
    const cli::KeyFile made{kNewcomer, {KeyRole::node}, cli::random_key()};
    node_key_ = made.key.public_key().bytes();
    ASSERT_TRUE(cli::write_key_file(folder / file, made).has_value());
    ASSERT_TRUE(store::GuardFile::create(cli::guard_path(folder / file)).has_value());
  }
  void write_config(const std::string& key_file) {
    const auto offset = static_cast<std::uint16_t>(cast_->orgs().size());
    auto config = node::read_config(cast_->config(kPlatform));
    ASSERT_TRUE(config.has_value()) << config.error();
    config->org = kNewcomer;
    config->genesis = cast_->genesis_file();
    config->node_key = cast_->config(kNewcomer).parent_path() / key_file;
    config->home = cast_->config(kNewcomer).parent_path() / "home";
    config->peer_listen.port = kPeerPort + offset;
    config->rpc_listen.port = kRpcPort + offset;
    config->peers.emplace_back(kPlatform, network::PeerAddress{"127.0.0.1", kPeerPort});
    std::filesystem::remove(cast_->config(kNewcomer));
    const std::string text = node::write_config(*config);
    ASSERT_TRUE(cli::write_file(cast_->config(kNewcomer), crypto::as_bytes(text)).has_value());
  }
  void expect_the_same_ledger_everywhere() {
    std::vector<std::string> all = cast_->orgs();
    all.emplace_back(kNewcomer);
    for (const std::string& org : all) {
      EXPECT_EQ(system_test::lags_behind(*cast_, org, horizon_->height), std::nullopt);
      EXPECT_EQ(system_test::lacks_a_record(*cast_, org, acknowledged_), std::nullopt);
    }
    EXPECT_EQ(system_test::headers_differ(*cast_, all, 1, horizon_->height), std::nullopt);
  }

  std::filesystem::path home_;
  std::optional<Cast> cast_;
  std::optional<Processes> nodes_;
  std::shared_ptr<Horizon> horizon_ = std::make_shared<Horizon>();
  crypto::SecretKey admin_ = cli::random_key();
  crypto::PublicKeyBytes node_key_{};  // the newcomer's newest
  Recorded last_;
  std::vector<Recorded> acknowledged_;
  std::size_t number_ = 0;
};

TEST_F(Membership, AFifthOrganisationJoinsVotesRotatesItsNodeKeyAndLeaves) {
  const std::vector<std::string> three{kDesertNgo, kRiverNgo, kVerifier};  // of four: more than 2/3
  write_node_key("node.key");
  write_config("node.key");
  ledger::OrgPut admitted{{kNewcomer}, {"Valley planting NGO"}, {}, {kNewcomer}};
  admitted.roles.push_back(ledger::OrgRole::planter);
  decide(admitted, three);
  ASSERT_FALSE(HasFatalFailure());
  decide(ledger::KeyPutFor{{kNewcomer}, admin_.public_key().bytes(), {KeyRole::admin}}, three);
  ASSERT_FALSE(HasFatalFailure());
  decide(ledger::KeyPutFor{{kNewcomer}, node_key_, {KeyRole::node}}, three);
  ASSERT_FALSE(HasFatalFailure());
  start_outside(kNewcomer);  // it catches up
  ASSERT_FALSE(HasFatalFailure());
  EXPECT_EQ(system_test::lags_behind(*cast_, kNewcomer, horizon_->height), std::nullopt);
  seat(three, true);
  ASSERT_FALSE(HasFatalFailure());
  record_at({kPlatform, kDesertNgo, kRiverNgo, kVerifier, kNewcomer});
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_TRUE(is_ready(kNewcomer));
  expect_votes_without(kRiverNgo, {kPlatform, kNewcomer});
  ASSERT_FALSE(HasFatalFailure());

  write_node_key("second.key");
  record(kNewcomer, admin_, kVerifier, ledger::KeyPut{{"second-key"}, node_key_, {KeyRole::node}});
  ASSERT_FALSE(HasFatalFailure());
  nodes_->cut_power(kNewcomer);
  write_config("second.key");
  restart(kNewcomer);
  expect_votes_without(kVerifier, {kDesertNgo, kNewcomer});
  ASSERT_FALSE(HasFatalFailure());

  seat({kDesertNgo, kRiverNgo, kVerifier, kNewcomer}, false);
  ASSERT_FALSE(HasFatalFailure());
  record_at({kPlatform, kVerifier});  // at its own node no longer: nobody names it an observer
  ASSERT_FALSE(HasFatalFailure());
  nodes_->cut_power(kNewcomer);
  // Three of five decide nothing, three of four do: it has left.
  expect_votes_without(kDesertNgo, {kPlatform, kRiverNgo});
  ASSERT_FALSE(HasFatalFailure());
  start_outside(kNewcomer);  // and may go on reading
  ASSERT_FALSE(HasFatalFailure());
  expect_the_same_ledger_everywhere();
}

}  // namespace
}  // namespace treeproof::demo
