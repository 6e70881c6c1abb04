// Hostile bodies over a real socket: each is refused by name, and the server answers the next call.
#include <httplib.h>

#include "rpc/method.h"
#include "tests/unit/rpc/sample_values.h"
#include "tests/unit/rpc/season.h"
#include "tests/unit/rpc/server_fixture.h"

namespace treeproof::rpc {
namespace {

constexpr std::size_t kBombDepth = 100'000;

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// A call of log_proof whose index is this JSON text.
std::string with_index(std::string_view index) {
  return R"({"jsonrpc":"2.0","id":1,"method":"log_proof","params":{"index":)" + std::string(index) +
         "}}";
}

std::string batch_of(int calls) {
  Json batch = Json::array();
  for (int i = 0; i < calls; ++i) {
    batch.push_back(call_of("chain_status", Json::object()));
    batch.back()["id"] = i;
  }
  return to_text(batch);
}

TEST_F(Server, RefusesDepthBombs) {
  const std::string open = repeated("[", kBombDepth);
  const std::string objects = repeated(R"({"a":)", kBombDepth);
  const std::string mixed = repeated(R"([{"a":)", kBombDepth / 2);
  for (const std::string& bomb : {
           open,
           open + repeated("]", kBombDepth),
           objects,
           objects + "1" + repeated("}", kBombDepth),
           mixed,
           with_index(open + repeated("]", kBombDepth)),
           with_index(objects + "1" + repeated("}", kBombDepth)),
       }) {
    EXPECT_EQ(code_of(bomb), -32700);
    EXPECT_EQ(code_of(std::string(kStatusCall)), 0);
  }
}

TEST_F(Server, RefusesDoubledKeys) {
  for (const char* body :
       {R"({"jsonrpc":"2.0","id":1,"id":1,"method":"chain_status"})",
        R"({"jsonrpc":"2.0","id":1,"method":"chain_status","method":"chain_status"})",
        R"({"jsonrpc":"2.0","id":1,"method":"log_proof","params":{"index":1,"index":1}})",
        R"({"jsonrpc":"2.0","id":1,"method":"log_proof","params":{"index":1,"\u0069ndex":2}})",
        R"([{"jsonrpc":"2.0","id":1,"method":"chain_status","params":{"":{"a":1,"a":2}}}])"}) {
    EXPECT_EQ(code_of(body), -32700) << body;
  }
}

TEST_F(Server, RefusesTextsThatAreNotUtf8) {
  for (const char* text :
       {"\xff", "\x80", "\xc0\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xe2\x82", "\xed\xa0\x80",
        "\xed\xb0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80", "\\ud800", "\\udc00",
        "\\ud800\\u0041", "\\ud83d\\ud83d", "\\u12", "\\x41", "\n", "\x01"}) {
    EXPECT_EQ(code_of(with_index("\"" + std::string(text) + "\"")), -32700) << text;
  }
  EXPECT_EQ(code_of(with_index(R"("\ud83c\udf33")")), -32602);  // a tree, but no number
}

TEST_F(Server, RefusesWhatFollowsTheCall) {
  const std::string call(kStatusCall);
  using namespace std::string_literals;
  for (const std::string& after : {"x"s, "{}"s, "\0"s, "\0{}"s, ","s, "]"s, "//"s, "/**/"s}) {
    EXPECT_EQ(code_of(call + after), -32700) << after;
  }
  EXPECT_EQ(code_of(" \t\r\n" + call + "\n"), 0);
}

TEST_F(Server, RefusesNumbersThatNoIntegerIs) {
  for (const char* index :
       {"1e400", "-1e400", "NaN", "Infinity", "+1", "01", "0x1", "1.", ".5", "-", "-0", "1_000"}) {
    EXPECT_EQ(code_of(with_index(index)), -32700) << index;
  }
  for (const char* index :
       {"18446744073709551616", "18446744073709551615", "9007199254740992", "-1", "1.0", "1.5",
        "1e0", "-0.0", "1e300", "5e-324", "340282366920938463463374607431768211456"}) {
    EXPECT_EQ(code_of(with_index(index)), -32602) << index;
  }
}

TEST_F(Server, RefusesIdsThatAreNone) {
  for (const char* id : {"1.5", "1e2", "18446744073709551616", "true", "[1]", "{}"}) {
    const Json answer = Json::parse(
        answer_of(R"({"jsonrpc":"2.0","method":"chain_status","id":)" + std::string(id) + "}"));
    EXPECT_EQ(answer["error"]["code"], -32600) << id;
    EXPECT_EQ(answer["id"], nullptr);
  }
}

TEST_F(Server, RefusesEveryWrongValueOfEveryParameter) {
  play_season(chain_);
  for (const Method* method : methods()) {
    for (const ParamSpec& wrong : method->params) {
      Json params = Json::object();
      for (const ParamSpec& spec : method->params) {
        if (spec.is_required) params[std::string(spec.name)] = good_value(spec);
      }
      const std::string name(wrong.name);
      for (const Json& value : wrong_values(wrong)) {
        params[name] = value;
        const Json answer = Json::parse(answer_of(to_text(call_of(method->name, params))));
        ASSERT_EQ(answer["error"]["code"], -32602) << method->name << " " << params;
        const std::string path = answer["error"]["data"]["path"];
        EXPECT_TRUE(path.starts_with("params." + name)) << method->name << " " << path;
      }
    }
  }
}

TEST_F(Server, RefusesParametersThatAreNotTheMethods) {
  for (const Method* method : methods()) {
    for (const Json& params : {Json(7), Json("x"), Json(true), Json{{"no_such_parameter", 1}},
                               Json(std::vector<Json>(method->params.size() + 1))}) {
      EXPECT_EQ(code_of(to_text(call_of(method->name, params))), -32602)
          << method->name << " " << params;
    }
  }
}

TEST_F(Server, SaysWhenThereIsNoSuchMethod) {
  for (const char* name : {"", "tree_hug", "chain_status ", "CHAIN_STATUS", "rpc.", "__proto__"}) {
    EXPECT_EQ(code_of(to_text(call_of(name, Json::object()))), -32601) << name;
  }
  EXPECT_EQ(code_of(to_text(call_of(std::string(500'000, 'a'), Json::object()))), -32601);
}

TEST_F(Server, AnswersBatchesUpToTheirBound) {
  EXPECT_EQ(code_of("[]"), -32600);
  for (const int calls : {1, 100, 1'000}) {
    const Json answers = Json::parse(answer_of(batch_of(calls)));
    ASSERT_EQ(answers.size(), static_cast<std::size_t>(calls));
    for (int i = 0; i < calls; ++i) {
      EXPECT_EQ(answers[static_cast<std::size_t>(i)]["id"], i);
      EXPECT_TRUE(answers[static_cast<std::size_t>(i)].contains("result"));
    }
  }
  const Json refused = Json::parse(answer_of(batch_of(1'001)));
  EXPECT_EQ(refused["error"]["code"], -32005);
  EXPECT_EQ(refused["error"]["data"]["limit"], "batch_calls");
}

TEST_F(Server, AnswersNoNotification) {
  EXPECT_EQ(answer_of(R"({"jsonrpc":"2.0","method":"chain_status"})"), "");
  EXPECT_EQ(answer_of(R"({"jsonrpc":"2.0","method":"tree_hug"})"), "");
  EXPECT_EQ(answer_of(R"({"jsonrpc":"2.0","method":"log_proof","params":{"index":"x"}})"), "");
  const std::string notice = R"({"jsonrpc":"2.0","method":"chain_status"})";
  EXPECT_EQ(answer_of("[" + notice + "," + notice + "]"), "");
  const Json answers = Json::parse(answer_of("[" + notice + "," + std::string(kStatusCall) + "]"));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0]["id"], 1);
}

// A notification is not answered, but carried out.
TEST_F(Server, CarriesNotificationsOut) {
  const auto statement = chain_.sign("desert-ngo", photo("one", chain_.day()));
  Json call = call_of("record_submit", {{"statement", crypto::to_hex(statement->bytes)}});
  call.erase("id");
  EXPECT_EQ(answer_of(to_text(call)), "");
  EXPECT_EQ(chain_.latest()->header().log_size, 3u);
}

}  // namespace
}  // namespace treeproof::rpc
