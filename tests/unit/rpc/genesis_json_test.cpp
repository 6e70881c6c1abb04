#include "rpc/genesis_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "crypto/hash.h"
#include "tests/unit/rpc/test_chain.h"

namespace treeproof::rpc {
namespace {

Json genesis_tree() { return Json::parse(test_genesis_text()); }

std::string fault_of(const Json& tree) {
  const auto genesis = parse_genesis(to_text(tree));
  return genesis ? "" : to_string(genesis.error());
}

TEST(GenesisJson, ReadsBackWhatItWrites) {
  const std::string text = test_genesis_text();
  const auto genesis = parse_genesis(text);
  ASSERT_TRUE(genesis.has_value()) << to_string(genesis.error());
  EXPECT_EQ(genesis_to_text(*genesis), text);
  EXPECT_EQ(genesis->file_hash, crypto::sha256(crypto::as_bytes(text)));
  EXPECT_EQ(genesis->orgs.size(), 5u);
  EXPECT_EQ(genesis->clock->rate, 1'000u);
}

TEST(GenesisJson, HashesTheExactBytes) {
  const std::string text = test_genesis_text();
  EXPECT_NE(parse_genesis(text + " ")->file_hash, parse_genesis(text)->file_hash);
}

TEST(GenesisJson, GivesParametersThatAreLeftOutTheirDefault) {
  Json tree = genesis_tree();
  tree["parameters"] = {{"sample_minimum", 7}};
  tree.erase("clock");
  const auto genesis = parse_genesis(to_text(tree));
  ASSERT_TRUE(genesis.has_value());
  ledger::Parameters expected;
  expected.sample_minimum = 7;
  EXPECT_EQ(genesis->parameters, expected);
  EXPECT_FALSE(genesis->clock.has_value());
}

TEST(GenesisJson, NamesWhatIsWrong) {
  Json tree = genesis_tree();
  tree["parameters"]["speed"] = 1;
  EXPECT_EQ(fault_of(tree), "parameters: unknown field speed");
  tree = genesis_tree();
  tree["organisations"][1]["keys"][0]["roles"][0] = "king";
  EXPECT_TRUE(fault_of(tree).starts_with("organisations[1].keys[0].roles[0]: one of admin"));
  tree = genesis_tree();
  tree.erase("validators");
  EXPECT_EQ(fault_of(tree), "the field validators is missing");
  tree = genesis_tree();
  tree["time"] = "yesterday";
  EXPECT_TRUE(fault_of(tree).starts_with("time: an integer"));
  tree["extra"] = 1;
  EXPECT_NE(fault_of(tree), "");
}

TEST(GenesisJson, RefusesWhatIsTooLargeOrNoJson) {
  EXPECT_FALSE(parse_genesis("{").has_value());
  EXPECT_FALSE(parse_genesis(std::string(100'000, '[')).has_value());
  EXPECT_FALSE(parse_genesis(std::string(kGenesisBytesMax + 1, ' ')).has_value());
}

}  // namespace
}  // namespace treeproof::rpc
