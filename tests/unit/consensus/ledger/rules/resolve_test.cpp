// The end of a dispute: who decides, and what follows for the trees.
#include <gtest/gtest.h>

#include "consensus/ledger/dispute_objects.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kUnits = {"platform/units"};
const ObjectId kDoubt = {"verifier/doubt"};
const ObjectId kProposal = {"coast-ngo/end"};
const ObjectId kCampaign = {"platform/planted"};

// The verifier disputes 40 verified trees of the desert, 20 of which have units. Eligible are the
// platform and the coast, and the regulator.
class Resolutions : public testing::Test {
 protected:
  Resolutions() {
    field_.grow("grown", 40, 0);
    field_.must(kPlatform, field_.redeem("units", 30));
    const RunLeaf run{kUnits, kGrown, kHaloxylon, 20};
    field_.must(kPlatform, field_.allocate("give", std::vector<RunLeaf>{run}));
    dispute(DisputedRecord{kGrown});
  }
  void dispute(DisputeTarget target, std::string_view org = kVerifier,
               std::string_view ref = "doubt") {
    Dispute payload;
    payload.ref = {std::string(ref)};
    payload.target = std::move(target);
    field_.must(org, payload);
  }
  Propose propose(Remedy remedy, Ranges ranges = {}, std::string_view ref = "end") const {
    return {{std::string(ref)}, Resolve{kDoubt, Outcome::upheld, remedy, std::move(ranges)}};
  }
  Approve approve(const ObjectId& proposal = kProposal) const { return {{"yes"}, proposal}; }
  bool is_done() const {
    return field_.find<ProposalObject>(kProposal.text)->carried_out.has_value();
  }
  void resolve(Remedy remedy, Ranges ranges = {}) {
    field_.must(kCoast, propose(remedy, std::move(ranges)));
    for (const std::string_view org : {kPlatform, kCoast, kRegulator}) {
      field_.must(org, approve());
    }
    EXPECT_TRUE(is_done());
  }
  TreeCode code(std::uint64_t tree) { return TreeCodes(field_.state, kGrown, 40).at(tree); }
  UnitCode unit(std::uint64_t index) { return UnitCodes(field_.state, kUnits, 30).at(index); }
  CampaignTally tally() const { return campaign_tally(field_.state, kCampaign); }
  void expect_books() {
    const BatchObject batch = field_.batch(kGrown.text);
    EXPECT_EQ(tally().trees, batch.trees());
    EXPECT_EQ(TreeCodes(field_.state, kGrown, 40).root(), batch.pages_root);
    EXPECT_EQ(field_.plot_object("desert-ngo/home").live, batch.trees().live());
    EXPECT_LE(tally().waiting(), tally().backed());
  }
  Field field_;
};

TEST_F(Resolutions, NeedTheEligiblePowerAndARegulator) {
  field_.must(kCoast, propose(Remedy::none));
  const Refusal refusal = field_.refusal(kDesert, approve());
  EXPECT_EQ(refusal.reason, Reason::approver_not_eligible);
  EXPECT_EQ(field_.refusal(kVerifier, approve()).reason, Reason::approver_not_eligible);  // opener
  EXPECT_EQ(field_.refusal(kVillage, approve()).reason, Reason::approver_not_eligible);
  field_.must(kPlatform, approve());
  field_.must(kCoast, approve());
  EXPECT_FALSE(is_done());
  field_.must(kRegulator, approve());
  EXPECT_TRUE(is_done());
  const auto dispute = field_.find<DisputeObject>(kDoubt.text);
  EXPECT_EQ(dispute->resolution->outcome, Outcome::upheld);
  EXPECT_EQ(dispute->resolution->proposal, kProposal);
}

TEST_F(Resolutions, EndTheFreeze) {
  const RunLeaf run{kUnits, kGrown, kHaloxylon, 5};
  const auto give = [&] { return field_.allocate("more", std::vector<RunLeaf>{run}); };
  EXPECT_EQ(field_.refusal(kPlatform, give()).reason, Reason::target_frozen);
  resolve(Remedy::none);
  field_.must(kPlatform, give());
}

TEST_F(Resolutions, OfARenewalEndBothFreezes) {
  field_.advance_days(10);
  Dispute renewal;
  renewal.ref = {"again"};
  renewal.target = DisputedRecord{kGrown};
  renewal.renews = kDoubt;
  field_.must(kVerifier, renewal);
  EXPECT_EQ(field_.refusal(kCoast, propose(Remedy::none)).reason, Reason::dispute_closed);
  Propose proposal = propose(Remedy::none);
  std::get<Resolve>(proposal.change).dispute = {"verifier/again"};
  field_.must(kCoast, proposal);
  for (const std::string_view org : {kPlatform, kCoast, kRegulator}) field_.must(org, approve());
  const RunLeaf run{kUnits, kGrown, kHaloxylon, 5};
  field_.must(kPlatform, field_.allocate("more", std::vector<RunLeaf>{run}));
}

TEST_F(Resolutions, ExcludeTheAuthorOfTheReport) {
  Observe report;
  report.ref = {"seen"};
  report.plant = kGrown;
  report.day = field_.day();
  report.species = {{kHaloxylon, 30, 2, 8}};
  report.dead = {{0, 2}};
  report.cause = Cause::theft;
  field_.must(kCoast, report);
  Dispute payload;
  payload.ref = {"reported"};
  payload.target = DisputedRecord{kGrown};
  payload.ground = Ground::false_report;
  payload.report = ObjectId{"coast-ngo/seen"};
  field_.must(kRegulator, payload);
  Propose proposal = propose(Remedy::none);
  std::get<Resolve>(proposal.change).dispute = {"regulator/reported"};
  field_.must(kCoast, proposal);
  EXPECT_EQ(field_.refusal(kCoast, approve()).reason, Reason::approver_not_eligible);
  field_.must(kPlatform, approve());
  EXPECT_FALSE(is_done());
  field_.must(kVerifier, approve());
  EXPECT_FALSE(is_done());
  field_.must(kRegulator, approve());  // opened it, and takes part all the same
  EXPECT_TRUE(is_done());
}

TEST_F(Resolutions, AreTheRegulatorsWhereNoPowerIsEligible) {
  const auto same_owner = [&](std::string_view org, OrgRoles roles) {
    field_.govern(OrgPut{{std::string(org)}, {std::string(org)}, std::move(roles), {"desert"}});
  };
  same_owner(kPlatform, {OrgRole::platform, OrgRole::programme});
  same_owner(kCoast, {OrgRole::planter});
  field_.govern(
      OrgPut{{"partner"}, {"partner"}, {OrgRole::programme, OrgRole::regulator}, {"partner"}});
  field_.must(kCoast, propose(Remedy::none));
  EXPECT_EQ(field_.refusal(kCoast, approve()).reason, Reason::approver_not_eligible);
  field_.must(kRegulator, approve());
  EXPECT_FALSE(is_done());
  field_.must(kPartner, approve());
  EXPECT_TRUE(is_done());
}

TEST_F(Resolutions, VoidTreesAndOweTheirUnitsOthers) {
  resolve(Remedy::void_ranges, {{18, 4}});
  EXPECT_EQ(code(17), TreeCode::allocated);
  EXPECT_EQ(code(18), TreeCode::voided_owed);
  EXPECT_EQ(code(20), TreeCode::voided_unallocated);
  EXPECT_EQ(unit(17), UnitCode::allocated);
  EXPECT_EQ(unit(18), UnitCode::owed);
  EXPECT_EQ(tally().allocated, 20u);
  expect_books();
  field_.must(kPlatform, Refund{{"back"}, kUnits, {{18, 1}}, RefundReason::tree_lost});
  EXPECT_EQ(code(18), TreeCode::voided_not_owed);
  expect_books();
}

TEST_F(Resolutions, VoidDeadTreesToo) {
  field_.must(kDesert, Mortality{{"dead"}, kGrown, {{19, 2}}, Cause::fire, field_.day()});
  resolve(Remedy::void_ranges, {{18, 4}});
  EXPECT_EQ(code(19), TreeCode::voided_owed);
  EXPECT_EQ(code(20), TreeCode::voided_unallocated);
  expect_books();
}

TEST_F(Resolutions, FreeThePhotosOfAPlantingThatIsVoided) {
  Evidence photo;
  photo.ref = {"photo"};
  photo.sha256.fill(7);
  photo.day = field_.day();
  photo.bytes = 1;
  field_.must(kDesert, photo);
  Plant plant = field_.plant("shown", tree_grid(field_.home, 2, 100, field_.day()));
  plant.evidence = {{"desert-ngo/photo"}};
  field_.must(kDesert, plant);
  Plant again = field_.plant("again", tree_grid(field_.home, 2, 200, field_.day()));
  again.evidence = plant.evidence;
  EXPECT_EQ(field_.refusal(kDesert, again).reason, Reason::photo_used);
  Correct correct{{"none"}, {"desert-ngo/shown"}, CorrectVoid{{{0, 2}}}, {}, {"verifier"}};
  field_.must_agreed(kDesert, correct, {kVerifier});
  field_.must(kDesert, again);
}

TEST_F(Resolutions, HaveTreesVerifiedAgain) {
  resolve(Remedy::reverify, {{15, 10}});
  EXPECT_EQ(code(14), TreeCode::allocated);
  EXPECT_EQ(code(15), TreeCode::doubted);
  EXPECT_EQ(code(20), TreeCode::reopened);
  EXPECT_EQ(code(25), TreeCode::available);
  EXPECT_EQ(unit(15), UnitCode::allocated);
  expect_books();
  const RunLeaf run{kUnits, kGrown, kHaloxylon, 10};
  field_.must(kPlatform, field_.allocate("rest", std::vector<RunLeaf>{run}));
  field_.must(kVerifier, field_.full("again", kGrown.text, {{16, 1}, {22, 1}}));
  EXPECT_EQ(code(15), TreeCode::allocated);
  EXPECT_EQ(code(16), TreeCode::voided_owed);
  EXPECT_EQ(unit(16), UnitCode::owed);
  EXPECT_EQ(code(20), TreeCode::available);
  EXPECT_EQ(code(22), TreeCode::voided_unallocated);
  expect_books();
}

TEST_F(Resolutions, HaveTheNextSampleDrawnFromAHeaderToCome) {
  const std::uint64_t before = field_.batch(kGrown.text).beacon;
  resolve(Remedy::reverify, {{0, 40}});
  EXPECT_EQ(field_.batch(kGrown.text).beacon, field_.block().height.value);
  EXPECT_GT(field_.batch(kGrown.text).beacon, before);
  Verify early = field_.full("again", kGrown.text);
  early.method = VerifyMethod::sample;
  EXPECT_EQ(field_.refusal(kVerifier, early).reason, Reason::sample_too_early);
}

TEST_F(Resolutions, ReachTheBatchThroughTheDisputedVerification) {
  dispute(DisputedRecord{{"verifier/verify-grown"}}, kRegulator, "poor-visit");
  Propose proposal = propose(Remedy::reverify, {{20, 5}});
  std::get<Resolve>(proposal.change).dispute = {"regulator/poor-visit"};
  field_.must(kCoast, proposal);
  EXPECT_EQ(field_.refusal(kVerifier, approve()).reason, Reason::approver_not_eligible);
  for (const std::string_view org : {kPlatform, kCoast, kRegulator}) field_.must(org, approve());
  EXPECT_EQ(code(20), TreeCode::reopened);
}

TEST_F(Resolutions, SuspendTheAccused) {
  field_.govern(ParamsSet{{{{"validators_min"}, 3}}});
  resolve(Remedy::suspend_org);
  EXPECT_TRUE(field_.get<OrgObject>(kDesert)->suspended);
}

TEST_F(Resolutions, SuspendNobodyWhoCannotBeSpared) {
  EXPECT_EQ(field_.refusal(kCoast, propose(Remedy::suspend_org)).reason,
            Reason::validators_too_few);
}

TEST_F(Resolutions, HaveARemedyThatFitsOutcomeAndTarget) {
  Propose proposal = propose(Remedy::void_ranges, {{0, 1}});
  std::get<Resolve>(proposal.change).outcome = Outcome::rejected;
  EXPECT_EQ(field_.refusal(kCoast, proposal).reason, Reason::remedy_mismatch);
  EXPECT_EQ(field_.refusal(kCoast, propose(Remedy::void_ranges)).reason, Reason::remedy_mismatch);
  EXPECT_EQ(field_.refusal(kCoast, propose(Remedy::none, {{0, 1}})).reason,
            Reason::remedy_mismatch);
  EXPECT_EQ(field_.refusal(kCoast, propose(Remedy::void_ranges, {{39, 2}})).reason,
            Reason::ranges_invalid);
  dispute(DisputedRecord{{"desert-ngo/home"}}, kVerifier, "land");
  proposal = propose(Remedy::reverify, {{0, 1}});
  std::get<Resolve>(proposal.change).dispute = {"verifier/land"};
  EXPECT_EQ(field_.refusal(kCoast, proposal).reason, Reason::remedy_mismatch);
}

TEST_F(Resolutions, ChangeSomething) {
  field_.must_agreed(kDesert, Correct{{"none"}, kGrown, CorrectVoid{{{0, 5}}}, {}, {"verifier"}},
                     {kVerifier});
  EXPECT_EQ(field_.refusal(kCoast, propose(Remedy::void_ranges, {{0, 5}})).reason,
            Reason::trees_unaffected);
  EXPECT_EQ(field_.refusal(kCoast, propose(Remedy::reverify, {{0, 5}})).reason,
            Reason::trees_unaffected);
}

TEST_F(Resolutions, AreOfOpenDisputes) {
  Propose proposal = propose(Remedy::none);
  std::get<Resolve>(proposal.change).dispute = kGrown;
  EXPECT_EQ(field_.refusal(kCoast, proposal).reason, Reason::dispute_unknown);
  resolve(Remedy::none);
  EXPECT_EQ(field_.refusal(kCoast, propose(Remedy::none, {}, "more")).reason,
            Reason::dispute_closed);
  dispute(DisputedRecord{kUnits}, kVerifier, "late");
  proposal = propose(Remedy::none, {}, "more");
  std::get<Resolve>(proposal.change).dispute = {"verifier/late"};
  field_.advance_days(91);
  EXPECT_EQ(field_.refusal(kCoast, proposal).reason, Reason::dispute_lapsed);
}

TEST(Regulators, AreLimitedInNumber) {
  Consortium consortium;
  State overlay(consortium.state);
  RegulatorsObject regulators;
  for (std::size_t i = 0; i < kRegulatorsMax; ++i) {
    regulators.orgs.push_back({"a" + std::to_string(1'000 + i)});
  }
  overlay.put(kRegulatorsId, regulators);
  consortium.state.all.merge(overlay.take_changes());
  const OrgPut one_more{{"newcomer"}, {"Newcomer"}, {OrgRole::regulator}, {"newcomer"}};
  EXPECT_EQ(consortium.refusal(kDesert, Propose{{"more"}, one_more}).reason,
            Reason::regulators_too_many);
}

}  // namespace
}  // namespace treeproof::ledger
