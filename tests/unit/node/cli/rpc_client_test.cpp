#include "node/cli/rpc_client.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "node/cli/files.h"
#include "node/cli/payload_template.h"
#include "node/cli/record_commands.h"
#include "node/cli/season_commands.h"
#include "node/cli/submission.h"
#include "rpc/json_reader.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

using rpc::Json;

// A node that answers what each test tells it to.
class RpcClientTest : public testing::Test {
 protected:
  RpcClientTest() {
    server_.Post("/rpc", [this](const httplib::Request& request, httplib::Response& response) {
      ++requests_;
      response.status = status_;
      const auto sent = rpc::parse_json(request.body).value();
      const Json answer = sent.is_array() ? answer_batch(sent) : answer_one(sent);
      response.set_content(raw_.empty() ? rpc::to_text(answer) : raw_, "application/json");
      if (status_ == 429) status_ = 200;
    });
    server_.Put(R"(/attachment/(.*))",
                [this](const httplib::Request& request, httplib::Response& r) {
                  uploaded_ = request.body;
                  r.status = 204;
                });
    server_.Get("/file", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("12345", "text/plain");
    });
    const int port = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
    client_.emplace(RpcClient::open("http://127.0.0.1:" + std::to_string(port) + "/rpc").value());
  }
  ~RpcClientTest() override {
    client_.reset();
    server_.stop();
    thread_.join();
  }

  Json answer_batch(const Json& calls) {
    Json answers = Json::array();
    const bool is_too_large = calls.size() > batch_max_;
    for (auto call = calls.rbegin(); call != calls.rend(); ++call) {  // order is free
      Json answer = answer_one(*call);
      if (is_too_large) {
        answer.erase("result");
        answer["error"] = {{"code", -32005}, {"message", ""}, {"data", {{"limit", "answer"}}}};
      }
      answers.push_back(answer);
    }
    return answers;
  }
  Json answer_one(const Json& call) {
    Json answer = {{"jsonrpc", "2.0"}, {"id", call.at("id")}};
    const auto own = errors_.find(call.at("method").get<std::string>());
    if (own != errors_.end()) {
      answer["error"] = own->second;
    } else if (error_.is_null()) {
      answer["result"] = script_ ? script_(call.at("params")) : call.at("params");
    } else {
      answer["error"] = error_;
    }
    return answer;
  }

  httplib::Server server_;
  std::thread thread_;
  std::optional<RpcClient> client_;
  std::atomic<int> requests_{0};
  int status_ = 200;
  std::string raw_;
  Json error_;
  std::map<std::string, Json> errors_;  // by method
  std::size_t batch_max_ = 1'000;
  std::function<Json(const Json&)> script_;
  std::string uploaded_;
};

TEST_F(RpcClientTest, GivesTheResult) {
  EXPECT_EQ(client_->call("echo", {{"a", 1}}).value(), Json({{"a", 1}}));
}

TEST_F(RpcClientTest, UnknownAndRefusedAreAnswers) {
  error_ = {{"code", -32001}, {"message", "x"}, {"data", {{"what", "plot"}, {"id", "a/b"}}}};
  auto failure = client_->call("plot_get", Json::object()).error();
  EXPECT_EQ(failure.code, ExitCode::negative);
  EXPECT_EQ(failure.what, "The node knows no plot \"a/b\".");
  EXPECT_EQ(failure.reason, kReasonNotFound);
  error_ = {{"code", -32002},
            {"message", "x"},
            {"data",
             {{"reason", "plot_overlaps"},
              {"sentence", "Move it."},
              {"numbers", {{{"label", "overlap_m2"}, {"value", "4210"}}}}}}};
  failure = client_->call("record_submit", Json::object()).error();
  EXPECT_EQ(failure.code, ExitCode::negative);
  EXPECT_EQ(failure.what, "The node refused it: plot_overlaps: overlap_m2=4210.");
  EXPECT_EQ(failure.remedy, "Move it.");
}

TEST_F(RpcClientTest, StrangeAnswersAreFailures) {
  for (const char* raw : {"", "{", "[]", "{\"jsonrpc\":\"2.0\",\"id\":1}", "7", "{\"a\":1,\"a\":2}",
                          "{\"error\":5}"}) {
    raw_ = *raw == '\0' ? " " : raw;
    EXPECT_EQ(client_->call("x", Json::object()).error().code, ExitCode::failed) << raw;
  }
  raw_ = std::string(100'000, '[');
  EXPECT_EQ(client_->call("x", Json::object()).error().code, ExitCode::failed);
}

TEST_F(RpcClientTest, WaitsWhileTheNodeIsBusy) {
  status_ = 429;
  EXPECT_TRUE(client_->call("x", Json::object()).has_value());
  EXPECT_EQ(requests_, 2);
}

TEST_F(RpcClientTest, BatchesKeepTheirOrderAndSplitWhenTooLarge) {
  batch_max_ = 3;
  std::vector<Json> params;
  for (int i = 0; i < 10; ++i) params.push_back({{"i", i}});
  const auto results = client_->batch("x", params);
  ASSERT_TRUE(results.has_value());
  EXPECT_EQ(*results, params);
  batch_max_ = 0;
  EXPECT_FALSE(client_->batch("x", params).has_value());
}

TEST_F(RpcClientTest, ListsGoOnUntilThereIsNoCursor) {
  script_ = [](const Json& params) -> Json {
    const bool first = !params.contains("cursor");
    return {{"items", {first ? 1 : 2}}, {"cursor", first ? Json("next") : Json()}};
  };
  EXPECT_EQ(list_all(*client_, "x", Json::object()).value(), (std::vector<Json>{1, 2}));
  script_ = [](const Json&) -> Json { return {{"items", Json::array()}, {"cursor", "same"}}; };
  EXPECT_FALSE(list_all(*client_, "x", Json::object()).has_value());
}

TEST_F(RpcClientTest, PlainRoutesAreBounded) {
  EXPECT_EQ(client_->get("/file", 5)->size(), 5u);
  EXPECT_EQ(client_->get("/file", 4).error().code, ExitCode::failed);
  EXPECT_EQ(client_->get("/none", 5).error().code, ExitCode::negative);
}

TEST_F(RpcClientTest, SubmissionUploadsWhatTheNodeLacks) {
  const std::vector<crypto::Bytes> leaves = {{0x01}};
  const ledger::AttachmentPtr attachment = ledger::Attachment::build(leaves);
  ledger::Allocate allocate;
  allocate.ref.text = "gift";
  allocate.campaign.text = "platform/one";
  allocate.runs = attachment->announced();
  const KeyFile key{"platform", {ledger::KeyRole::redeem}, random_key()};
  script_ = [this](const Json& params) -> Json {
    if (!params.contains("statement")) {
      return {{"chain", "test-1"}, {"test_clock", true}, {"time", "1700000000123"}};
    }
    if (uploaded_.empty()) {
      return {
          {"status", "pending"}, {"missing_consents", Json::array()}, {"attachment_missing", true}};
    }
    return {{"status", "committed"}, {"height", "12"}, {"log_index", "34"}};
  };
  const ledger::AttachmentPtr files[] = {attachment};
  EXPECT_EQ(signing_terms(*client_)->issued_at_s, 1'700'000'000u);
  EXPECT_EQ(submit_payload(*client_, allocate, key, {}, 100).error().code, ExitCode::failed);
  const auto submitted = submit_payload(*client_, allocate, key, files, 100);
  ASSERT_TRUE(submitted.has_value()) << submitted.error().what;
  EXPECT_EQ(uploaded_, crypto::as_text(attachment->bytes()));
  EXPECT_TRUE(submitted->is_committed);
  EXPECT_EQ(submitted->height, 12u);
  EXPECT_EQ(submitted->log_index, 34u);
}

TEST_F(RpcClientTest, NothingToGiveIsAnAnswerOnlyOfACampaignThatIsKnown) {
  const auto not_found = [](const char* what) -> Json {
    return {{"code", -32001}, {"message", ""}, {"data", {{"what", what}, {"id", "a/b"}}}};
  };
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Console console(in, out, err, false);
  errors_["allocate_plan"] = not_found("free unit");
  EXPECT_EQ(allocate_plan({"a/b", client_->url()}, console), ExitCode::ok);
  EXPECT_TRUE(out.str().starts_with("Nothing to give"));
  errors_["campaign_get"] = not_found("campaign");
  EXPECT_EQ(allocate_plan({"a/b", client_->url()}, console), ExitCode::negative);
  EXPECT_TRUE(err.str().starts_with("The node knows no campaign"));
}

TEST(RpcAddress, OnlyHttpAddressesAreTaken) {
  for (const char* url : {"", "127.0.0.1:8640", "ftp://a", "http://", "http://a/b"}) {
    EXPECT_FALSE(RpcClient::open(url).has_value()) << url;
  }
  EXPECT_EQ(RpcClient::open("http://a:1/rpc/")->url(), "http://a:1");
  EXPECT_EQ(percent_encoded("org/ref#7"), "org%2Fref%237");
}

// The second of two statements is refused.
TEST_F(RpcClientTest, SubmittingTellsInJsonWhatWasRecordedBeforeARefusal) {
  const Scratch scratch;
  RecordSubmitOptions options;
  options.rpc = client_->url();
  for (const char* ref : {"one", "two"}) {
    auto photo = std::get<ledger::Evidence>(*payload_template("evidence"));
    photo.ref = {ref};
    options.files.push_back(scratch.path(ref));
    const auto bytes = ledger::sign_statement(photo, {"desert-ngo"}, "test-chain", 1, random_key());
    ASSERT_TRUE(write_file(options.files.back(), bytes).has_value());
  }
  script_ = [this](const Json&) -> Json {
    errors_["record_submit"] = {
        {"code", -32002},
        {"message", "evidence_in_future"},
        {"data",
         {{"reason", "evidence_in_future"}, {"sentence", "Wait."}, {"numbers", Json::array()}}}};
    return {{"status", "committed"}, {"id", "desert-ngo/one"}, {"height", "7"}, {"log_index", "9"}};
  };
  StringConsole console;
  console.console.set_format(Format::json);
  EXPECT_EQ(record_submit(options, console.console), ExitCode::negative);
  const auto told = rpc::parse_json(console.out.str());
  ASSERT_TRUE(told.has_value() && told->is_array()) << console.out.str();
  ASSERT_EQ(told->size(), 1u);
  EXPECT_EQ(told->front().at("height"), "7") << console.out.str();
  EXPECT_NE(console.err.str().find("\"error\""), std::string::npos);
}

}  // namespace
}  // namespace treeproof::cli
