#include "rpc/metrics.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

NodeMeasures some_measures() {
  NodeMeasures measures;
  measures.round = {3};
  measures.pool_statements = 12;
  measures.pool_bytes = 4'200;
  measures.half_open = 2;
  measures.frames_ignored = 1;
  measures.peers = {{"coast-ngo", 77, 1, 1'000, 2'000}, {"verifier", 0, 0, 5, 6}};
  measures.connections_refused = {{"wrong_chain", 4}};
  measures.connections_lost = {{"queue_full", 1}};
  measures.store_bytes = {{"blocks", 9'000}, {"ledger", 8'000}};
  return measures;
}

class MetricsTest : public testing::Test {
 protected:
  MetricsTest() : caller_(chain_, config()) {}
  ServerConfig config() {
    ServerConfig given = test_config(chain_);
    given.measure = [](const auto& answer) { answer(some_measures()); };
    return given;
  }
  std::string text() { return caller_.request("GET", "/metrics").body; }
  // Whether there is such a line.
  bool says(const std::string& line) {
    return ("\n" + text()).find("\n" + line + "\n") != std::string::npos;
  }
  Json submit(const ledger::StatementPtr& statement) {
    return caller_.answer("record_submit", {{"statement", crypto::to_base64url(statement->bytes)}});
  }

  TestChain chain_;
  Caller caller_;
};

TEST_F(MetricsTest, TellWhatTheNodeMeasures) {
  for (const char* line :
       {"treeproof_round 3", "treeproof_pool_statements 12", "treeproof_pool_bytes 4200",
        "treeproof_peer_handshakes 2", "treeproof_peer_frames_ignored_total 1",
        "treeproof_peer_queue_bytes{peer=\"coast-ngo\"} 77",
        "treeproof_peer_queue_frames{peer=\"verifier\"} 0",
        "treeproof_peer_sent_bytes_total{peer=\"coast-ngo\"} 1000",
        "treeproof_peer_received_bytes_total{peer=\"verifier\"} 6",
        "treeproof_peer_connections_refused_total{reason=\"wrong_chain\"} 4",
        "treeproof_peer_connections_lost_total{reason=\"queue_full\"} 1",
        "treeproof_store_bytes{part=\"blocks\"} 9000"}) {
    EXPECT_TRUE(says(line)) << line << "\n" << text();
  }
}

TEST_F(MetricsTest, TellWhereTheChainStands) {
  submit(chain_.sign("desert-ngo", photo("one", chain_.day())));
  for (const char* line : {"treeproof_height 1", "treeproof_log_entries 3",
                           "treeproof_peers_connected 2", "treeproof_validators 4"}) {
    EXPECT_TRUE(says(line)) << line << "\n" << text();
  }
}

TEST_F(MetricsTest, CountEachReasonOfARefusal) {
  const auto bad = chain_.sign("regulator", photo("one", chain_.day() + 9));
  submit(bad);
  submit(bad);
  EXPECT_TRUE(says("treeproof_refusals_total{reason=\"evidence_in_future\"} 2")) << text();
  auto cut = chain_.sign("desert-ngo", photo("two", chain_.day()))->bytes;
  cut.pop_back();
  caller_.answer("record_submit", {{"statement", crypto::to_hex(cut)}});
  EXPECT_TRUE(says("treeproof_refusals_total{reason=\"cbor_truncated\"} 1")) << text();
  caller_.answer("record_dryRun", {{"statement", crypto::to_base64url(bad->bytes)}});
  EXPECT_TRUE(says("treeproof_refusals_total{reason=\"evidence_in_future\"} 2"));  // not refused
}

TEST_F(MetricsTest, ObserveTheTimeOfEachCommit) {
  EXPECT_TRUE(says("treeproof_commit_seconds_count 0"));
  submit(chain_.sign("desert-ngo", photo("one", chain_.day())));
  submit(chain_.sign("desert-ngo", photo("two", chain_.day())));
  EXPECT_TRUE(says("treeproof_commit_seconds_count 2")) << text();
  EXPECT_TRUE(says("treeproof_commit_seconds_bucket{le=\"30\"} 2")) << text();
}

TEST_F(MetricsTest, ObserveTheStatementsOfEachBlock) {
  chain_.empty_block();  // the first that is seen begins the count
  chain_.empty_block();
  submit(chain_.sign("desert-ngo", photo("one", chain_.day())));
  EXPECT_TRUE(says("treeproof_block_statements_count 2")) << text();
  EXPECT_TRUE(says("treeproof_block_statements_sum 1"));
  EXPECT_TRUE(says("treeproof_block_statements_bucket{le=\"0\"} 1"));
  EXPECT_TRUE(says("treeproof_block_statements_bucket{le=\"1\"} 2"));
}

TEST_F(MetricsTest, PassOverBlocksOfWhichTheyDidNotHear) {
  Metrics metrics;
  metrics.observe_block({4}, 100);
  metrics.observe_block({7}, 900);  // 5 and 6 came in bulk
  metrics.observe_block({8}, 903);
  const std::string text = metrics.text({});
  EXPECT_NE(text.find("treeproof_block_statements_count 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("treeproof_block_statements_sum 3\n"), std::string::npos) << text;
}

std::set<std::string> names_in(const std::string& text, const std::string& pattern) {
  const std::regex name(pattern);
  std::set<std::string> names;
  for (std::sregex_iterator found(text.begin(), text.end(), name), end; found != end; ++found) {
    names.insert((*found)[1]);
  }
  return names;
}

TEST_F(MetricsTest, AreAllInTheTableOfDocsRunning) {
  submit(chain_.sign("regulator", photo("one", chain_.day() + 9)));  // for a series of refusals
  std::stringstream page;
  page << std::ifstream("docs/running.md").rdbuf();
  const auto documented = names_in(page.str(), R"(\| `(treeproof_[a-z_]+))");
  EXPECT_EQ(documented, names_in(text(), R"(# TYPE (treeproof_[a-z_]+) )"));
}

}  // namespace
}  // namespace treeproof::rpc
