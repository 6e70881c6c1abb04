#include "node/cli/export_commands.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "node/cli/files.h"
#include "rpc/json_reader.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

using rpc::Json;

// A node with a document of two pages; what it was asked is kept.
class ExportTest : public testing::Test {
 protected:
  ExportTest() {
    server_.Post("/rpc", [this](const httplib::Request& request, httplib::Response& response) {
      const Json call = rpc::parse_json(request.body).value();
      asked_.push_back(call);
      const bool is_first = !call.at("params").contains("cursor");
      const Json page{{"media_type", "application/geo+json"},
                      {"head", "["},
                      {"items", is_first ? Json{"1", "2"} : Json{"3"}},
                      {"separator", ",\n"},
                      {"tail", "]\n"},
                      {"cursor", is_first ? Json("2") : Json()},
                      {"height", "7"}};
      response.set_content(
          rpc::to_text(Json{{"jsonrpc", "2.0"}, {"id", call.at("id")}, {"result", page}}),
          "application/json");
    });
    const int port = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
    options_.rpc = "http://127.0.0.1:" + std::to_string(port);
    options_.out = scratch_.path("document");
  }
  ~ExportTest() override {
    server_.stop();
    thread_.join();
  }

  httplib::Server server_;
  std::thread thread_;
  Scratch scratch_;
  StringConsole console_;
  ExportOptions options_;
  std::vector<Json> asked_;
};

TEST_F(ExportTest, JoinsAllPagesOfOneHeight) {
  options_.org = "desert-ngo";
  ASSERT_EQ(export_geojson(options_, console_.console), ExitCode::ok) << console_.err.str();
  EXPECT_EQ(read_text(options_.out, 100), "[1,\n2,\n3]\n");
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_EQ(asked_[0].at("method"), "export_geojson");
  EXPECT_EQ(asked_[0].at("params"),
            (Json{{"limit", 500}, {"org", "desert-ngo"}, {"at", "latest"}}));
  EXPECT_EQ(asked_[1].at("params").at("cursor"), "2");
  EXPECT_EQ(asked_[1].at("params").at("at"), "7");
}

// The played node gives every table three items in two pages; its meta is one, too.
TEST_F(ExportTest, OfDarwinCoreIsAFolderOfOneHeight) {
  ASSERT_EQ(export_darwincore(options_, console_.console), ExitCode::ok) << console_.err.str();
  const std::filesystem::path folder = options_.out;
  EXPECT_EQ(read_text(folder / "event.csv", 100), "[1,\n2,\n3]\n1,\n2,\n3]\n");
  EXPECT_EQ(read_text(folder / "occurrence.csv", 100), "[1,\n2,\n3]\n1,\n2,\n3]\n");
  EXPECT_EQ(read_text(folder / "meta.xml", 100), "[1,\n2,\n3]\n");
  std::string asked;
  for (const Json& call : asked_) {
    const Json& params = call.at("params");
    if (!params.contains("cursor")) asked += params.at("core").get<std::string>() + " ";
    EXPECT_EQ(params.at("at"), &call == &asked_.front() ? "latest" : "7");
  }
  EXPECT_EQ(asked, "event event occurrence occurrence meta ");
  EXPECT_EQ(export_darwincore(options_, console_.console), ExitCode::failed);  // replaces no file
}

// Visits are events within that of their planting.
TEST_F(ExportTest, OfDarwinCoreHasTheEventsThatVisitsBelongTo) {
  options_.of = "visits";
  ASSERT_EQ(export_darwincore(options_, console_.console), ExitCode::ok) << console_.err.str();
  std::string asked;
  for (const Json& call : asked_) {
    const Json& params = call.at("params");
    if (params.contains("cursor")) continue;
    asked += params.at("core").get<std::string>() + ":" + params.at("of").get<std::string>() + " ";
  }
  EXPECT_EQ(asked, "event:plantings event:visits occurrence:visits meta:visits ");
}

TEST_F(ExportTest, OfDarwinCoreCanBeOfPlantingsOnly) {
  options_.of = "plantings";
  ASSERT_EQ(export_darwincore(options_, console_.console), ExitCode::ok) << console_.err.str();
  EXPECT_EQ(read_text(std::filesystem::path(options_.out) / "event.csv", 100), "[1,\n2,\n3]\n");
  for (const Json& call : asked_) EXPECT_EQ(call.at("params").at("of"), "plantings");
}

TEST_F(ExportTest, ReplacesNoFile) {
  ASSERT_EQ(export_geojson(options_, console_.console), ExitCode::ok);
  EXPECT_EQ(export_geojson(options_, console_.console), ExitCode::failed);
}

}  // namespace
}  // namespace treeproof::cli
