// Frauds with points, units and offices, each played as somebody would try it. All of them fail,
// for a reason that never changes its name, and leave the state root where it was.
#include <gtest/gtest.h>

#include "consensus/ledger/dispute_objects.h"
#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kHome = {"desert-ngo/home"};
const ObjectId kUnits = {"platform/units"};
const ObjectId kPlanted = {"platform/planted"};
const ObjectId kRides = {"partner/rides"};

// 40 verified trees of the desert, 30 units of the platform's users that wait for them.
class TrustFrauds : public testing::Test {
 protected:
  TrustFrauds() {
    field_.grow("grown", 40, 0);
    field_.must(kPlatform, field_.redeem("units", 30));
  }
  Refusal fails(const VerifiedStatement& statement) {
    const crypto::Hash root = field_.root();
    Refusal refusal = field_.refusal(statement);
    EXPECT_EQ(field_.root(), root);
    return refusal;
  }
  Refusal fails(std::string_view org, const Payload& payload) {
    return fails(field_.sign(org, payload));
  }
  Allocate give(std::string_view ref, std::uint64_t count) {
    const RunLeaf run{kUnits, kGrown, kHaloxylon, count};
    return field_.allocate(ref, std::vector<RunLeaf>{run});
  }
  void dispute(std::string_view ref, DisputeTarget target) {
    Dispute payload;
    payload.ref = {std::string(ref)};
    payload.target = std::move(target);
    field_.must(kRegulator, payload);
  }
  // Proposed by the platform, approved by these in turn.
  void resolve(std::string_view ref, Resolve change, std::initializer_list<std::string_view> orgs) {
    field_.must(kPlatform, Propose{{std::string(ref)}, std::move(change)});
    const ObjectId proposal{"platform/" + std::string(ref)};
    for (const std::string_view org : orgs) {
      field_.must(org, Approve{{"yes-" + std::string(ref)}, proposal});
    }
    EXPECT_TRUE(field_.find<ProposalObject>(proposal.text)->carried_out.has_value());
  }
  // The partner's own points, of which it may issue so many a year.
  void open_rides(std::uint64_t yearly_cap) {
    Programme rides;
    rides.ref = {"rides"};
    rides.actions = {{{"cycling"}, 10}};
    rides.yearly_cap = yearly_cap;
    rides.expiry_days = 365;
    rides.platforms = {{std::string(kPlatform)}};
    field_.must(kPartner, rides);
  }
  IssuePoints issue(std::string_view ref, std::string_view series, std::uint64_t grams) const {
    IssuePoints payload;
    payload.ref = {std::string(ref)};
    payload.programme = kRides;
    payload.series = {std::string(series)};
    payload.from_day = payload.to_day = kFirstDay;
    payload.accounts = 1;
    payload.grams = grams;
    return payload;
  }
  Field field_;
};

TEST_F(TrustFrauds, UnitsAllocatedTwiceThroughTwoPlatforms) {
  field_.govern(
      OrgPut{{"partner"}, {"Partner"}, {OrgRole::platform, OrgRole::programme}, {"partner"}});
  const auto second = field_.sign(kPartner, field_.campaign("second", Mode::plant_first));
  field_.must(kCoast, Consent{{"agree-second"}, second->id});
  field_.must(kDesert, Consent{{"agree-second"}, second->id});
  field_.must(second);
  Allocate theirs = give("theirs", 10);
  EXPECT_EQ(fails(kPartner, theirs).reason, Reason::campaign_not_own);
  theirs.campaign = {"partner/second"};
  EXPECT_EQ(fails(kPartner, theirs).reason, Reason::redemption_not_in_campaign);
  EXPECT_EQ(fails(kDesert, Assign{{"too"}, kGrown, {"partner/second"}}).reason,
            Reason::assigned_already);
  field_.must(kPlatform, give("all", 30));
  EXPECT_EQ(fails(kPlatform, give("again", 1)).reason, Reason::units_insufficient);
}

TEST_F(TrustFrauds, PointsOfOneProgrammeSpentTwice) {
  open_rides(500);
  field_.must(kPartner, issue("issue", "daily", 500));
  const auto ride = [&](std::string_view ref, std::uint64_t units) {
    Redeem payload = field_.redeem(ref, units);
    payload.programme = kRides;
    return payload;
  };
  field_.must(kPlatform, ride("first", 5));
  const Refusal refusal = fails(kPlatform, ride("second", 5));
  EXPECT_EQ(refusal.reason, Reason::points_insufficient);
  const Refund back{{"back"}, {"platform/first"}, {{0, 5}}, RefundReason::error};
  field_.must(kPlatform, back);
  Refund twice = back;
  twice.ref = {"back-again"};
  EXPECT_EQ(fails(kPlatform, twice).reason, Reason::unit_not_refundable);
  field_.must(kPlatform, ride("second", 5));
  EXPECT_EQ(fails(kPlatform, ride("third", 1)).reason, Reason::points_insufficient);
}

// Series count apart, their grams together: what all of them may issue in a year is one cap.
TEST_F(TrustFrauds, APeriodIssuedTwiceUnderTwoSeries) {
  open_rides(500);
  field_.must(kPartner, issue("issue", "daily", 500));
  EXPECT_EQ(fails(kPartner, issue("again", "daily", 500)).reason, Reason::period_overlaps);
  const Refusal refusal = fails(kPartner, issue("again", "weekly", 500));
  EXPECT_EQ(refusal.reason, Reason::yearly_cap_exceeded);
  EXPECT_EQ(number(refusal, "issued"), "500");
}

TEST_F(TrustFrauds, AConvictedVerifiersTrees) {
  field_.govern(ParamsSet{{{{"validators_min"}, 3}}});
  field_.must(kDesert, field_.plant("more", tree_grid(field_.home, 20, 200, field_.day())));
  dispute("bribed", DisputedOrg{{"verifier"}, 1});
  EXPECT_EQ(fails(kPlatform, give("quick", 10)).reason, Reason::target_frozen);
  resolve("out", Resolve{{"regulator/bribed"}, Outcome::upheld, Remedy::suspend_org, {}},
          {kPlatform, kCoast, kDesert, kRegulator});
  EXPECT_EQ(fails(kVerifier, field_.full("late", "desert-ngo/more")).reason, Reason::org_suspended);
  EXPECT_EQ(fails(kPlatform, give("quick", 10)).reason, Reason::target_frozen);  // still
  dispute("visits", DisputedRecord{{"verifier/verify-grown"}});
  resolve("anew", Resolve{{"regulator/visits"}, Outcome::upheld, Remedy::reverify, {{0, 40}}},
          {kPlatform, kCoast, kRegulator});
  EXPECT_EQ(fails(kPlatform, give("quick", 10)).reason, Reason::trees_insufficient);
  EXPECT_EQ(fails(kSister, field_.full("kin", kGrown.text)).reason, Reason::verifier_conflict);
}

TEST_F(TrustFrauds, AnAccusedPlanterThatBlocksTheResolution) {
  dispute("doubt", DisputedRecord{kGrown});
  field_.must(
      kPlatform,
      Propose{{"end"},
              Resolve{{"regulator/doubt"}, Outcome::upheld, Remedy::void_ranges, {{0, 40}}}});
  const Approve approve{{"yes"}, {"platform/end"}};
  EXPECT_EQ(fails(kDesert, approve).reason, Reason::approver_not_eligible);
  EXPECT_EQ(fails(kSister, approve).reason, Reason::approver_not_eligible);
  for (const std::string_view org : {kPlatform, kCoast, kVerifier, kRegulator}) {
    field_.must(org, approve);
  }
  EXPECT_EQ(TreeCodes(field_.state, kGrown, 40).at(0), TreeCode::voided_unallocated);
}

// What its verifier is accused of concerns the same trees.
TEST_F(TrustFrauds, APlanterThatBlocksTheEndOfADisputeAboutItsVerification) {
  dispute("visits", DisputedRecord{{"verifier/verify-grown"}});
  field_.must(
      kPlatform,
      Propose{{"end"},
              Resolve{{"regulator/visits"}, Outcome::upheld, Remedy::void_ranges, {{0, 40}}}});
  const Approve approve{{"yes"}, {"platform/end"}};
  EXPECT_EQ(fails(kVerifier, approve).reason, Reason::approver_not_eligible);
  EXPECT_EQ(fails(kDesert, approve).reason, Reason::approver_not_eligible);
  for (const std::string_view org : {kPlatform, kCoast, kRegulator}) field_.must(org, approve);
  EXPECT_EQ(TreeCodes(field_.state, kGrown, 40).at(0), TreeCode::voided_unallocated);
}

// One tree that was told dead before its verification opens the batch for another verification:
// that vouches for this tree, not for the others that the disputed verifier accepted.
TEST_F(TrustFrauds, ADisputedVerifiersTreesVerifiedAgainByAFriend) {
  field_.govern(OrgPut{{"partner"}, {"Partner"}, {OrgRole::verifier}, {"partner"}});
  const ObjectId late{"desert-ngo/late"};
  field_.must(kDesert, field_.plant("late", tree_grid(field_.home, 40, 200, field_.day())));
  field_.must(kDesert, Mortality{{"one"}, late, {{39, 1}}, Cause::theft, field_.day()});
  field_.must(kVerifier, field_.full("bribed", late.text));
  dispute("bribe", DisputedOrg{{"verifier"}, 1});
  const RunLeaf run{kUnits, late, kHaloxylon, 10};
  const Allocate quick = field_.allocate("quick", std::vector<RunLeaf>{run});
  EXPECT_EQ(fails(kPlatform, quick).reason, Reason::target_frozen);
  field_.must(kPartner, Revive{{"alive"}, late, {{39, 1}}, field_.day()});
  Verify sample = field_.full("friend", late.text);
  sample.method = VerifyMethod::sample;
  field_.must(kPartner, sample);
  const Allocate again = field_.allocate("again", std::vector<RunLeaf>{run});
  EXPECT_EQ(fails(kPlatform, again).reason, Reason::target_frozen);
}

// Who saw every tree vouches for all of them.
TEST_F(TrustFrauds, AFullVerificationTakesThePlaceOfADisputedOne) {
  field_.govern(OrgPut{{"partner"}, {"Partner"}, {OrgRole::verifier}, {"partner"}});
  const ObjectId late{"desert-ngo/late"};
  field_.must(kDesert, field_.plant("late", tree_grid(field_.home, 40, 200, field_.day())));
  field_.must(kDesert, Mortality{{"one"}, late, {{39, 1}}, Cause::theft, field_.day()});
  field_.must(kVerifier, field_.full("bribed", late.text));
  dispute("bribe", DisputedRecord{{"verifier/bribed"}});
  field_.must(kPartner, Revive{{"alive"}, late, {{39, 1}}, field_.day()});
  field_.must(kPartner, field_.full("all", late.text));
  const RunLeaf run{kUnits, late, kHaloxylon, 10};
  field_.must(kPlatform, field_.allocate("quick", std::vector<RunLeaf>{run}));
}

// The author of a report has no vote: one that tells of other trees would take a vote away from
// whom the opener likes least.
TEST_F(TrustFrauds, AReportOnOtherTreesThatSilencesAValidator) {
  const Rectangle beside = field_.home.shifted(0, 20'000);
  field_.settle(kCoast, field_.plot("east", beside));
  Plant plant = field_.plant("own", tree_grid(beside, 20, 0, field_.day()));
  plant.plot = {"coast-ngo/east"};
  plant.campaign.reset();
  field_.must(kCoast, plant);
  Observe visit;
  visit.ref = {"spring"};
  visit.plant = {"coast-ngo/own"};
  visit.day = field_.day();
  visit.species = {{kHaloxylon, 20, 0, 0}};
  field_.must(kCoast, visit);
  Dispute payload;
  payload.ref = {"doubt"};
  payload.target = DisputedRecord{kGrown};
  payload.report = ObjectId{"coast-ngo/spring"};
  const Refusal refusal = fails(kRegulator, payload);
  EXPECT_EQ(refusal.reason, Reason::report_unknown);
  EXPECT_EQ(number(refusal, "report"), "coast-ngo/spring");
  EXPECT_EQ(number(refusal, "target"), "desert-ngo/grown");
  payload.report.reset();
  field_.must(kRegulator, payload);
  field_.must(kPlatform,
              Propose{{"end"}, Resolve{{"regulator/doubt"}, Outcome::upheld, Remedy::none, {}}});
  field_.must(kCoast, Approve{{"yes"}, {"platform/end"}});  // has its say
}

// Who takes the trees over in the middle of it is a party, too.
TEST_F(TrustFrauds, AnAccusedPlanterThatHandsItsTreesToAFriendWithAVote) {
  dispute("doubt", DisputedRecord{kGrown});
  field_.must_agreed(kDesert, Handover{{"gift"}, {std::string(kCoast)}, {kHome}, {kGrown}, {}},
                     {kCoast});
  field_.must(
      kPlatform,
      Propose{{"end"},
              Resolve{{"regulator/doubt"}, Outcome::upheld, Remedy::void_ranges, {{0, 40}}}});
  const Approve approve{{"yes"}, {"platform/end"}};
  EXPECT_EQ(fails(kCoast, approve).reason, Reason::approver_not_eligible);
  EXPECT_EQ(fails(kDesert, approve).reason, Reason::approver_not_eligible);
  for (const std::string_view org : {kPlatform, kVerifier, kRegulator}) field_.must(org, approve);
  EXPECT_EQ(TreeCodes(field_.state, kGrown, 40).at(0), TreeCode::voided_unallocated);
}

// Who would verify its own trees has them planted by a friend, verified, and handed back.
TEST_F(TrustFrauds, TreesHandedToTheOwnerOfTheirVerifier) {
  const ObjectId east{"coast-ngo/east"};
  const ObjectId friendly{"coast-ngo/friendly"};
  const Rectangle beside = field_.home.shifted(0, 20'000);
  field_.settle(kCoast, field_.plot("east", beside));
  Plant plant = field_.plant("friendly", tree_grid(beside, 20, 0, field_.day()));
  plant.plot = east;
  field_.must(kCoast, plant);
  field_.must(kSister, field_.full("kin", friendly.text));
  const Handover back{{"back"}, {std::string(kDesert)}, {east}, {friendly}, {}};
  const auto statement = field_.sign(kCoast, back);
  field_.must(kDesert, Consent{{"thanks"}, statement->id});
  const Refusal refusal = fails(statement);
  EXPECT_EQ(refusal.reason, Reason::verifier_conflict);
  EXPECT_EQ(number(refusal, "verification"), "desert-verifier/kin");
}

TEST_F(TrustFrauds, ADepartedPlantersLandTakenWithoutADecision) {
  EXPECT_EQ(fails(kCoast, field_.plot("mine", field_.home)).reason, Reason::plot_overlaps);
  Plant plant = field_.plant("mine", tree_grid(field_.home, 5, 500, field_.day()));
  EXPECT_EQ(fails(kCoast, plant).reason, Reason::plot_not_own);
  const Handover grab{{"grab"}, {std::string(kCoast)}, {kHome}, {kGrown}, {}};
  EXPECT_EQ(fails(kCoast, grab).reason, Reason::holder_unfit);  // to itself
  const HandoverFor decided{{"desert-ngo"}, {"coast-ngo"}, {kHome}, {kGrown}, {}};
  field_.must(kCoast, Propose{{"heir"}, decided});
  const Approve approve{{"yes"}, {"coast-ngo/heir"}};
  field_.must(kCoast, approve);
  EXPECT_EQ(fails(kCoast, plant).reason, Reason::plot_not_own);  // its own vote is no decision
  field_.must(kPlatform, approve);
  field_.must(kVerifier, approve);
  field_.must(kCoast, plant);  // land and duties are never stranded
}

TEST_F(TrustFrauds, AKeyThatWasLostAndFoundByAThief) {
  const auto key = [](std::string_view name) { return secret_key(name).public_key().bytes(); };
  const std::uint64_t stolen_at = field_.block().height.value;
  field_.must(kDesert, field_.plant("stolen", tree_grid(field_.home, 20, 200, field_.day())));
  field_.must(kVerifier, field_.full("seen", "desert-ngo/stolen"));
  // The thief cannot lock the others out: the last admin key stays, and a key is nobody else's.
  EXPECT_EQ(fails(kDesert, KeyRevoke{{"lock"}, key(kDesert)}).reason, Reason::key_last_admin);
  EXPECT_EQ(fails(kVillage, KeyPut{{"take"}, key(kDesert), {KeyRole::plant}}).reason,
            Reason::key_taken);
  field_.govern(KeyPutFor{{"desert-ngo"}, key("desert-new"), {KeyRole::admin, KeyRole::plant}});
  field_.govern(KeyRevokeFor{{"desert-ngo"}, key(kDesert)});
  EXPECT_EQ(fails(kDesert, field_.plant("x", tree_grid(field_.home, 5, 300, field_.day()))).reason,
            Reason::key_revoked);
  EXPECT_EQ(fails(kDesert, KeyPut{{"back"}, key("thief"), {KeyRole::admin}}).reason,
            Reason::key_revoked);
  // What it signed meanwhile stands, and is frozen; what its owner signed before is not.
  dispute("theft", DisputedKey{key(kDesert), stolen_at});
  const RunLeaf run{kUnits, {"desert-ngo/stolen"}, kHaloxylon, 5};
  const Allocate tainted = field_.allocate("tainted", std::vector<RunLeaf>{run});
  EXPECT_EQ(fails(kPlatform, tainted).reason, Reason::target_frozen);
  field_.must(kPlatform, give("clean", 5));
  field_.must(field_.sign(kDesert, PlotClose{{"close"}, kHome}, "desert-new"));
}

}  // namespace
}  // namespace treeproof::ledger
