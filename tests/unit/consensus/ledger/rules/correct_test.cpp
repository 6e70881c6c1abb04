#include <gtest/gtest.h>

#include "consensus/ledger/links.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kHome = {"desert-ngo/home"};
const ObjectId kUnits = {"platform/units"};
const ObjectId kCampaign = {"platform/planted"};

// 20 trees, 5 of which have units.
class Corrections : public testing::Test {
 protected:
  Corrections() {
    field_.grow("grown", 20, 0);
    field_.must(kPlatform, field_.redeem("units", 5));
    const RunLeaf run{kUnits, kGrown, kHaloxylon, 5};
    field_.must(kPlatform, field_.allocate("give", std::vector<RunLeaf>{run}));
  }
  Correct correct(Correction change, const ObjectId& target = kGrown) const {
    return {{"fix"}, target, std::move(change), CorrectionReason::survey_error, {"verifier"}};
  }
  void must(const Correct& payload) { field_.must_agreed(kDesert, payload, {kVerifier}); }
  Refusal refused(const Correct& payload, std::string_view org = kDesert) {
    return field_.refusal(org, payload);
  }
  CorrectPosition moved(std::uint64_t leaf, std::uint64_t to) const {
    const PlantLeaf place = tree_grid(field_.home, 1, to, field_.day())[0];
    return {leaf, *place.lat, *place.lon};
  }
  void expect_books() {
    const BatchObject batch = field_.batch(kGrown.text);
    const auto& column = field_.state.attachment(batch.leaves.root);
    const CountedTrees trees(field_.state, kGrown, batch, column);
    TreeCodes codes(field_.state, kGrown, batch.size());
    std::vector<TreeTally> counted(batch.species.size());
    std::uint64_t occupied = 0;
    for (std::uint64_t i = 0; i < batch.size(); ++i) {
      ++counted[trees.species(i)][codes.at(i)];
      if (is_live(codes.at(i))) occupied += batch.species[trees.species(i)].space_mm2;
    }
    for (std::size_t i = 0; i < counted.size(); ++i) {
      EXPECT_EQ(counted[i], batch.species[i].trees);
      EXPECT_EQ(campaign_tally(field_.state, kCampaign, batch.species[i].species).trees,
                counted[i]);
    }
    EXPECT_EQ(campaign_tally(field_.state, kCampaign).trees, batch.trees());
    EXPECT_EQ(field_.plot_object(kHome.text).occupied_mm2, occupied);
    EXPECT_EQ(field_.plot_object(kHome.text).live, batch.trees().live());
  }
  Field field_;
};

TEST_F(Corrections, VoidTreesThatWereNeverThere) {
  must(correct(CorrectVoid{{{4, 2}}}));
  TreeCodes codes(field_.state, kGrown, 20);
  EXPECT_EQ(codes.at(4), TreeCode::voided_owed);
  EXPECT_EQ(codes.at(5), TreeCode::voided_unallocated);
  expect_books();
  Correct again = correct(CorrectVoid{{{4, 1}}});
  again.ref = {"again"};
  EXPECT_EQ(refused(again).reason, Reason::trees_unaffected);
  again.change = CorrectVoid{};
  EXPECT_EQ(refused(again).reason, Reason::empty);
  again.change = CorrectVoid{{{19, 2}}};
  EXPECT_EQ(refused(again).reason, Reason::ranges_invalid);
}

TEST_F(Corrections, OfASpeciesMoveTheTreeInAllBooks) {
  must(correct(CorrectSpecies{2, kRhizophora}));
  const BatchObject batch = field_.batch(kGrown.text);
  ASSERT_EQ(batch.species.size(), 2u);
  EXPECT_EQ(batch.species[1].species, kRhizophora);
  EXPECT_EQ(batch.species[1].trees[TreeCode::allocated], 1u);
  expect_books();
  const auto leaves =
      link_leaves(field_.state, std::vector<LinkRange>{{kUnits, 2, kGrown, 2, 1}}).value();
  EXPECT_EQ(decode<LinkLeaf>(leaves[0])->species, kRhizophora);
  Mortality death{{"dead"}, kGrown, {{2, 1}}, Cause::fire, field_.day()};
  field_.must(kDesert, death);
  expect_books();
  Correct back = correct(CorrectSpecies{2, kHaloxylon});
  back.ref = {"back"};
  must(back);
  expect_books();
}

TEST_F(Corrections, OfASpeciesNameOneThatFits) {
  EXPECT_EQ(refused(correct(CorrectSpecies{20, kRhizophora})).reason, Reason::ranges_invalid);
  EXPECT_EQ(refused(correct(CorrectSpecies{2, {"oak"}})).reason, Reason::species_unknown);
  EXPECT_EQ(refused(correct(CorrectSpecies{2, {"coral"}})).reason, Reason::species_not_in_campaign);
  EXPECT_EQ(refused(correct(CorrectSpecies{2, kHaloxylon})).reason,
            Reason::correction_changes_nothing);
  field_.must(kDesert, field_.inventory("old", tree_grid(field_.home, 1, 100, field_.day())));
  EXPECT_EQ(refused(correct(CorrectSpecies{0, {"coral"}}, {"desert-ngo/old"})).reason,
            Reason::habit_unfit);
}

TEST_F(Corrections, OfASpeciesNeedRoomForIt) {
  const Species wide{{"wide"}, {"Wide"}, std::nullopt, std::nullopt, Habit::tree, 1};
  field_.govern(SpeciesPut{{wide}});
  field_.must(kDesert, field_.inventory("old", tree_grid(field_.home, 1, 100, field_.day())));
  EXPECT_EQ(refused(correct(CorrectSpecies{0, {"wide"}}, {"desert-ngo/old"})).reason,
            Reason::density_exceeded);
}

// The plot is filled into its slack, which is then taken away.
TEST_F(Corrections, ToASpeciesThatNeedsLessRoomAreAlwaysTaken) {
  constexpr std::uint64_t kWide_mm2 = 5'000'000'000;  // two per hectare
  const Species wide{{"wide"}, {"Wide"}, std::nullopt, std::nullopt, Habit::shrub, 2};
  field_.govern(SpeciesPut{{wide}});
  Inventory tall = field_.inventory("tall", tree_grid(field_.home, 1, 100, field_.day()));
  tall.species = {{wide.code, 1}};
  field_.must(kDesert, tall);
  const std::uint64_t area_mm2 = field_.plot_object(kHome.text).area_m2 * 1'000'000;
  const std::uint64_t shrub_mm2 = field_.batch(kGrown.text).species[0].space_mm2;
  const std::uint64_t shrubs = (area_mm2 / 100 * 104 - kWide_mm2) / shrub_mm2 - 20;
  field_.must(kDesert, field_.inventory("low", tree_grid(field_.home, shrubs, 200, field_.day())));
  field_.govern(ParamsSet{{{{"density_slack_ppm"}, 0}}});
  ASSERT_GT(field_.plot_object(kHome.text).occupied_mm2, area_mm2);
  must(correct(CorrectSpecies{0, kHaloxylon}, {"desert-ngo/tall"}));
}

TEST_F(Corrections, OfAPositionTakeThePlaceAndFreeTheOther) {
  must(correct(moved(3, 300)));
  const auto leaves =
      link_leaves(field_.state, std::vector<LinkRange>{{kUnits, 3, kGrown, 3, 1}}).value();
  EXPECT_EQ(decode<LinkLeaf>(leaves[0])->lat, moved(3, 300).lat);
  const auto there = tree_grid(field_.home, 1, 300, field_.day());
  const Refusal refusal = field_.refusal(kDesert, field_.plant("there", there));
  EXPECT_EQ(refusal.reason, Reason::position_taken);
  EXPECT_EQ(number(refusal, "tree"), "desert-ngo/grown#3");
  field_.must(kDesert, field_.plant("here", tree_grid(field_.home, 1, 3, field_.day())));
  Correct back = correct(moved(3, 3));
  back.ref = {"back"};
  EXPECT_EQ(refused(back).reason, Reason::position_taken);
}

TEST_F(Corrections, OfAPositionStayOnThePlotAndOffOtherTrees) {
  EXPECT_EQ(refused(correct(moved(3, 4))).reason, Reason::position_taken);
  EXPECT_EQ(refused(correct(moved(3, 3))).reason, Reason::correction_changes_nothing);
  EXPECT_EQ(refused(correct(CorrectPosition{3, 0, 0})).reason, Reason::tree_outside_plot);
  EXPECT_EQ(refused(correct(CorrectPosition{3, 1'000'000'000, 0})).reason,
            Reason::tree_position_unexpected);
  EXPECT_EQ(refused(correct(CorrectPosition{99, 0, 0})).reason, Reason::ranges_invalid);
}

TEST_F(Corrections, LowerACapacityToWhatIsReliedOn) {
  field_.must(kDesert, field_.pledge("promise", kHome.text, 30));
  EXPECT_EQ(refused(correct(CorrectCapacity{2'000'000}, kHome)).reason, Reason::claim_raised);
  EXPECT_EQ(refused(correct(CorrectCapacity{1'000'000}, kHome)).reason,
            Reason::correction_changes_nothing);
  EXPECT_EQ(refused(correct(CorrectCapacity{49}, kHome)).reason, Reason::claim_relied_on);
  EXPECT_EQ(refused(correct(CorrectCapacity{0}, kHome)).reason, Reason::empty);
  must(correct(CorrectCapacity{50}, kHome));
  EXPECT_EQ(field_.plot_object(kHome.text).payload.capacity, 50u);
  EXPECT_EQ(field_.plot_object(kHome.text).confirmed_capacity, 50u);
}

TEST_F(Corrections, AreOfTheIssuersOwnRecordsThatCanBeCorrected) {
  EXPECT_EQ(refused(correct(CorrectVoid{{{0, 1}}}), kCoast).reason, Reason::target_not_own);
  EXPECT_EQ(refused(correct(CorrectVoid{{{0, 1}}}, kUnits)).reason, Reason::target_not_correctable);
  EXPECT_EQ(refused(correct(CorrectVoid{{{0, 1}}}, kHome)).reason, Reason::target_not_correctable);
  EXPECT_EQ(refused(correct(CorrectCapacity{1})).reason, Reason::target_not_correctable);
}

TEST_F(Corrections, NeedTheConsentOfAnIndependentVerifier) {
  Correct payload = correct(CorrectVoid{{{0, 1}}});
  EXPECT_EQ(refused(payload).reason, Reason::consents_missing);
  payload.verifier = {std::string(kSister)};
  EXPECT_EQ(refused(payload).reason, Reason::verifier_conflict);
  payload.verifier = {std::string(kCoast)};
  EXPECT_EQ(refused(payload).reason, Reason::verifier_unknown);
  payload = correct(CorrectCapacity{50}, kHome);
  payload.verifier = {std::string(kSister)};
  EXPECT_EQ(refused(payload).reason, Reason::verifier_conflict);
}

}  // namespace
}  // namespace treeproof::ledger
