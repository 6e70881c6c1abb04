#include <gtest/gtest.h>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/calendar.h"
#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kUnits = {"platform/units"};
const ObjectId kCampaign = {"platform/planted"};

// 100 trees, 0 to 9 rejected; 40 units, the first 20 of which hold the trees 10 to 29. A tree that
// dies within 500 days is replaced.
class Deaths : public testing::Test {
 protected:
  Deaths() {
    field_.must(kDesert, field_.plant("grown", tree_grid(field_.home, 100, 0, field_.day())));
    field_.must(kVerifier, field_.full("verify-grown", kGrown.text, {{0, 10}}));
    field_.must(kPlatform, field_.redeem("units", 40));
    const RunLeaf run{kUnits, kGrown, kHaloxylon, 20};
    field_.must(kPlatform, field_.allocate("give", std::vector<RunLeaf>{run}));
  }
  Mortality mortality(Ranges ranges) const {
    return {{"deaths"}, kGrown, std::move(ranges), Cause::drought, field_.day()};
  }
  Refusal refused(std::string_view org, const Payload& payload) {
    return field_.refusal(org, payload);
  }
  TreeCode code(std::uint64_t tree) { return TreeCodes(field_.state, kGrown, 100).at(tree); }
  UnitCode unit(std::uint64_t index) { return UnitCodes(field_.state, kUnits, 40).at(index); }
  BatchObject batch() const { return field_.batch(kGrown.text); }
  RedemptionObject redemption() const { return *field_.find<RedemptionObject>(kUnits.text); }
  CampaignTally tally() const { return campaign_tally(field_.state, kCampaign); }
  Field field_;
};

TEST_F(Deaths, LeaveTreeUnitAndBooksInAgreement) {
  const std::uint64_t live = field_.plot_object("desert-ngo/home").live;
  field_.must(kDesert, mortality({{28, 4}}));  // two of units, two that were free
  EXPECT_EQ(code(27), TreeCode::allocated);
  EXPECT_EQ(code(28), TreeCode::dead_owed);
  EXPECT_EQ(code(30), TreeCode::dead_unallocated);
  EXPECT_EQ(unit(17), UnitCode::allocated);
  EXPECT_EQ(unit(18), UnitCode::owed);
  EXPECT_EQ(unit(19), UnitCode::owed);
  EXPECT_EQ(redemption().units[UnitCode::owed], 2u);
  EXPECT_EQ(UnitCodes(field_.state, kUnits, 40).root(), redemption().pages_root);
  EXPECT_EQ(batch().trees()[TreeCode::dead_owed], 2u);
  EXPECT_EQ(batch().trees()[TreeCode::dead_unallocated], 2u);
  EXPECT_EQ(TreeCodes(field_.state, kGrown, 100).root(), batch().pages_root);
  EXPECT_EQ(tally().trees, batch().trees());
  EXPECT_EQ(tally().allocated, 20u);  // units that hold a tree or are owed one
  EXPECT_EQ(field_.plot_object("desert-ngo/home").live, live - 4);
}

TEST_F(Deaths, AfterThePolicysDaysOweNothing) {
  field_.advance_days(500);
  Mortality payload = mortality({{10, 1}});
  field_.must(kDesert, payload);
  EXPECT_EQ(code(10), TreeCode::dead_owed);
  field_.advance_days(1);
  payload = mortality({{11, 1}});
  payload.ref = {"later"};
  field_.must(kDesert, payload);
  EXPECT_EQ(code(11), TreeCode::dead_not_owed);
  EXPECT_EQ(unit(1), UnitCode::allocated);
}

TEST_F(Deaths, OfTreesThatWaitingUnitsWereRedeemedAgainstAreTold) {
  field_.must(kDesert, mortality({{30, 70}}));
  EXPECT_EQ(tally().trees[TreeCode::available], 0u);
  EXPECT_EQ(tally().waiting(), 20u);
  EXPECT_LE(tally().waiting(), tally().backed());
  EXPECT_EQ(refused(kPlatform, field_.redeem("more", 1)).reason, Reason::units_unavailable);
}

TEST_F(Deaths, FreeThePlaceForAnotherTree) {
  const auto same = tree_grid(field_.home, 1, 50, field_.day());
  EXPECT_EQ(refused(kDesert, field_.plant("again", same)).reason, Reason::position_taken);
  field_.must(kDesert, mortality({{50, 1}}));
  field_.must(kDesert, field_.plant("again", same));
}

TEST_F(Deaths, OfUnverifiedTreesLeaveFewerToReject) {
  field_.must(kDesert, field_.plant("new", tree_grid(field_.home, 20, 500, field_.day())));
  Mortality payload = mortality({{0, 18}});
  payload.plant = {"desert-ngo/new"};
  field_.must(kDesert, payload);
  Verify verify = field_.full("verify-new", "desert-ngo/new", {{18, 1}});
  verify.failures = 20;
  const Refusal refusal = refused(kVerifier, verify);
  EXPECT_EQ(refusal.reason, Reason::rejected_too_few);
  EXPECT_EQ(number(refusal, "needed"), "2");
  verify.rejected = {{18, 2}};
  field_.must(kVerifier, verify);
}

TEST_F(Deaths, AreToldByThePlanterOrAnIndependentVerifier) {
  EXPECT_EQ(refused(kCoast, mortality({{10, 1}})).reason, Reason::batch_not_own);
  const Refusal refusal = refused(kSister, mortality({{10, 1}}));
  EXPECT_EQ(refusal.reason, Reason::verifier_conflict);
  EXPECT_EQ(number(refusal, "party"), "desert-ngo");
  EXPECT_EQ(refused(kRegulator, mortality({{10, 1}})).reason, Reason::org_role_missing);
  field_.must(kVerifier, mortality({{10, 1}}));
}

TEST_F(Deaths, HappenOnceToLivingTrees) {
  EXPECT_EQ(number(refused(kDesert, mortality({{9, 2}})), "state"), "rejected");
  field_.must(kDesert, mortality({{10, 2}}));
  Mortality again = mortality({{11, 1}});
  again.ref = {"again"};
  const Refusal refusal = refused(kDesert, again);
  EXPECT_EQ(refusal.reason, Reason::tree_not_live);
  EXPECT_EQ(number(refusal, "tree"), "desert-ngo/grown#11");
  EXPECT_EQ(number(refusal, "state"), "dead_owed");
}

TEST_F(Deaths, HaveADayAndRanges) {
  Mortality payload = mortality({{10, 1}});
  payload.day = field_.day() + 2;
  EXPECT_EQ(refused(kDesert, payload).reason, Reason::observed_in_future);
  payload.day = field_.day() - 1;
  EXPECT_EQ(refused(kDesert, payload).reason, Reason::observed_before_planting);
  EXPECT_EQ(refused(kDesert, mortality({})).reason, Reason::empty);
  EXPECT_EQ(refused(kDesert, mortality({{99, 2}})).reason, Reason::ranges_invalid);
  payload = mortality({{10, 1}});
  payload.plant = kUnits;
  EXPECT_EQ(refused(kDesert, payload).reason, Reason::batch_unknown);
}

TEST_F(Deaths, NeedTheLeavesOfTheBatch) {
  field_.state.attachments.erase(batch().leaves.root);
  EXPECT_EQ(refused(kDesert, mortality({{10, 1}})).reason, Reason::earlier_attachment_missing);
}

TEST_F(Deaths, LetOwedUnitsBeRefunded) {
  field_.must(kDesert, mortality({{28, 2}}));
  const Refund refund{{"refund"}, kUnits, {{18, 4}}, RefundReason::tree_lost};
  field_.must(kPlatform, refund);  // two owed, two free
  EXPECT_EQ(unit(18), UnitCode::refunded);
  EXPECT_EQ(code(28), TreeCode::dead_not_owed);
  EXPECT_EQ(redemption().units[UnitCode::refunded], 4u);
  EXPECT_EQ(tally().refunded, 4u);
  EXPECT_EQ(tally().allocated, 18u);
  EXPECT_EQ(tally().trees[TreeCode::dead_owed], 0u);
  EXPECT_EQ(tally().trees, batch().trees());
  EXPECT_EQ(TreeCodes(field_.state, kGrown, 100).root(), batch().pages_root);
  EXPECT_EQ(refused(kPlatform, Refund{{"x"}, kUnits, {{17, 1}}, RefundReason::error}).reason,
            Reason::unit_not_refundable);
}

class Observations : public Deaths {
 protected:
  // Of the 100 trees, with these named dead.
  Observe observe(std::uint64_t alive, std::uint64_t dead, Ranges named) const {
    Observe payload;
    payload.ref = {"visit"};
    payload.plant = kGrown;
    payload.day = field_.day();
    payload.species = {{kHaloxylon, alive, dead, 100 - alive - dead}};
    payload.dead = std::move(named);
    if (!payload.dead.empty()) payload.cause = Cause::pest;
    return payload;
  }
  Witness witness() const { return field_.find<ObservationObject>(last_)->witness; }
  void must(std::string_view org, const Observe& payload) {
    field_.must(org, payload);
    last_ = std::string(org) + "/visit";
  }
  std::string last_;
};

TEST_F(Observations, OfThePlanterAreSelfReportedAndTheirDeadDie) {
  must(kDesert, observe(60, 3, {{10, 3}}));
  EXPECT_EQ(witness(), Witness::self_reported);
  EXPECT_EQ(code(12), TreeCode::dead_owed);
  EXPECT_EQ(tally().trees, batch().trees());
}

TEST_F(Observations, OfAnIndependentVerifierAreVerified) {
  must(kVerifier, observe(60, 3, {{10, 3}}));
  EXPECT_EQ(witness(), Witness::verified);
  EXPECT_EQ(code(12), TreeCode::dead_owed);
}

TEST_F(Observations, OfThePlantersKinAreSelfReported) {
  must(kSister, observe(60, 0, {}));
  EXPECT_EQ(witness(), Witness::self_reported);
}

TEST_F(Observations, OfOthersAreReportsAndNobodyDies) {
  for (const std::string_view org : {kRegulator, kVillage, kCoast}) {
    must(org, observe(60, 3, {{10, 3}}));
    EXPECT_EQ(witness(), Witness::reported) << org;
    EXPECT_EQ(code(12), TreeCode::allocated) << org;
  }
}

TEST_F(Observations, HideNoDeathInTheirCounts) {
  const Refusal refusal = refused(kVerifier, observe(60, 3, {}));
  EXPECT_EQ(refusal.reason, Reason::deaths_mismatch);
  EXPECT_EQ(number(refusal, "dead"), "3");
  EXPECT_EQ(number(refusal, "named"), "0");
  EXPECT_EQ(refused(kDesert, observe(60, 2, {{10, 3}})).reason, Reason::deaths_mismatch);
}

TEST_F(Observations, CountTheDeadCumulatively) {
  field_.must(kDesert, mortality({{10, 5}}));
  EXPECT_EQ(refused(kVerifier, observe(90, 0, {})).reason, Reason::deaths_mismatch);
  must(kVerifier, observe(90, 7, {{20, 2}}));
  EXPECT_EQ(tally().trees[TreeCode::dead_owed], 7u);
}

TEST_F(Observations, CountEveryTreeOfEverySpecies) {
  Observe payload = observe(60, 0, {});
  payload.species[0].unknown -= 1;
  EXPECT_EQ(refused(kVerifier, payload).reason, Reason::species_counts_mismatch);
  payload.species[0].unknown = UINT64_MAX - 59;
  EXPECT_EQ(refused(kVerifier, payload).reason, Reason::species_counts_mismatch);
  payload = observe(60, 0, {});
  payload.species[0].species = kRhizophora;
  EXPECT_EQ(refused(kVerifier, payload).reason, Reason::observed_species_mismatch);
  payload.species = {{kHaloxylon, 60, 0, 40}, {kRhizophora, 0, 0, 0}};
  EXPECT_EQ(refused(kVerifier, payload).reason, Reason::observed_species_mismatch);
}

TEST_F(Observations, NameACauseWithDeathsAndDeathsWithACause) {
  Observe payload = observe(60, 0, {});
  payload.cause = Cause::fire;
  EXPECT_EQ(refused(kVerifier, payload).reason, Reason::cause_mismatch);
  payload = observe(60, 1, {{10, 1}});
  payload.cause.reset();
  EXPECT_EQ(refused(kVerifier, payload).reason, Reason::cause_mismatch);
}

TEST_F(Observations, AreNotBeforeThePlantingWasDone) {
  Observe payload = observe(60, 0, {});
  payload.day = field_.day() - 1;
  EXPECT_EQ(refused(kVerifier, payload).reason, Reason::observed_before_planting);
  payload.day = field_.day() + 2;
  EXPECT_EQ(refused(kVerifier, payload).reason, Reason::observed_in_future);
}

// Trees that stood before they were registered were seen before, too; on days that exist.
TEST_F(Observations, OfTreesOfUnknownAgeAreOfACalendarDay) {
  auto leaves = tree_grid(field_.home, 2, 300, 0);
  for (PlantLeaf& leaf : leaves) leaf.day.reset();
  field_.must(kDesert, field_.inventory("park", leaves));
  Observe payload;
  payload.ref = {"census"};
  payload.plant = {"desert-ngo/park"};
  payload.species = {{kHaloxylon, 2, 0, 0}};
  payload.day = kFirstDateDay - 1;
  const Refusal refusal = refused(kVerifier, payload);
  EXPECT_EQ(refusal.reason, Reason::observed_before_planting);
  EXPECT_EQ(number(refusal, "planted"), "unknown");
  Mortality death{{"death"}, payload.plant, {{0, 1}}, Cause::fire, kFirstDateDay - 1};
  EXPECT_EQ(refused(kDesert, death).reason, Reason::observed_before_planting);
  death.day = payload.day = -3'000;  // 1961
  field_.must(kVerifier, payload);
  field_.must(kDesert, death);
  Revive revival{{"alive"}, payload.plant, {{0, 1}}, kFirstDateDay - 1};
  EXPECT_EQ(refused(kVerifier, revival).reason, Reason::observed_before_planting);
}

TEST_F(Observations, NameLivingTreesOnly) {
  EXPECT_EQ(refused(kVerifier, observe(60, 1, {{9, 1}})).reason, Reason::tree_not_live);
  EXPECT_EQ(refused(kVillage, observe(60, 1, {{9, 1}})).reason, Reason::tree_not_live);
  EXPECT_EQ(refused(kVerifier, observe(60, 1, {{100, 1}})).reason, Reason::ranges_invalid);
}

TEST(BatchLists, CutLinksToTheTreesAndUnitsAskedFor) {
  MemoryState memory;
  State state(memory);
  const ObjectId other{"platform/other"};
  note_links(state, kGrown, {{kUnits, 100, kGrown, 10, 5}, {other, 0, kGrown, 20, 10}});
  note_links(state, kGrown, {{kUnits, 105, kGrown, 15, 5}});
  EXPECT_EQ(links_of_trees(state, kGrown, {{12, 5}, {29, 9}}),
            (std::vector<LinkRun>{{12, 3, kUnits, 102}, {29, 1, other, 9}, {15, 2, kUnits, 105}}));
  EXPECT_EQ(links_of_units(state, kGrown, kUnits, {{104, 2}}),
            (std::vector<LinkRun>{{14, 1, kUnits, 104}, {15, 1, kUnits, 105}}));
  EXPECT_EQ(serving_batches(state, kUnits), std::vector<ObjectId>{kGrown});
}

TEST(BatchLists, GoOnOverManyChunks) {
  MemoryState memory;
  State state(memory);
  std::vector<LinkRange> ranges;
  for (std::uint64_t i = 0; i < 200; ++i) ranges.push_back({kUnits, i, kGrown, 2 * i, 1});
  note_links(state, kGrown, ranges);
  note_links(state, kGrown, {{kUnits, 200, kGrown, 400, 1}});
  const auto all = links_of_trees(state, kGrown, {{0, 1'000}});
  ASSERT_EQ(all.size(), 201u);
  for (std::uint64_t i = 0; i < 201; ++i) EXPECT_EQ(all[i], (LinkRun{2 * i, 1, kUnits, i}));
}

}  // namespace
}  // namespace treeproof::ledger
