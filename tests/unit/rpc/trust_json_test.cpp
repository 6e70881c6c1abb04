#include "rpc/trust_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rpc/genesis_json.h"
#include "tests/unit/rpc/test_chain.h"

namespace treeproof::rpc {
namespace {

proofs::Trust trust() { return trust_of(parse_genesis(test_genesis_text()).value()); }
Json trust_tree() { return Json::parse(trust_to_text(trust())); }

std::string fault_of(const Json& tree) {
  const auto read = parse_trust(to_text(tree));
  return read ? "" : to_string(read.error());
}

TEST(TrustJson, IsWhatTheGenesisSays) {
  const Json tree = trust_tree();
  EXPECT_EQ(tree["from_height"], 1);
  EXPECT_TRUE(tree["from_height"].is_number());
  EXPECT_EQ(tree["to_height"], nullptr);
  EXPECT_EQ(tree["policy"], nullptr);
  ASSERT_EQ(tree["validators"].size(), 4u);
  EXPECT_EQ(tree["validators"][0]["org"], "coast-ngo");
  EXPECT_EQ(tree["validators"][0]["power"], 1);
  EXPECT_TRUE(
      tree["chain"].get<std::string>().ends_with(tree["genesis"].get<std::string>().substr(0, 32)));
}

TEST(TrustJson, ReadsBackWhatItWrites) {
  proofs::Trust full = trust();
  full.to_height = Height{99};
  full.policy = proofs::Policy{{"platform", "verifier"}, 3};
  const auto read = parse_trust(trust_to_text(full));
  ASSERT_TRUE(read.has_value()) << to_string(read.error());
  EXPECT_EQ(read->to_height, Height{99});
  EXPECT_EQ(read->policy->required_orgs, full.policy->required_orgs);
  EXPECT_EQ(read->policy->minimum_signers, 3u);
  EXPECT_EQ(read->validators, full.validators);
  EXPECT_EQ(trust_to_text(*read), trust_to_text(full));
}

TEST(TrustJson, TakesHeightsAsDecimalTextsToo) {
  Json tree = trust_tree();
  tree["from_height"] = "7";
  EXPECT_EQ(parse_trust(to_text(tree))->from_height, Height{7});
}

TEST(TrustJson, RefusesWhatIsNotExactlyATrustFile) {
  const auto with = [](const char* key, const Json& value) {
    Json tree = trust_tree();
    tree[key] = value;
    return fault_of(tree);
  };
  EXPECT_EQ(with("note", "mine"), "unknown field note");
  EXPECT_NE(with("from_height", -1), "");
  EXPECT_NE(with("from_height", 1.5), "");
  EXPECT_NE(with("from_height", "9223372036854775808"), "");
  EXPECT_NE(with("to_height", 0), "");
  EXPECT_NE(with("chain", "test-api-00000000000000000000000000000000"), "");
  EXPECT_NE(with("chain", "Test"), "");
  EXPECT_NE(with("genesis", std::string(64, '0')), "");
  EXPECT_NE(with("validators", Json::array()), "");
  EXPECT_NE(with("policy", Json::object()), "");
  for (const char* key : {"chain", "genesis", "from_height", "to_height", "validators", "policy"}) {
    Json tree = trust_tree();
    tree.erase(key);
    EXPECT_NE(fault_of(tree), "") << key;
  }
}

TEST(TrustJson, RefusesDoubledAndPowerlessValidators) {
  Json tree = trust_tree();
  tree["validators"][1] = tree["validators"][0];
  EXPECT_NE(fault_of(tree), "");
  tree = trust_tree();
  tree["validators"][1]["power"] = 0;
  EXPECT_NE(fault_of(tree), "");
  tree = trust_tree();
  tree["validators"][1]["public_key"] = std::string(66, '0');
  EXPECT_EQ(fault_of(tree), "validators[1]: the public key is not a point of the curve");
}

}  // namespace
}  // namespace treeproof::rpc
