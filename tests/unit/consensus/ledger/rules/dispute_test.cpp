#include <gtest/gtest.h>

#include "consensus/ledger/dispute_objects.h"
#include "consensus/ledger/disputes.h"
#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kUnits = {"platform/units"};

Dispute dispute_of(DisputeTarget target, std::string_view ref = "doubt") {
  Dispute payload;
  payload.ref = {std::string(ref)};
  payload.target = std::move(target);
  return payload;
}

// 40 trees that stand verified, 30 units that wait.
class Disputes : public testing::Test {
 protected:
  Disputes() {
    field_.grow("grown", 40, 0);
    field_.must(kPlatform, field_.redeem("units", 30));
  }
  Allocate allocate(std::string_view ref = "give") {
    const RunLeaf run{kUnits, kGrown, kHaloxylon, 5};
    return field_.allocate(ref, std::vector<RunLeaf>{run});
  }
  Refusal refused(std::string_view org, const Payload& payload) {
    return field_.refusal(org, payload);
  }
  void expect_frozen(std::string_view target) {
    const Refusal refusal = refused(kPlatform, allocate());
    EXPECT_EQ(refusal.reason, Reason::target_frozen) << target;
    EXPECT_EQ(number(refusal, "target"), target);
  }
  crypto::Hash statement_of(std::string_view object) const {
    return field_.find<DisputeObject>(object)->record.statement;
  }
  Field field_;
};

TEST_F(Disputes, OfARegulatorOrVerifierFreezeAPlantingAtOnce) {
  field_.must(kRegulator, dispute_of(DisputedRecord{kGrown}));
  expect_frozen("desert-ngo/grown");
  EXPECT_TRUE(field_.find<DisputeObject>("regulator/doubt")->freezes);
  field_.advance_days(91);
  field_.must(kPlatform, allocate());
}

TEST_F(Disputes, FreezeWhatRestsOnTheirTarget) {
  const std::pair<DisputeTarget, std::string> targets[] = {
      {DisputedRecord{{"desert-ngo/home"}}, "desert-ngo/home"},
      {DisputedRecord{{"platform/planted"}}, "platform/planted"},
      {DisputedRecord{{"verifier/verify-grown"}}, "verifier/verify-grown"},
      {DisputedRecord{kUnits}, "platform/units"},
      {DisputedOrg{{"verifier"}, 1}, "verifier"},
      {DisputedKey{secret_key(kDesert).public_key().bytes(), 1},
       key_target_id({"desert-ngo"}, secret_key(kDesert).public_key().kid())},
  };
  for (const auto& [target, id] : targets) {
    Field field;
    field.grow("grown", 40, 0);
    field.must(kPlatform, field.redeem("units", 30));
    field.must(kRegulator, dispute_of(target));
    const RunLeaf run{kUnits, kGrown, kHaloxylon, 5};
    const Refusal refusal =
        field.refusal(kPlatform, field.allocate("give", std::vector<RunLeaf>{run}));
    EXPECT_EQ(refusal.reason, Reason::target_frozen) << id;
    EXPECT_EQ(number(refusal, "target"), id);
  }
}

TEST_F(Disputes, OfAnOrganisationMeanWhatItRecordedFromAHeightOn) {
  const std::uint64_t later = field_.block().height.value;
  field_.must(kRegulator, dispute_of(DisputedOrg{{"desert-ngo"}, later}));
  field_.must(kPlatform, allocate());
}

TEST_F(Disputes, OfOthersFreezeOnceSeconded) {
  field_.must(kVillage, dispute_of(DisputedRecord{kGrown}));
  field_.must(kPlatform, allocate("before"));
  const crypto::Hash id = statement_of("village/doubt");
  EXPECT_EQ(refused(kCoast, Consent{{"second"}, id}).reason, Reason::seconder_unfit);
  EXPECT_EQ(refused(kVillage, Consent{{"second"}, id}).reason, Reason::seconder_unfit);
  field_.must(kVerifier, Consent{{"second"}, id});
  EXPECT_EQ(field_.find<DisputeObject>("village/doubt")->seconded_by->text, "verifier");
  expect_frozen("desert-ngo/grown");
  field_.must(kRegulator, Consent{{"second"}, id});  // no more than a voice
  EXPECT_EQ(field_.find<DisputeObject>("village/doubt")->seconded_by->text, "verifier");
}

TEST_F(Disputes, ThatLapsedAreNotSecondedAnyMore) {
  field_.must(kVillage, dispute_of(DisputedRecord{kGrown}));
  field_.advance_days(91);
  field_.must(kVerifier, Consent{{"second"}, statement_of("village/doubt")});
  field_.must(kPlatform, allocate());
}

TEST_F(Disputes, AreRenewedOnceByTheirIssuerWhileTheyAreOpen) {
  field_.must(kRegulator, dispute_of(DisputedRecord{kGrown}));
  Dispute renewal = dispute_of(DisputedRecord{kGrown}, "again");
  renewal.renews = ObjectId{"regulator/doubt"};
  EXPECT_EQ(refused(kVerifier, renewal).reason, Reason::dispute_not_renewable);
  field_.advance_days(80);
  field_.must(kRegulator, renewal);
  EXPECT_EQ(field_.find<DisputeObject>("regulator/doubt")->renewed_by->text, "regulator/again");
  field_.advance_days(80);
  expect_frozen("desert-ngo/grown");
  Dispute third = dispute_of(DisputedRecord{kGrown}, "third");
  third.renews = ObjectId{"regulator/again"};
  EXPECT_EQ(refused(kRegulator, third).reason, Reason::dispute_not_renewable);
  third.renews = ObjectId{"regulator/doubt"};
  EXPECT_EQ(refused(kRegulator, third).reason, Reason::dispute_not_renewable);
  field_.advance_days(11);
  field_.must(kPlatform, allocate());
}

TEST_F(Disputes, AreNotRenewedOnceLapsedOrForAnotherTarget) {
  field_.must(kRegulator, dispute_of(DisputedRecord{kGrown}));
  Dispute renewal = dispute_of(DisputedRecord{kUnits}, "again");
  renewal.renews = ObjectId{"regulator/doubt"};
  EXPECT_EQ(refused(kRegulator, renewal).reason, Reason::dispute_not_renewable);
  field_.advance_days(91);
  renewal.target = DisputedRecord{kGrown};
  EXPECT_EQ(refused(kRegulator, renewal).reason, Reason::dispute_not_renewable);
}

TEST_F(Disputes, AreOpenedOnceForAReason) {
  field_.must(kRegulator, dispute_of(DisputedRecord{kGrown}));
  field_.advance_days(100);
  const Refusal refusal = refused(kRegulator, dispute_of(DisputedRecord{kGrown}, "again"));
  EXPECT_EQ(refusal.reason, Reason::disputed_before);
  EXPECT_EQ(number(refusal, "earlier"), "regulator/doubt");
  Dispute other = dispute_of(DisputedRecord{kGrown}, "again");
  other.ground = Ground::land_right;
  field_.must(kRegulator, other);
}

TEST_F(Disputes, OfOneTargetAreLimitedInNumber) {
  State overlay(field_.state);
  TargetObject target;
  target.disputes.resize(kDisputesPerTargetMax);
  for (DisputeMark& mark : target.disputes) mark.dispute = {"village/x"};
  overlay.put(kGrown.text, target);
  field_.state.all.merge(overlay.take_changes());
  EXPECT_EQ(refused(kRegulator, dispute_of(DisputedRecord{kGrown})).reason,
            Reason::disputes_too_many);
}

// The coast saw the trees of the desert, which stand for the campaign; "home" has others, too.
class Reports : public Disputes {
 protected:
  Reports() {
    field_.must(kDesert, field_.plant("other", tree_grid(field_.home, 10, 60, field_.day())));
    other_height_ = field_.block().height.value;
    Plant apart = field_.plant("apart", tree_grid(field_.home, 10, 80, field_.day()));
    apart.campaign.reset();
    field_.must(kDesert, apart);
    for (const char* plant : {"grown", "apart"}) field_.must(kCoast, visit(plant));
    field_.must(kPlatform, allocate());
    field_.must(kDesert, Mortality{{"died"}, kGrown, {{39, 1}}, Cause::fire, field_.day()});
  }
  Observe visit(const std::string& plant) const {
    Observe payload;
    payload.ref = {"saw-" + plant};
    payload.plant = {"desert-ngo/" + plant};
    payload.day = field_.day();
    const std::uint64_t size = plant == "grown" ? 40 : 10;
    payload.species = {{kHaloxylon, size, 0, 0}};
    return payload;
  }
  // Whether the coast's report on those trees may stand beside this target; changes nothing.
  bool takes(DisputeTarget target, std::string_view plant = "grown") {
    Dispute payload = dispute_of(std::move(target));
    payload.report = ObjectId{"coast-ngo/saw-" + std::string(plant)};
    const auto statement = field_.sign(kRegulator, payload);
    return check_statement(statement, field_.state, field_.block()).has_value();
  }
  std::uint64_t other_height_ = 0;
};

TEST_F(Reports, ConcernRecordsOfTheTreesThatTheyCount) {
  for (const char* id :
       {"desert-ngo/grown", "desert-ngo/home", "platform/planted", "verifier/verify-grown",
        "coast-ngo/saw-grown", "desert-ngo/died", "platform/units", "platform/give"}) {
    EXPECT_TRUE(takes(DisputedRecord{{id}})) << id;
  }
  for (const char* id : {"desert-ngo/other", "desert-ngo/apart", "coast-ngo/saw-apart",
                         "platform/pledged", "platform/energy"}) {
    EXPECT_FALSE(takes(DisputedRecord{{id}})) << id;
  }
  EXPECT_TRUE(takes(DisputedRecord{{"desert-ngo/home"}}, "apart"));
  EXPECT_FALSE(takes(DisputedRecord{kUnits}, "apart"));
  EXPECT_FALSE(takes(DisputedRecord{{"verifier/verify-grown"}}, "apart"));
}

TEST_F(Reports, ConcernWhoSignedOrHoldsThoseTrees) {
  const auto key = [](std::string_view org) { return secret_key(org).public_key().bytes(); };
  for (const std::string_view org : {kDesert, kPlatform, kVerifier, kCoast}) {
    EXPECT_TRUE(takes(DisputedOrg{{std::string(org)}, 1})) << org;
    EXPECT_TRUE(takes(DisputedKey{key(org), 1})) << org;
  }
  EXPECT_FALSE(takes(DisputedOrg{{std::string(kVillage)}, 1}));
  EXPECT_FALSE(takes(DisputedOrg{{std::string(kVerifier)}, 1}, "apart"));
  EXPECT_FALSE(takes(DisputedOrg{{std::string(kVerifier)}, other_height_}));  // verified earlier
  EXPECT_TRUE(takes(DisputedOrg{{std::string(kDesert)}, other_height_}));     // holds them
  EXPECT_FALSE(takes(DisputedKey{key(kDesert), other_height_}));
}

TEST_F(Disputes, NameTargetReportAndEvidenceThatExist) {
  EXPECT_EQ(refused(kRegulator, dispute_of(DisputedRecord{{"desert-ngo/none"}})).reason,
            Reason::dispute_target_unknown);
  EXPECT_EQ(refused(kRegulator, dispute_of(DisputedOrg{{"nobody"}, 1})).reason,
            Reason::dispute_target_unknown);
  EXPECT_EQ(refused(kRegulator, dispute_of(DisputedOrg{{"desert-ngo"}, 10'000})).reason,
            Reason::dispute_target_unknown);
  EXPECT_EQ(refused(kRegulator, dispute_of(DisputedKey{{}, 1})).reason,
            Reason::dispute_target_unknown);
  Dispute payload = dispute_of(DisputedRecord{kGrown});
  payload.report = kGrown;
  EXPECT_EQ(refused(kRegulator, payload).reason, Reason::report_unknown);
  payload.report.reset();
  payload.evidence = {kGrown};
  EXPECT_EQ(refused(kRegulator, payload).reason, Reason::evidence_unknown);
  payload.evidence = {kGrown, kGrown};
  EXPECT_EQ(refused(kRegulator, payload).reason, Reason::list_not_ascending);
}

}  // namespace
}  // namespace treeproof::ledger
