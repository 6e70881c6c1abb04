// Somebody records a tree while an import is under way: after it asked what is taken, before the
// node has what it signed. Played on a real server over a chain in memory.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/batch_objects.h"
#include "node/cli/key_file.h"
#include "node/import/trees_command.h"
#include "rpc/http_server.h"
#include "tests/unit/node/cli/scratch.h"
#include "tests/unit/node/import/files_of_test.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/grove.h"

namespace treeproof::import {
namespace {

// Records ten trees of another row before it passes on each of the first statements of an import:
// last those of row 20.
class Overtaking final : public rpc::RecordSink {
 public:
  explicit Overtaking(rpc::TestChain& chain) : chain_(chain) {}
  void submit(ledger::StatementPtr statement, std::uint32_t wait_ms,
              std::function<void(const replica::Answer&)> answer) override {
    if (times > 0 && statement->id != last_) {  // not where it comes again, with its attachment
      --times;
      take_stock(chain_, "rival-" + std::to_string(times), 20 + times);
    }
    last_ = statement->id;
    chain_.submit(std::move(statement), wait_ms, std::move(answer));
  }
  void pending(std::function<void(const std::vector<replica::PendingStatement>&)> done) override {
    chain_.pending(std::move(done));
  }
  void upload(const crypto::Hash& root, crypto::Bytes bytes,
              std::function<void(std::expected<void, ledger::Refusal>)> answer) override {
    chain_.upload(root, std::move(bytes), std::move(answer));
  }

  std::atomic<int> times = 1;

 private:
  rpc::TestChain& chain_;
  crypto::Hash last_{};
};

class OvertakenImport : public testing::Test {
 protected:
  OvertakenImport() : sink_(chain_), server_(rpc::test_config(chain_), sink_, chain_) {
    play_season(chain_);
    options_.files = {folder_.write("trees.csv",
                                    "id,lat,lon,species\n"
                                    "1,40.0006000,100.0000300,haloxylon\n"     // row 20
                                    "2,40.0006300,100.0000300,haloxylon\n"     // row 21
                                    "3,40.0009000,100.0000300,haloxylon\n")};  // nobody's
    options_.map = folder_.write("map.toml",
                                 "id = \"id\"\nlatitude = \"lat\"\nlongitude = \"lon\"\n"
                                 "[species]\ncode = \"species\"\n");
    options_.plot = "home";
    options_.key = folder_.path("planter.key");
    const cli::KeyFile key{"desert-ngo", {ledger::KeyRole::plant}, rpc::secret_key("desert-ngo")};
    EXPECT_TRUE(cli::write_key_file(*options_.key, key).has_value());
    EXPECT_TRUE(server_.start().has_value());
    options_.rpc = "http://127.0.0.1:" + std::to_string(server_.port());
    options_.refused = folder_.path("refused.csv");
  }
  std::optional<ledger::BatchObject> recorded() const {
    return ledger::find<ledger::BatchObject>(*chain_.latest(), {"desert-ngo/trees-home"});
  }

  rpc::TestChain chain_;
  Overtaking sink_;
  rpc::HttpServer server_;
  TestFolder folder_;
  cli::StringConsole console_;
  TreesOptions options_;
};

TEST_F(OvertakenImport, LeavesOutWhatWasTakenMeanwhileAndRecordsTheOthers) {
  EXPECT_EQ(import_trees(options_, console_.console), cli::ExitCode::ok) << console_.err.str();
  ASSERT_TRUE(recorded().has_value());
  EXPECT_EQ(recorded()->size(), 2u);
  const std::string refused = folder_.read("refused.csv");
  EXPECT_TRUE(refused.ends_with(":2,1,position_taken\n")) << refused;
  EXPECT_EQ(std::ranges::count(refused, '\n'), 2);
}

// It gives way once: whoever is overtaken again is told so, and runs it anew.
TEST_F(OvertakenImport, TellsTheNodesRefusalWhereItIsOvertakenAgain) {
  sink_.times = 2;
  EXPECT_EQ(import_trees(options_, console_.console), cli::ExitCode::negative);
  EXPECT_FALSE(recorded().has_value());
  EXPECT_NE(console_.out.str().find("refused: position_taken"), std::string::npos)
      << console_.out.str();
  EXPECT_EQ(import_trees(options_, console_.console), cli::ExitCode::ok) << console_.err.str();
  EXPECT_EQ(recorded()->size(), 1u);
}

}  // namespace
}  // namespace treeproof::import
