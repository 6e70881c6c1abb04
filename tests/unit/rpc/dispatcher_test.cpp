#include "rpc/dispatcher.h"

#include <gtest/gtest.h>

#include <future>

#include "rpc/openrpc.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

class Dispatch : public testing::Test {
 protected:
  Dispatch() : caller_(season_chain()) {}

  int code_of(std::string body) {
    const Json answer = Json::parse(caller_.post(std::move(body)));
    EXPECT_EQ(answer["jsonrpc"], "2.0");
    return answer["error"]["code"].get<int>();
  }
  static std::string call(const std::string& method, const std::string& rest) {
    return R"({"jsonrpc":"2.0","method":")" + method + "\"" + rest + "}";
  }

  Caller caller_;
};

TEST_F(Dispatch, RefusesWhatIsNotJson) {
  for (const char* body : {"", "{", "[", "nonsense", "{\"a\":1}}", "\xff\xfe"}) {
    EXPECT_EQ(code_of(body), -32700) << body;
  }
}

TEST_F(Dispatch, RefusesDepthBombsDoubledKeysAndHugeNumbers) {
  EXPECT_EQ(code_of(std::string(100'000, '[')), -32700);
  EXPECT_EQ(code_of(call("log_proof", R"(,"id":1,"params":)" + std::string(100'000, '['))), -32700);
  EXPECT_EQ(code_of(call("log_proof", R"(,"id":1,"id":2)")), -32700);
  EXPECT_EQ(code_of(call("log_proof", R"(,"id":1,"params":{"index":1e400})")), -32700);
  for (const char* index : {"18446744073709551616", "1e3", "0.5", "-1", "\"-1\"", "\"\"", "[]",
                            "{}", "true", "\"18446744073709551616\"", "9007199254740993"}) {
    EXPECT_EQ(
        code_of(call("log_proof", R"(,"id":1,"params":{"index":)" + std::string(index) + "}")),
        -32602)
        << index;
  }
}

TEST_F(Dispatch, RefusesCallsThatAreNone) {
  for (const char* body : {"1", "null", "\"chain_status\"", "{}",
                           R"({"jsonrpc":"1.0","method":"chain_status","id":1})",
                           R"({"jsonrpc":"2.0","id":1})", R"({"jsonrpc":"2.0","method":7,"id":1})",
                           "[]", R"({"jsonrpc":"2.0","method":"chain_status","id":[1]})",
                           R"({"jsonrpc":"2.0","method":"chain_status","id":1.5})"}) {
    EXPECT_EQ(code_of(body), -32600) << body;
  }
}

TEST_F(Dispatch, SaysWhenThereIsNoSuchMethod) {
  EXPECT_EQ(code_of(call("tree_hug", R"(,"id":1)")), -32601);
}

TEST_F(Dispatch, NamesTheParameterThatIsWrong) {
  const Json error = caller_.error("tree_get", {{"tree", "desert-ngo/grown"}});
  EXPECT_EQ(error["code"], -32602);
  EXPECT_EQ(error["data"]["path"], "params.tree");
  EXPECT_EQ(caller_.error("tree_get", {{"tree", "a/b#1"}, {"color", "green"}})["code"], -32602);
  EXPECT_EQ(caller_.error("tree_get", Json::object())["data"]["path"], "params.tree");
  EXPECT_EQ(caller_.error("tree_get", "text")["code"], -32602);
  EXPECT_EQ(caller_.error("campaign_list", {{"at", "first"}})["data"]["path"], "params.at");
  EXPECT_EQ(caller_.error("campaign_list", {{"cursor", 7}})["data"]["path"], "params.cursor");
}

TEST_F(Dispatch, KeepsTheIdAsItCame) {
  EXPECT_EQ(Json::parse(caller_.post(call("chain_status", R"(,"id":"a\"b")")))["id"], "a\"b");
  EXPECT_EQ(Json::parse(caller_.post(call("chain_status", R"(,"id":null)")))["id"], nullptr);
  EXPECT_EQ(Json::parse(caller_.post(call("chain_status", R"(,"id":-5)")))["id"], -5);
}

TEST_F(Dispatch, AnswersNoNotification) {
  EXPECT_EQ(caller_.post(call("chain_status", "")), "");
  EXPECT_EQ(caller_.post(call("tree_hug", "")), "");
  EXPECT_EQ(caller_.post("[" + call("chain_status", "") + "," + call("chain_status", "") + "]"),
            "");
}

TEST_F(Dispatch, AnswersABatchInItsOrder) {
  const Json answers = Json::parse(caller_.post(
      "[" + call("chain_status", R"(,"id":1)") + "," + call("chain_status", "") + ",7," +
      call("tree_hug", R"(,"id":2)") + "," + call("audit_points", R"(,"id":3)") + "]"));
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_EQ(answers[0]["id"], 1);
  EXPECT_EQ(answers[1]["error"]["code"], -32600);
  EXPECT_EQ(answers[1]["id"], nullptr);
  EXPECT_EQ(answers[2]["error"]["code"], -32601);
  EXPECT_EQ(answers[3]["result"]["findings"].size(), 0u);
}

TEST_F(Dispatch, AnswersABatchOfAThousandCalls) {
  Json batch = Json::array();
  for (int i = 0; i < 1'000; ++i) {
    batch.push_back({{"jsonrpc", "2.0"},
                     {"id", i},
                     {"method", "tree_get"},
                     {"params", {{"tree", "desert-ngo/grown#" + std::to_string(i % 100)}}}});
  }
  const Json answers = Json::parse(caller_.post(to_text(batch)));
  ASSERT_EQ(answers.size(), 1'000u);
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(answers[static_cast<std::size_t>(i)]["id"], i);
    EXPECT_EQ(answers[static_cast<std::size_t>(i)]["result"]["index"], std::to_string(i % 100));
  }
}

TEST_F(Dispatch, BoundsBatchesAndTheirSlowCalls) {
  const auto batch_of = [](const std::string& method, int calls) {
    Json batch = Json::array();
    for (int i = 0; i < calls; ++i) {
      batch.push_back({{"jsonrpc", "2.0"}, {"id", i}, {"method", method}});
    }
    return to_text(batch);
  };
  EXPECT_EQ(code_of(batch_of("chain_status", 1'001)), -32005);
  EXPECT_EQ(code_of(batch_of("audit_points", 65)), -32005);
  EXPECT_EQ(Json::parse(caller_.post(batch_of("audit_points", 64))).size(), 64u);
}

TEST_F(Dispatch, StopsAnsweringABatchWhoseAnswersAreTooLarge) {
  Json batch = Json::array();
  for (int i = 0; i < 60; ++i) {
    batch.push_back({{"jsonrpc", "2.0"}, {"id", i}, {"method", "chain_status"}});
  }
  auto services = ServicesPtr(new Services{.records = season_chain(), .chain = season_chain()});
  auto workers = std::make_shared<Workers>(1, 100);
  Dispatcher dispatcher(services, workers, workers, {.response_bytes_max = 10'000});
  std::promise<std::string> done;
  const auto exchange =
      dispatcher.start(to_text(batch), {[&](std::string body) { done.set_value(body); }, {}});
  const Json answers = Json::parse(done.get_future().get());
  workers->stop();
  EXPECT_TRUE(answers[0].contains("result"));
  EXPECT_EQ(answers[59]["error"]["code"], -32005);
  EXPECT_EQ(answers[59]["error"]["data"]["limit"], "response_bytes");
}

TEST_F(Dispatch, DescribesEveryMethodInOpenRpc) {
  const Json document = caller_.result("rpc.discover");
  EXPECT_EQ(document["openrpc"], "1.3.2");
  EXPECT_TRUE(document["info"]["title"].is_string());
  EXPECT_TRUE(document["info"]["version"].is_string());
  EXPECT_EQ(document["methods"].size(), methods().size());
  for (const Json& entry : document["methods"]) {
    const Method* method = find_method(entry["name"].get<std::string>());
    ASSERT_NE(method, nullptr);
    EXPECT_TRUE(entry["summary"].is_string());
    EXPECT_EQ(entry["params"].size(), method->params.size());
    EXPECT_TRUE(entry["result"]["schema"]["properties"].is_object());
    bool was_optional = false;
    for (const Json& param : entry["params"]) {
      EXPECT_TRUE(param["schema"].is_object()) << param;
      EXPECT_FALSE(was_optional && param["required"].get<bool>()) << "required after optional";
      was_optional = was_optional || !param["required"].get<bool>();
    }
  }
  EXPECT_EQ(Json::parse(caller_.request("GET", "/openrpc.json").body), document);
}

}  // namespace
}  // namespace treeproof::rpc
