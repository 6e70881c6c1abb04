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
  for (const char* text :
       {"",         " ",         "{",         "[1,]", "{\"a\":1,}", "nul",      "'a'",
        "[1] [2]",  "{\"a\" 1}", "{a:1}",     "[1]]", "01",         "+1",       "1.",
        ".5",       "0x1",       "1e",        "-",    "NaN",        "Infinity", "// a\n1",
        "\"a\nb\"", "\"\\x41\"", "\"\\u12\"", "\"a"}) {
    EXPECT_TRUE(problem_of(text).starts_with("not JSON at byte ")) << text << problem_of(text);
  }
}

TEST(JsonReader, RefusesTextsThatAreNotUtf8) {
  for (const char* text : {"\xff", "\x80", "\xc0\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xe2\x82",
                           "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80", "\\ud800",
                           "\\udc00", "\\ud800\\u0041", "\\ud83d\\ud83d", "\\udc00\\ud800"}) {
    EXPECT_TRUE(problem_of("\"" + std::string(text) + "\"").starts_with("not JSON")) << text;
    EXPECT_TRUE(problem_of("{\"" + std::string(text) + "\":1}").starts_with("not JSON")) << text;
  }
  EXPECT_EQ(parse_json(R"("\ud83c\udf33\u0000")"), Json(std::string("\xf0\x9f\x8c\xb3\0", 5)));
}

TEST(JsonReader, RefusesZeroBytesAndWhatTheyWouldHide) {
  using namespace std::string_literals;
  for (const std::string& text : {"\0"s, "1\0"s, "1\0{"s, "\0001"s, "[1\0]"s, "\"a\0b\""s}) {
    EXPECT_TRUE(problem_of(text).starts_with("not JSON at byte ")) << text;
  }
}

TEST(JsonReader, TakesNoNumberForAnIntegerThatIsNone) {
  EXPECT_EQ(problem_of("1e400"), "not JSON at byte 5");
  EXPECT_EQ(problem_of("-1e400"), "not JSON at byte 6");
  for (const char* text : {"18446744073709551616", "-9223372036854775809", "1.0", "1e0", "-0.0",
                           "5e-324", "340282366920938463463374607431768211456"}) {
    const auto number = parse_json(text);
    ASSERT_TRUE(number.has_value()) << text;
    EXPECT_TRUE(number->is_number_float()) << text;
  }
  EXPECT_EQ(parse_json("18446744073709551615"), Json(UINT64_MAX));
  EXPECT_EQ(parse_json("-9223372036854775808"), Json(INT64_MIN));
}

TEST(JsonReader, RefusesTheMinusZeroThatJsonAllows) {
  EXPECT_EQ(problem_of(R"({"count":-0})"), "minus zero is no integer");
  EXPECT_EQ(problem_of(R"({"count":0})"), "");
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
