// Random calls of every method, and damaged ones: each is answered in the form of JSON-RPC, never
// by a crash and never as a bug of the node.
#include <gtest/gtest.h>
// RapidCheck's macros need GoogleTest first.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/json_mutation.h"
#include "tests/unit/rpc/sample_values.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

Json random_value(const ParamSpec& spec, RandomFiller& random) {
  if (random.below(3) > 0) return good_value(spec);
  const auto wrong = wrong_values(spec);
  return random.below(2) == 0 ? wrong[random.below(wrong.size())] : hostile_value(random);
}

Json random_call(const Method& method, RandomFiller& random) {
  Json params = Json::object();
  for (const ParamSpec& spec : method.params) {
    if (spec.is_required || random.below(2) == 0) {
      params[std::string(spec.name)] = random_value(spec, random);
    }
  }
  return {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method.name}, {"params", params}};
}

bool is_named_error(const Json& error) {
  const int code = error.at("code").get<int>();
  const bool has_path = error.contains("data") && error["data"].contains("path");
  if (code == -32602 && !has_path) return false;
  const std::set<int> known{-32700, -32600, -32601, -32602, -32001, -32002, -32004, -32005};
  return known.contains(code) && !error.at("message").get<std::string>().empty();
}

bool is_answer(const Json& answer) {
  if (answer.at("jsonrpc") != "2.0" || !answer.contains("id")) return false;
  if (answer.contains("result") == answer.contains("error")) return false;
  return answer.contains("result") ? answer["result"].is_object() : is_named_error(answer["error"]);
}

// Nothing at all (a notification), one answer, or an array of them.
bool is_response(const std::string& body) {
  if (body.empty()) return true;
  const Json answers = Json::parse(body);
  if (!answers.is_array()) return is_answer(answers);
  return !answers.empty() && std::ranges::all_of(answers, is_answer);
}

TEST(CallProperty, RandomCallsAreAnsweredOrRefusedByName) {
  Caller caller(season_chain());
  EXPECT_TRUE(rc::check([&](std::uint64_t seed) {
    RandomFiller random(seed);
    for (const Method* method : methods()) {
      const std::string body = to_text(random_call(*method, random));
      RC_LOG() << body.substr(0, 10'000) << "\n";
      RC_ASSERT(is_response(caller.post(body)));
    }
  }));
}

TEST(CallProperty, DamagedCallsAreAnsweredOrRefusedByName) {
  Caller caller(season_chain());
  EXPECT_TRUE(rc::check([&](std::uint64_t seed) {
    RandomFiller random(seed);
    for (const Method* method : methods()) {
      Json call = random_call(*method, random);
      if (random.below(2) == 0) damage_tree(call, random);
      std::string body = to_text(random.below(3) == 0 ? Json::array({call, call}) : call);
      if (random.below(2) == 0) damage_text(body, random);
      RC_LOG() << body.substr(0, 10'000) << "\n";
      RC_ASSERT(is_response(caller.post(body)));
    }
  }));
}

}  // namespace
}  // namespace treeproof::rpc
