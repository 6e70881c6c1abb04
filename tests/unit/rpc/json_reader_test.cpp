#include "rpc/json_reader.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace treeproof::rpc {
namespace {

std::string problem_of(std::string_view text, const JsonLimits& limits = {}) {
  const auto tree = parse_json(text, limits);
  return tree ? "" : to_string(tree.error());
}

TEST(JsonReader, ReadsOneValueAndKeepsTheOrderOfKeys) {
  const auto tree = parse_json(R"( {"z":1,"a":[true,null,-2,"text"]} )");
  ASSERT_TRUE(tree.has_value());
  EXPECT_EQ(to_text(*tree), R"({"z":1,"a":[true,null,-2,"text"]})");
}

TEST(JsonReader, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\":1,}", "nul", "'a'", "[1] [2]", "{\"a\" 1}",
                           "\"\xff\"", "\"\\ud800\"", "01", "1e400", "NaN", "\x00"}) {
    EXPECT_TRUE(problem_of(text).starts_with("not JSON")) << text << ": " << problem_of(text);
  }
}

TEST(JsonReader, RefusesDoubledKeys) {
  EXPECT_EQ(problem_of(R"({"a":1,"b":{"c":1,"c":2}})"), "a key stands twice: c");
  EXPECT_EQ(problem_of(R"({"a":1,"\u0061":2})"), "a key stands twice: a");
  EXPECT_EQ(problem_of(R"([{"a":1},{"a":1}])"), "");
}

TEST(JsonReader, RefusesDepthBombsBeforeTheyAreBuilt) {
  EXPECT_EQ(problem_of(std::string(100'000, '[')), "nested too deeply");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(problem_of(objects), "nested too deeply");
  EXPECT_EQ(problem_of("[[1]]", {.depth_max = 2}), "");
  EXPECT_EQ(problem_of("[[[1]]]", {.depth_max = 2}), "nested too deeply");
}

TEST(JsonReader, RefusesTooManyValuesAndKeys) {
  EXPECT_EQ(problem_of("[1,2,3]", {.values_max = 3}), "too many values");
  EXPECT_EQ(problem_of("[1,2,3]", {.values_max = 4}), "");
  EXPECT_EQ(problem_of("[{},{},{}]", {.values_max = 3}), "too many values");
  EXPECT_EQ(problem_of(R"({"a":1,"b":2})", {.keys_max = 1}), "an object with too many keys");
}

TEST(JsonReader, WritesEvenWhatIsNotUtf8) {
  EXPECT_EQ(to_text(Json(std::string("a\xff"))), "\"a\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace treeproof::rpc
