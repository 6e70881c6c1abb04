#include "consensus/ledger/genesis.h"

#include <gtest/gtest.h>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/objects.h"
#include "crypto/merkle.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

class GenesisCheck : public testing::Test {
 protected:
  Reason refusal() const {
    const auto held = check_genesis(genesis_);
    EXPECT_FALSE(held.has_value());
    return held ? Reason{} : held.error().reason;
  }
  GenesisOrg& desert() { return genesis_.orgs.at(1); }
  Genesis genesis_ = consortium_genesis();
};

TEST_F(GenesisCheck, AcceptsTheConsortium) { EXPECT_TRUE(check_genesis(genesis_).has_value()); }

TEST_F(GenesisCheck, RefusesANameOutsideItsAlphabet) {
  for (const std::string& name :
       std::vector<std::string>{"", "Test", "a b", std::string(49, 'a')}) {
    genesis_.chain_name = name;
    EXPECT_EQ(refusal(), Reason::chain_name_invalid) << name;
  }
}

TEST_F(GenesisCheck, RefusesAClockOnAChainThatIsNoTest) {
  genesis_.clock = GenesisClock{{1}, 5, {2}};
  EXPECT_TRUE(check_genesis(genesis_).has_value());
  genesis_.chain_name = "production";
  EXPECT_EQ(refusal(), Reason::clock_needs_test_chain);
}

TEST_F(GenesisCheck, RefusesAClockThatStandsOrRunsBack) {
  genesis_.clock = GenesisClock{{1}, 0, {2}};
  EXPECT_EQ(refusal(), Reason::clock_invalid);
  genesis_.clock = GenesisClock{{2}, 5, {1}};
  EXPECT_EQ(refusal(), Reason::clock_invalid);
}

TEST_F(GenesisCheck, RefusesParametersOutOfBounds) {
  for (const ParameterRow& row : parameter_rows()) {
    genesis_ = consortium_genesis();
    genesis_.parameters.*row.value = row.max + 1;
    EXPECT_EQ(refusal(), Reason::parameter_out_of_bounds) << row.name;
  }
}

TEST_F(GenesisCheck, RefusesWhatStandsTwice) {
  genesis_.orgs.push_back(genesis_.orgs.front());
  EXPECT_EQ(refusal(), Reason::org_repeated);
  genesis_ = consortium_genesis();
  desert().keys.push_back(genesis_.orgs.front().keys.front());
  EXPECT_EQ(refusal(), Reason::key_taken);
  genesis_ = consortium_genesis();
  genesis_.species.push_back(genesis_.species.front());
  EXPECT_EQ(refusal(), Reason::species_repeated);
  genesis_ = consortium_genesis();
  genesis_.validators.push_back(genesis_.validators.front());
  EXPECT_EQ(refusal(), Reason::validator_repeated);
}

TEST_F(GenesisCheck, RefusesAnOrganisationWithoutAdminKey) {
  desert().keys.erase(desert().keys.begin());
  EXPECT_EQ(refusal(), Reason::admin_key_missing);
}

TEST_F(GenesisCheck, RefusesAKeyThatIsNoPoint) {
  desert().keys.front().public_key.fill(7);
  EXPECT_EQ(refusal(), Reason::key_invalid);
}

TEST_F(GenesisCheck, RefusesTooManyKeys) {
  for (std::size_t i = 0; i < kKeysPerOrgMax; ++i) {
    const auto key = secret_key("key " + std::to_string(i)).public_key().bytes();
    desert().keys.push_back({key, {KeyRole::observe}});
  }
  EXPECT_EQ(refusal(), Reason::keys_too_many);
}

TEST_F(GenesisCheck, RefusesRolesThatDoNotAscend) {
  desert().org.roles = {OrgRole::verifier, OrgRole::planter};
  EXPECT_EQ(refusal(), Reason::list_not_ascending);
}

TEST_F(GenesisCheck, RefusesOtherNumbersOfValidators) {
  genesis_.validators.pop_back();
  EXPECT_EQ(refusal(), Reason::validators_too_few);
  genesis_ = consortium_genesis();
  for (std::size_t i = 0; i <= kValidatorsMax; ++i) {
    genesis_.validators.push_back({"org-" + std::to_string(i)});
  }
  EXPECT_EQ(refusal(), Reason::validators_too_many);
}

TEST_F(GenesisCheck, RefusesAValidatorThatIsNoMemberOrHasNoNodeKey) {
  genesis_.validators.back() = {"stranger"};
  EXPECT_EQ(refusal(), Reason::validator_unknown);
  genesis_.validators.back() = {std::string(kRegulator)};
  EXPECT_EQ(refusal(), Reason::node_key_missing);
}

TEST_F(GenesisCheck, RefusesNamesAndDensitiesThatRulesWouldRefuse) {
  genesis_.species.front().max_stems_per_ha = 0;
  EXPECT_EQ(refusal(), Reason::empty);
  genesis_ = consortium_genesis();
  desert().org.name = {""};
  EXPECT_EQ(refusal(), Reason::cbor_out_of_range);
}

TEST(Genesis, ChainIdEndsWithHalfOfTheFilesHash) {
  const Genesis genesis = consortium_genesis();
  EXPECT_EQ(chain_id(genesis),
            "test-consortium-" + crypto::to_hex(genesis.file_hash).substr(0, 32));
}

TEST(Genesis, StateHoldsItsOrganisationsSpeciesAndParameters) {
  MemoryState state;
  state.all = genesis_state(consortium_genesis());
  const auto desert = get<OrgObject>(state, kDesert);
  ASSERT_TRUE(desert.has_value());
  EXPECT_TRUE(desert->has(OrgRole::planter));
  const KeyEntry* key = desert->key(secret_key(kDesert).public_key().kid());
  ASSERT_NE(key, nullptr);
  EXPECT_TRUE(key->live() && key->has(KeyRole::admin) && !key->has(KeyRole::node));
  EXPECT_EQ(get<KeyOwner>(state, crypto::to_hex(key->public_key)), KeyOwner{{"desert-ngo"}});
  EXPECT_EQ(get<Species>(state, "haloxylon")->max_stems_per_ha, 2'505u);
  EXPECT_EQ(get<Parameters>(state, kParametersId), Parameters{});
  EXPECT_EQ(get<SentinelObject>(state, kSentinelId)->genesis, consortium_genesis().file_hash);
}

TEST(Genesis, ValidatorsVoteWithTheirNodeKeys) {
  MemoryState state;
  state.all = genesis_state(consortium_genesis());
  const ValidatorSet validators = validators_of(state);
  EXPECT_EQ(validators, genesis_validators(consortium_genesis()));
  EXPECT_EQ(validators.size(), 4u);
  EXPECT_EQ(validators.find("desert-ngo")->key, secret_key("desert-ngo/node").public_key());
}

TEST(Genesis, LogBeginsWithTheFilesHashAndTheValidators) {
  const Genesis genesis = consortium_genesis();
  const auto entries = genesis_log_entries(genesis);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(crypto::to_hex(entries[0]),
            "826767656e65736973"
            "5820" +
                crypto::to_hex(genesis.file_hash));
  EXPECT_EQ(entries[1], genesis_validators(genesis).encode());
}

}  // namespace
}  // namespace treeproof::ledger
