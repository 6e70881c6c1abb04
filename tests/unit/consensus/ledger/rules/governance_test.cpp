#include <gtest/gtest.h>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/history.h"
#include "consensus/ledger/plot_objects.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"
#include "tests/unit/consensus/ledger/rules/sample_filler.h"

namespace treeproof::ledger {
namespace {

crypto::PublicKeyBytes key(std::string_view name) { return secret_key(name).public_key().bytes(); }

const OrgPut kNewcomer = {
    {"newcomer"}, {"New NGO"}, {OrgRole::planter, OrgRole::verifier}, {"newcomer"}};
const ObjectId kProposal = {"desert-ngo/proposal"};

Propose propose(Change change) { return {{"proposal"}, std::move(change)}; }
Approve approve(std::string_view ref = "yes") { return {{std::string(ref)}, kProposal}; }

class Governance : public testing::Test {
 protected:
  Reason refused(Change change) {
    return consortium_.refusal(kDesert, propose(std::move(change))).reason;
  }
  Consortium consortium_;
};

TEST_F(Governance, CarriesOutAboveTwoThirdsOfThePower) {
  consortium_.must(kDesert, propose(kNewcomer));
  consortium_.must(kPlatform, approve());
  consortium_.must(kDesert, approve());
  EXPECT_FALSE(consortium_.get<OrgObject>("newcomer").has_value());
  EXPECT_EQ(consortium_.find<ProposalObject>(kProposal.text)->carried_out, std::nullopt);
  const std::uint64_t height = consortium_.block().height.value;
  consortium_.must(kVerifier, approve());
  const auto newcomer = consortium_.get<OrgObject>("newcomer");
  ASSERT_TRUE(newcomer.has_value());
  EXPECT_EQ(newcomer->name.text, "New NGO");
  EXPECT_TRUE(newcomer->has(OrgRole::planter) && newcomer->keys.empty());
  const auto proposal = consortium_.find<ProposalObject>(kProposal.text);
  EXPECT_EQ(proposal->carried_out, height);
  EXPECT_EQ(proposal->approvals.size(), 3u);
}

TEST_F(Governance, AnyMembersAdminProposes) {
  consortium_.must(kVillage, propose(kNewcomer));
  consortium_.must(kRegulator, propose(kNewcomer));
}

TEST_F(Governance, RefusesAnApprovalOfNothing) {
  const Refusal refusal = consortium_.refusal(kDesert, approve());
  EXPECT_EQ(refusal.reason, Reason::proposal_unknown);
  EXPECT_EQ(number(refusal, "proposal"), kProposal.text);
}

TEST_F(Governance, RefusesAnApprovalOfWhatIsDone) {
  consortium_.must(kDesert, propose(kNewcomer));
  for (const auto org : {kPlatform, kDesert, kCoast}) consortium_.must(org, approve());
  const Refusal refusal = consortium_.refusal(kVerifier, approve());
  EXPECT_EQ(refusal.reason, Reason::proposal_closed);
  EXPECT_EQ(number(refusal, "carried_out"), "4");
}

TEST_F(Governance, RefusesAnApprovalOfWhatExpired) {
  consortium_.must(kDesert, propose(kNewcomer));
  consortium_.advance_days(90);
  const Refusal refusal = consortium_.refusal(kVerifier, approve());
  EXPECT_EQ(refusal.reason, Reason::proposal_expired);
  EXPECT_EQ(number(refusal, "limit_days"), "90");
}

TEST_F(Governance, RefusesAnApprovalByAnOrganisationWithoutPower) {
  consortium_.must(kDesert, propose(kNewcomer));
  EXPECT_EQ(consortium_.refusal(kRegulator, approve()).reason, Reason::approver_not_validator);
}

TEST_F(Governance, CountsOneApprovalPerOrganisation) {
  consortium_.must(kDesert, propose(kNewcomer));
  consortium_.must(kDesert, approve());
  EXPECT_EQ(consortium_.refusal(kDesert, approve("again")).reason, Reason::approved_already);
}

TEST_F(Governance, CountsCurrentValidatorsOnly) {
  consortium_.must(kDesert, propose(kNewcomer));
  consortium_.must(kPlatform, approve());
  consortium_.must(kDesert, approve());
  State state(consortium_.state);
  std::vector<Validator> rest;
  const ValidatorSet before = validators_of(state);
  for (const Validator& validator : before.all()) {
    if (validator.org != kPlatform) rest.push_back(validator);
  }
  rest.push_back({std::string(kRegulator), 1, secret_key("regulator/node").public_key()});
  put_validators(state, *ValidatorSet::make(rest), consortium_.block().height);
  consortium_.state.all.merge(state.take_changes());
  consortium_.must(kCoast, approve());
  EXPECT_FALSE(consortium_.get<OrgObject>("newcomer").has_value());
  consortium_.must(kRegulator, approve());
  EXPECT_TRUE(consortium_.get<OrgObject>("newcomer").has_value());
}

TEST_F(Governance, RefusesTheLastApprovalOfWhatCannotBeDoneAnyMore) {
  consortium_.must(kDesert, propose(KeyPutFor{{"coast-ngo"}, key("new"), {KeyRole::plant}}));
  consortium_.must(kPlatform, approve());
  consortium_.must(kDesert, KeyPut{{"own"}, key("new"), {KeyRole::plant}});
  EXPECT_EQ(consortium_.refusal(kVerifier, approve()).reason, Reason::key_taken);
}

TEST_F(Governance, ChangesAnOrganisationAndKeepsItsKeys) {
  OrgPut change = kNewcomer;
  change.org = {std::string(kCoast)};
  consortium_.govern(change);
  const auto coast = consortium_.get<OrgObject>(kCoast);
  EXPECT_EQ(coast->name.text, "New NGO");
  EXPECT_EQ(coast->conflict_group.text, "newcomer");
  EXPECT_EQ(coast->keys.size(), 2u);
}

TEST_F(Governance, RefusesRolesThatDoNotAscend) {
  OrgPut change = kNewcomer;
  change.roles = {OrgRole::verifier, OrgRole::planter};
  EXPECT_EQ(refused(change), Reason::list_not_ascending);
  EXPECT_EQ(refused(KeyPutFor{{"coast-ngo"}, key("new"), {KeyRole::plant, KeyRole::plant}}),
            Reason::list_not_ascending);
}

TEST_F(Governance, GivesANewcomerItsFirstKey) {
  consortium_.govern(kNewcomer);
  consortium_.govern(KeyPutFor{{"newcomer"}, key("newcomer"), {KeyRole::admin}});
  consortium_.must("newcomer", Consent{{"hello"}, {}});
}

TEST_F(Governance, RefusesAKeyForNobody) {
  EXPECT_EQ(refused(KeyPutFor{{"nobody"}, key("new"), {KeyRole::admin}}), Reason::org_unknown);
  EXPECT_EQ(refused(KeyRevokeFor{{"nobody"}, key("new")}), Reason::org_unknown);
}

TEST_F(Governance, RevokesAKeyEvenTheLastOne) {
  consortium_.govern(KeyRevokeFor{{std::string(kVillage)}, key(kVillage)});
  EXPECT_EQ(consortium_.refusal(kVillage, propose(kNewcomer)).reason, Reason::key_revoked);
}

TEST_F(Governance, RegistersSpecies) {
  SpeciesPut put;
  put.species.push_back({{"populus"}, {"Populus euphratica"}, 1, 2, Habit::tree, 1'100});
  put.species.push_back({{"tamarix"}, {"Tamarix"}, {}, {}, Habit::shrub, {}});
  consortium_.govern(put);
  EXPECT_EQ(consortium_.get<Species>("populus"), put.species[0]);
  std::ranges::reverse(put.species);
  EXPECT_EQ(refused(put), Reason::list_not_ascending);
  put.species.resize(1);
  put.species[0].max_stems_per_ha = 0;
  EXPECT_EQ(refused(put), Reason::empty);
}

TEST_F(Governance, SetsParametersWithinTheirBounds) {
  ParamsSet set;
  set.settings = {{{"field_delay_days"}, 10}, {{"sample_minimum"}, 7}};
  consortium_.govern(set);
  Parameters expected;
  expected.field_delay_days = 10;
  expected.sample_minimum = 7;
  EXPECT_EQ(consortium_.get<Parameters>(kParametersId), expected);
  for (const ParameterRow& row : parameter_rows()) {
    set.settings = {{{std::string(row.name)}, row.max + 1}};
    EXPECT_EQ(refused(set), Reason::parameter_out_of_bounds) << row.name;
  }
}

TEST_F(Governance, RefusesUnknownAndRepeatedParameters) {
  ParamsSet set;
  set.settings = {{{"colour"}, 10}};
  const Refusal refusal = consortium_.refusal(kDesert, propose(set));
  EXPECT_EQ(refusal.reason, Reason::parameter_unknown);
  EXPECT_EQ(number(refusal, "parameter"), "colour");
  set.settings = {{{"sample_minimum"}, 7}, {{"sample_minimum"}, 8}};
  EXPECT_EQ(refused(set), Reason::list_not_ascending);
}

TEST_F(Governance, ListsEveryParameterWithItsDefaultInBounds) {
  const Parameters defaults;
  EXPECT_EQ(parameter_rows().size(), field_count<Parameters>());
  for (const ParameterRow& row : parameter_rows()) {
    EXPECT_TRUE(row.holds(defaults.*row.value)) << row.name;
    EXPECT_EQ(find_parameter(row.name), &row);
  }
}

TEST_F(Governance, OrganisationsRotateTheirOwnKeys) {
  consortium_.must(kDesert, KeyPut{{"put"}, key("new"), {KeyRole::admin, KeyRole::plant}});
  const auto entry = consortium_.get<OrgObject>(kDesert)->keys.back();
  EXPECT_EQ(entry.public_key, key("new"));
  EXPECT_EQ(entry.from_height, 1u);
  consortium_.must(consortium_.sign(kDesert, KeyRevoke{{"revoke"}, key(kDesert)}, "new"));
  EXPECT_EQ(consortium_.refusal(kDesert, propose(kNewcomer)).reason, Reason::key_revoked);
}

TEST_F(Governance, AKeyIsPutOnceByOneOrganisationForEver) {
  consortium_.must(kDesert, KeyPut{{"put"}, key("new"), {KeyRole::plant}});
  EXPECT_EQ(consortium_.refusal(kCoast, KeyPut{{"put"}, key("new"), {KeyRole::plant}}).reason,
            Reason::key_taken);
  consortium_.must(kDesert, KeyRevoke{{"revoke"}, key("new")});
  EXPECT_EQ(consortium_.refusal(kDesert, KeyPut{{"again"}, key("new"), {KeyRole::plant}}).reason,
            Reason::key_taken);
}

TEST_F(Governance, RefusesAKeyThatIsNoPoint) {
  crypto::PublicKeyBytes odd{};
  const Refusal refusal = consortium_.refusal(kDesert, KeyPut{{"put"}, odd, {KeyRole::plant}});
  EXPECT_EQ(refusal.reason, Reason::key_invalid);
  EXPECT_EQ(number(refusal, "public_key"), crypto::to_hex(odd));
}

TEST_F(Governance, RefusesMoreKeysThanAnOrganisationCanHave) {
  State state(consortium_.state);
  auto org = state.get<OrgObject>(kDesert);
  while (org->keys.size() < kKeysPerOrgMax) {
    KeyEntry entry = sample<KeyEntry>(org->keys.size());
    entry.revoked_height = 1;
    org->keys.push_back(entry);
  }
  state.put(kDesert, *org);
  consortium_.state.all.merge(state.take_changes());
  EXPECT_EQ(consortium_.refusal(kDesert, KeyPut{{"put"}, key("new"), {KeyRole::plant}}).reason,
            Reason::keys_too_many);
}

TEST_F(Governance, RefusesTheEndOfTheLastAdminKey) {
  const Refusal refusal = consortium_.refusal(kVillage, KeyRevoke{{"r"}, key(kVillage)});
  EXPECT_EQ(refusal.reason, Reason::key_last_admin);
}

TEST_F(Governance, RefusesToRevokeWhatIsNotThereOrNotLive) {
  EXPECT_EQ(consortium_.refusal(kDesert, KeyRevoke{{"r"}, key(kCoast)}).reason,
            Reason::key_unknown);
  consortium_.must(kDesert, KeyPut{{"put"}, key("new"), {KeyRole::plant}});
  consortium_.must(kDesert, KeyRevoke{{"r"}, key("new")});
  EXPECT_EQ(consortium_.refusal(kDesert, KeyRevoke{{"r2"}, key("new")}).reason,
            Reason::key_revoked);
}

TEST_F(Governance, AValidatorVotesWithItsNewestNodeKey) {
  EXPECT_EQ(consortium_.refusal(kDesert, KeyRevoke{{"r"}, key("desert-ngo/node")}).reason,
            Reason::key_of_validator);
  consortium_.must(kDesert, KeyPut{{"put"}, key("new node"), {KeyRole::node}});
  EXPECT_EQ(validators_of(consortium_.state).find("desert-ngo")->key.bytes(), key("new node"));
  consortium_.must(kDesert, KeyRevoke{{"r"}, key("desert-ngo/node")});
}

TEST_F(Governance, ANodeKeyOfAnObserverChangesNoValidator) {
  const ValidatorSet before = validators_of(consortium_.state);
  consortium_.must(kRegulator, KeyPut{{"put"}, key("observer"), {KeyRole::node}});
  EXPECT_EQ(validators_of(consortium_.state), before);
}

TEST_F(Governance, AConsentIsKeptForAnyStatement) {
  crypto::Hash id{};
  id[0] = 9;
  consortium_.must(kDesert, Consent{{"c"}, id});
  EXPECT_EQ(consortium_.get<ConsentObject>(consent_id(id, {"desert-ngo"})),
            ConsentObject{{"desert-ngo/c"}});
  const Refusal refusal = consortium_.refusal(kDesert, Consent{{"c2"}, id});
  EXPECT_EQ(refusal.reason, Reason::consent_repeated);
  EXPECT_EQ(number(refusal, "earlier"), "desert-ngo/c");
}

class LoggedPlot : public Governance {
 protected:
  LoggedPlot() {
    statement_[0] = 5;
    State state(consortium_.state);
    auto plot = sample<PlotObject>(1);
    plot.holder = {"desert-ngo"};
    plot.payload.capacity = 500;
    plot.confirmed_capacity = 0;
    state.put("desert-ngo/277", plot);
    state.put(crypto::to_hex(statement_), PlotById{{"desert-ngo/277"}});
    consortium_.state.all.merge(state.take_changes());
  }
  crypto::Hash statement_{};
};

TEST_F(LoggedPlot, GetsItsCapacityConfirmedByAVerifier) {
  consortium_.must(kVerifier, Consent{{"c"}, statement_});
  EXPECT_EQ(consortium_.find<PlotObject>("desert-ngo/277")->confirmed_capacity, 500u);
}

TEST_F(LoggedPlot, IsNotConfirmedByOthers) {
  const Refusal refusal = consortium_.refusal(kCoast, Consent{{"c"}, statement_});
  EXPECT_EQ(refusal.reason, Reason::consent_not_verifier);
  EXPECT_EQ(number(refusal, "plot"), "desert-ngo/277");
}

TEST_F(LoggedPlot, IsNotConfirmedByTheOwnersVerifier) {
  const Refusal refusal = consortium_.refusal(kSister, Consent{{"c"}, statement_});
  EXPECT_EQ(refusal.reason, Reason::consent_conflict);
  EXPECT_EQ(number(refusal, "conflict_group"), "desert");
}

}  // namespace
}  // namespace treeproof::ledger
