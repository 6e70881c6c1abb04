#include <gtest/gtest.h>

#include "consensus/ledger/conviction.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

crypto::PublicKeyBytes key(std::string_view name) { return secret_key(name).public_key().bytes(); }

std::string node(std::string_view org) { return std::string(org) + "/node"; }

ValidatorSeat seat_of(std::string_view org, std::uint64_t power = 1) {
  return {{std::string(org)}, power, key(node(org))};
}

Propose propose(Change change) { return {{"proposal"}, std::move(change)}; }

// With four validators nobody can be spared; with seven, three can.
class Validators : public testing::Test {
 protected:
  explicit Validators(const Genesis& genesis = consortium_genesis()) : consortium_(genesis) {}

  ValidatorSet set() const { return validators_of(consortium_.state); }
  ValidatorsSet change() const {
    ValidatorsSet change;
    const ValidatorSet current = set();
    for (const Validator& validator : current.all()) {
      change.validators.push_back({{validator.org}, validator.power, validator.key.bytes()});
    }
    return change;
  }
  ValidatorsSet with(const ValidatorSeat& seat) const {
    ValidatorsSet all = change();
    all.validators.push_back(seat);
    std::ranges::sort(all.validators, {}, &ValidatorSeat::org);
    return all;
  }
  ValidatorsSet without(std::string_view org) const {
    ValidatorsSet rest = change();
    std::erase_if(rest.validators, [&](const ValidatorSeat& seat) { return seat.org.text == org; });
    return rest;
  }
  void give_node_key(std::string_view org) {
    consortium_.must(org, KeyPut{{"node"}, key(node(org)), {KeyRole::node}});
  }
  bool sits(std::string_view org) const { return set().find(org) != nullptr; }
  Refusal refusal(const Change& change) { return consortium_.refusal(kVillage, propose(change)); }
  Reason refused(const Change& change) { return refusal(change).reason; }

  Consortium consortium_;
};

class SevenValidators : public Validators {
 protected:
  SevenValidators() : Validators(seven_genesis()) {}
};

TEST_F(Validators, JoinWithTheirNodeKey) {
  give_node_key(kVillage);
  consortium_.govern(with(seat_of(kVillage)));
  EXPECT_EQ(set().size(), 5u);
  ASSERT_TRUE(sits(kVillage));
  const ValidatorSet joined = set();
  EXPECT_EQ(joined.find(kVillage)->key.bytes(), key(node(kVillage)));
  EXPECT_EQ(joined.find(kVillage)->power, 1u);
}

TEST_F(Validators, ApproveFromTheNextHeightOn) {
  give_node_key(kVillage);
  consortium_.must(kDesert, propose(with(seat_of(kVillage))));
  consortium_.must(kDesert, Propose{{"second"}, SuspendOrg{{std::string(kRegulator)}}});
  const Approve join{{"join"}, {"desert-ngo/proposal"}};
  const Approve suspend{{"suspend"}, {"desert-ngo/second"}};
  consortium_.must(kCoast, join);
  consortium_.must(kDesert, join);
  BlockExecution block(consortium_.state, consortium_.block());
  EXPECT_TRUE(block.add(consortium_.sign(kPlatform, join)).has_value());
  EXPECT_EQ(validators_of(block.state()).size(), 5u);
  const auto early = block.add(consortium_.sign(kVillage, suspend));
  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().reason, Reason::approver_not_validator);
  for (const auto org : {kCoast, kDesert, kPlatform}) {  // 3 of 4 still decide in this block
    EXPECT_TRUE(block.add(consortium_.sign(org, suspend)).has_value());
  }
  EXPECT_TRUE(block.state().get<OrgObject>(kRegulator)->suspended);
  consortium_.must(kPlatform, join);
  consortium_.must(kVillage, suspend);
}

TEST_F(SevenValidators, LeaveWhenTheNewSetOmitsThem) {
  consortium_.govern(without(kPartner));
  EXPECT_FALSE(sits(kPartner));
  EXPECT_EQ(set().size(), 6u);
  consortium_.must(kPartner, KeyRevoke{{"old"}, key(node(kPartner))});
}

TEST_F(Validators, AreRotatedByTheirOwnNewNodeKeyOnly) {
  consortium_.must(kVillage, propose(change()));
  for (const auto org : {kCoast, kDesert}) {
    consortium_.must(org, Approve{{"yes"}, {"village/proposal"}});
  }
  consortium_.must(kDesert, KeyPut{{"rotate"}, key("desert 2"), {KeyRole::node}});
  EXPECT_EQ(set().find(kDesert)->key.bytes(), key("desert 2"));
  // An old key without its guard could sign twice: a proposal of before does not bring it back.
  const Refusal stale = consortium_.refusal(kPlatform, Approve{{"yes"}, {"village/proposal"}});
  EXPECT_EQ(stale.reason, Reason::validator_key_wrong);
  EXPECT_EQ(number(stale, "public_key"), crypto::to_hex(key(node(kDesert))));
  EXPECT_EQ(number(stale, "registered"), crypto::to_hex(key("desert 2")));
  consortium_.govern(change());
}

TEST_F(Validators, AreNotNoneAndNotFewerThanTheMinimum) {
  const Refusal none = refusal(ValidatorsSet{});
  EXPECT_EQ(none.reason, Reason::validators_too_few);
  EXPECT_EQ(number(none, "validators"), "0");
  const Refusal three = refusal(without(kCoast));
  EXPECT_EQ(three.reason, Reason::validators_too_few);
  EXPECT_EQ(number(three, "validators"), "3");
  EXPECT_EQ(number(three, "min"), "4");
}

TEST_F(Validators, StandOnceWithKeysOfTheirOwnAndInOrder) {
  ValidatorsSet set = change();
  set.validators.insert(set.validators.begin(), set.validators[0]);
  const Refusal doubled = refusal(set);
  EXPECT_EQ(doubled.reason, Reason::validator_repeated);
  EXPECT_EQ(number(doubled, "org"), "coast-ngo");
  set = change();
  set.validators[1].public_key = set.validators[0].public_key;
  EXPECT_EQ(refused(set), Reason::validator_repeated);
  set = change();
  std::swap(set.validators[0], set.validators[1]);
  const Refusal unsorted = refusal(set);
  EXPECT_EQ(unsorted.reason, Reason::list_not_ascending);
  EXPECT_EQ(number(unsorted, "field"), "validators");
}

TEST_F(Validators, HavePower) {
  give_node_key(kVillage);
  const Refusal newcomer = refusal(with(seat_of(kVillage, 0)));
  EXPECT_EQ(newcomer.reason, Reason::validator_power_zero);
  EXPECT_EQ(number(newcomer, "org"), kVillage);
  ValidatorsSet sitting = change();
  sitting.validators[2].power = 0;
  EXPECT_EQ(refused(sitting), Reason::validator_power_zero);
  sitting.validators[2].power = 2;
  consortium_.govern(sitting);
  EXPECT_EQ(set().total_power(), 5u);
}

TEST_F(Validators, HaveATotalPowerWhoseTripleFits) {
  constexpr std::uint64_t kMost = UINT64_MAX / 3;
  ValidatorsSet set = change();
  set.validators[3].power = kMost - 2;
  const Refusal refusal_of_total = refusal(set);
  EXPECT_EQ(refusal_of_total.reason, Reason::validators_power_too_large);
  EXPECT_EQ(number(refusal_of_total, "total_before"), "3");
  EXPECT_EQ(number(refusal_of_total, "limit"), std::to_string(kMost));
  set.validators[0].power = UINT64_MAX;
  EXPECT_EQ(refused(set), Reason::validators_power_too_large);
  set.validators[0].power = 1;
  set.validators[3].power = kMost - 3;
  consortium_.govern(set);
  EXPECT_EQ(validators_of(consortium_.state).total_power(), kMost);
}

TEST_F(Validators, AreOrganisationsOfTheChain) {
  const Refusal nobody = refusal(with(seat_of("nobody")));
  EXPECT_EQ(nobody.reason, Reason::validator_unknown);
  EXPECT_EQ(number(nobody, "org"), "nobody");
}

TEST_F(Validators, SitWithALiveKeyWhoseRoleIsNode) {
  EXPECT_EQ(number(refusal(with(seat_of(kVillage))), "registered"), "none");
  EXPECT_EQ(refused(with({{std::string(kVillage)}, 1, key(kVillage)})),
            Reason::validator_key_wrong);
  give_node_key(kVillage);
  EXPECT_EQ(refused(with({{std::string(kVillage)}, 1, key(kVillage)})),
            Reason::validator_key_wrong);
  EXPECT_EQ(refused(with({{std::string(kVillage)}, 1, key(node(kDesert))})),
            Reason::validator_repeated);
  consortium_.must(kVillage, KeyRevoke{{"lost"}, key(node(kVillage))});
  EXPECT_EQ(refused(with(seat_of(kVillage))), Reason::validator_key_wrong);
}

TEST_F(Validators, AreAtMostOneHundred) {
  State state(consortium_.state);
  ValidatorsSet many;
  const OrgObject model = *state.get<OrgObject>(kDesert);
  for (int i = 0; i < 101; ++i) {
    const std::string id = "org-" + std::to_string(1'000 + i);
    OrgObject org = model;
    org.keys.resize(1);
    org.keys[0].roles = {KeyRole::node};
    org.keys[0].public_key = key(node(id));
    state.put(id, org);
    many.validators.push_back(seat_of(id));
  }
  consortium_.state.all.merge(state.take_changes());
  const Refusal refusal_of_many = refusal(many);
  EXPECT_EQ(refusal_of_many.reason, Reason::validators_too_many);
  EXPECT_EQ(number(refusal_of_many, "validators"), "101");
  EXPECT_EQ(number(refusal_of_many, "max"), "100");
  many.validators.pop_back();
  consortium_.govern(many);
  EXPECT_EQ(set().size(), 100u);
}

TEST_F(SevenValidators, LeaveAndAreSilentWhileSuspended) {
  consortium_.govern(SuspendOrg{{std::string(kPartner)}});
  EXPECT_FALSE(sits(kPartner));
  EXPECT_EQ(set().size(), 6u);
  EXPECT_TRUE(consortium_.get<OrgObject>(kPartner)->suspended);
  EXPECT_EQ(consortium_.refusal(kPartner, Consent{{"c"}, {}}).reason, Reason::org_suspended);
  EXPECT_EQ(refused(SuspendOrg{{std::string(kPartner)}}), Reason::suspended_already);
  const Refusal seated = refusal(with(seat_of(kPartner)));
  EXPECT_EQ(seated.reason, Reason::validator_suspended);
  EXPECT_EQ(number(seated, "org"), kPartner);
}

TEST_F(SevenValidators, SignOnceReinstatedAndSitOnceSeated) {
  consortium_.govern(SuspendOrg{{std::string(kPartner)}});
  consortium_.govern(ReinstateOrg{{std::string(kPartner)}});
  EXPECT_FALSE(consortium_.get<OrgObject>(kPartner)->suspended);
  consortium_.must(kPartner, Consent{{"c"}, {}});
  EXPECT_FALSE(sits(kPartner));
  consortium_.govern(with(seat_of(kPartner)));
  EXPECT_TRUE(sits(kPartner));
}

TEST_F(Validators, AreNotSuspendedWhenTheyCannotBeSpared) {
  const Refusal refusal_of_four = refusal(SuspendOrg{{std::string(kCoast)}});
  EXPECT_EQ(refusal_of_four.reason, Reason::validators_too_few);
  EXPECT_EQ(number(refusal_of_four, "validators"), "3");
  consortium_.govern(SuspendOrg{{std::string(kPartner)}});  // no validator here
  give_node_key(kVillage);
  ValidatorsSet successor = with(seat_of(kVillage));
  std::erase_if(successor.validators, [](const auto& seat) { return seat.org.text == kCoast; });
  consortium_.govern(successor);
  consortium_.govern(SuspendOrg{{std::string(kCoast)}});
  EXPECT_EQ(set().size(), 4u);
}

TEST_F(Validators, AreReinstatedOnlyAfterASuspension) {
  EXPECT_EQ(refused(ReinstateOrg{{std::string(kCoast)}}), Reason::not_suspended);
  EXPECT_EQ(refused(ReinstateOrg{{"nobody"}}), Reason::org_unknown);
  EXPECT_EQ(refused(SuspendOrg{{"nobody"}}), Reason::org_unknown);
}

TEST_F(Validators, AreNeverFewerThanANewMinimum) {
  const Refusal five = refusal(ParamsSet{{{{"validators_min"}, 5}}});
  EXPECT_EQ(five.reason, Reason::validators_too_few);
  EXPECT_EQ(number(five, "validators"), "4");
  EXPECT_EQ(number(five, "min"), "5");
  give_node_key(kVillage);
  consortium_.govern(with(seat_of(kVillage)));
  consortium_.govern(ParamsSet{{{{"validators_min"}, 5}}});
  EXPECT_EQ(refused(without(kVillage)), Reason::validators_too_few);
}

TEST_F(SevenValidators, NeedMoreThanTwoThirdsOfThemToChange) {
  consortium_.must(kVillage, propose(without(kPartner)));
  for (const auto org : {kCoast, kDesert, kPlatform, kVerifier}) {
    consortium_.must(org, Approve{{"yes"}, {"village/proposal"}});
  }
  EXPECT_EQ(set().size(), 7u);
  consortium_.must(kPartner, Approve{{"yes"}, {"village/proposal"}});
  EXPECT_EQ(set().size(), 6u);
}

TEST_F(SevenValidators, ChangeOnlyWhileTheProposalIsFresh) {
  consortium_.must(kVillage, propose(without(kPartner)));
  consortium_.advance_days(90);
  EXPECT_EQ(consortium_.refusal(kDesert, Approve{{"yes"}, {"village/proposal"}}).reason,
            Reason::proposal_expired);
}

}  // namespace
}  // namespace treeproof::ledger
