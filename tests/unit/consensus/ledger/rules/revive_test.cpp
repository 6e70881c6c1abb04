#include <gtest/gtest.h>

#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kUnits = {"platform/units"};
const ObjectId kCampaign = {"platform/planted"};
constexpr std::string_view kSecond = "partner";  // made a second verifier

// 40 trees, the first 20 with units; 18 to 21 are told dead by their planter.
class Revivals : public testing::Test {
 protected:
  Revivals() {
    field_.govern(OrgPut{{std::string(kSecond)},
                         {"Second"},
                         {OrgRole::programme, OrgRole::verifier},
                         {std::string(kSecond)}});
    field_.grow("grown", 40, 0);
    field_.must(kPlatform, field_.redeem("units", 30));
    const RunLeaf run{kUnits, kGrown, kHaloxylon, 20};
    field_.must(kPlatform, field_.allocate("give", std::vector<RunLeaf>{run}));
    die({{18, 4}});
  }
  void die(Ranges ranges, std::string_view ref = "dead") {
    const Mortality payload{
        {std::string(ref)}, kGrown, std::move(ranges), Cause::drought, field_.day()};
    field_.must(kDesert, payload);
  }
  Revive revive(Ranges ranges) const {
    return {{"green"}, kGrown, std::move(ranges), field_.day()};
  }
  Refusal refused(const Revive& payload, std::string_view org = kSecond) {
    return field_.refusal(org, payload);
  }
  TreeCode code(std::uint64_t tree) { return TreeCodes(field_.state, kGrown, 40).at(tree); }
  UnitCode unit(std::uint64_t index) { return UnitCodes(field_.state, kUnits, 30).at(index); }
  Field field_;
};

TEST_F(Revivals, UndoADeathInAllBooks) {
  const auto live = field_.plot_object("desert-ngo/home").live;
  field_.must(kSecond, revive({{18, 3}}));
  EXPECT_EQ(code(18), TreeCode::allocated);
  EXPECT_EQ(code(20), TreeCode::available);
  EXPECT_EQ(code(21), TreeCode::dead_unallocated);
  EXPECT_EQ(unit(18), UnitCode::allocated);
  EXPECT_EQ(field_.plot_object("desert-ngo/home").live, live + 3);
  const BatchObject batch = field_.batch(kGrown.text);
  EXPECT_EQ(campaign_tally(field_.state, kCampaign).trees, batch.trees());
  EXPECT_EQ(TreeCodes(field_.state, kGrown, 40).root(), batch.pages_root);
}

TEST_F(Revivals, GiveBackWhatTheTreeWasBeforeItsLastDeath) {
  field_.must(kSecond, revive({{20, 1}}));
  const RunLeaf run{kUnits, kGrown, kHaloxylon, 1};
  field_.must(kPlatform, field_.allocate("more", std::vector<RunLeaf>{run}));
  EXPECT_EQ(code(20), TreeCode::allocated);
  die({{20, 1}}, "dead-again");
  Revive payload = revive({{20, 1}});
  payload.ref = {"green-again"};
  field_.must(kSecond, payload);
  EXPECT_EQ(code(20), TreeCode::allocated);
}

TEST_F(Revivals, OfTreesThatDiedTooLateToBeOwedKeepTheirUnits) {
  field_.advance_days(600);
  die({{5, 1}}, "late");
  EXPECT_EQ(code(5), TreeCode::dead_not_owed);
  field_.must(kSecond, revive({{5, 1}}));
  EXPECT_EQ(code(5), TreeCode::allocated);
}

TEST_F(Revivals, AreForDeadTreesThatNobodyReplacedOrRefunded) {
  EXPECT_EQ(number(refused(revive({{17, 1}})), "state"), "allocated");
  field_.must(kPlatform, Refund{{"back"}, kUnits, {{18, 1}}, RefundReason::tree_lost});
  Refusal refusal = refused(revive({{18, 1}}));
  EXPECT_EQ(refusal.reason, Reason::tree_not_revivable);
  EXPECT_EQ(number(refusal, "unit"), "refunded");
  field_.grow_reserve("reserve", 1, 200);
  const ReplaceLeaf run{kGrown, 19, {"desert-ngo/reserve"}, 0, 1};
  field_.must_agreed(kDesert, field_.replace("anew", std::vector<ReplaceLeaf>{run}), {kVerifier});
  refusal = refused(revive({{19, 1}}));
  EXPECT_EQ(refusal.reason, Reason::tree_not_revivable);
  EXPECT_EQ(number(refusal, "state"), "dead_replaced");
}

TEST_F(Revivals, AreToldByAVerifierWhoHadNoPartInIt) {
  const Refusal refusal = refused(revive({{18, 1}}), kVerifier);
  EXPECT_EQ(refusal.reason, Reason::verifier_involved);
  EXPECT_EQ(number(refusal, "record"), "verifier/verify-grown");
  EXPECT_EQ(refused(revive({{18, 1}}), kSister).reason, Reason::verifier_conflict);
  const Mortality told{{"told"}, kGrown, {{25, 1}}, Cause::pest, field_.day()};
  field_.must(kSecond, told);
  EXPECT_EQ(refused(revive({{25, 1}})).reason, Reason::verifier_involved);
  EXPECT_EQ(refused(revive({{18, 1}}), kDesert).reason, Reason::org_role_missing);
}

TEST_F(Revivals, AreNotToldByAnEarlierVerifierOfTheBatch) {
  Dispute doubt;
  doubt.ref = {"doubt"};
  doubt.target = DisputedRecord{kGrown};
  field_.must(kRegulator, doubt);
  const Resolve again{{"regulator/doubt"}, Outcome::upheld, Remedy::reverify, {{30, 5}}};
  field_.must(kCoast, Propose{{"end"}, again});
  for (const std::string_view org : {kPlatform, kCoast, kVerifier, kRegulator}) {
    field_.must(org, Approve{{"yes"}, {"coast-ngo/end"}});
  }
  field_.must(kSecond, field_.full("again", kGrown.text));
  const Refusal refusal = refused(revive({{18, 1}}), kVerifier);
  EXPECT_EQ(refusal.reason, Reason::verifier_involved);
  EXPECT_EQ(number(refusal, "record"), "verifier/verify-grown");
}

TEST_F(Revivals, NeedRoomOnThePlot) {
  field_.must(kDesert, field_.plant("in-its-place", tree_grid(field_.home, 1, 18, field_.day())));
  const Refusal refusal = refused(revive({{18, 1}}));
  EXPECT_EQ(refusal.reason, Reason::position_taken);
  EXPECT_EQ(number(refusal, "tree"), "desert-ngo/in-its-place#0");
  Correct fewer{{"fewer"}, {"desert-ngo/home"}, CorrectCapacity{37}, {}, {"verifier"}};
  field_.must_agreed(kDesert, fewer, {kVerifier});
  EXPECT_EQ(refused(revive({{19, 1}})).reason, Reason::capacity_exceeded);
  field_.must(kDesert, PlotClose{{"close"}, {"desert-ngo/home"}});
  EXPECT_EQ(refused(revive({{19, 1}})).reason, Reason::plot_closed);
}

TEST_F(Revivals, HaveADayAndRanges) {
  EXPECT_EQ(refused(revive({})).reason, Reason::empty);
  EXPECT_EQ(refused(revive({{39, 2}})).reason, Reason::ranges_invalid);
  Revive payload = revive({{18, 1}});
  payload.day += 2;
  EXPECT_EQ(refused(payload).reason, Reason::observed_in_future);
  payload.day = field_.day() - 1;
  EXPECT_EQ(refused(payload).reason, Reason::observed_before_planting);
  payload.plant = kUnits;
  EXPECT_EQ(refused(payload).reason, Reason::batch_unknown);
}

}  // namespace
}  // namespace treeproof::ledger
