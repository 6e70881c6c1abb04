// Terms of a planting: campaign, plot, species, pledge, days, evidence.
#include <gtest/gtest.h>

#include "consensus/ledger/calendar.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

class Plantings : public testing::Test {
 protected:
  std::vector<PlantLeaf> trees(std::uint64_t count, std::uint64_t first = 0) const {
    return tree_grid(field_.home, count, first, field_.day());
  }
  Refusal refused(const Plant& payload) { return field_.refusal(kDesert, payload); }
  // For the campaign "pledged", from a pledge of 100.
  Plant pledged(std::uint64_t count) {
    field_.must(kDesert, field_.pledge("promise", "desert-ngo/home", 100));
    Plant payload = field_.plant("batch", trees(count));
    payload.campaign = ObjectId{"platform/pledged"};
    payload.pledge = ObjectId{"desert-ngo/promise"};
    return payload;
  }
  Evidence photo(std::string_view ref) const {
    Evidence payload;
    payload.ref = {std::string(ref)};
    payload.sha256[0] = 7;
    payload.kind = EvidenceKind::photo;
    payload.day = field_.day();
    payload.bytes = 1;
    return payload;
  }
  Field field_;
};

TEST_F(Plantings, CountForBatchPlotAndCampaign) {
  const std::uint64_t height = field_.block().height.value;
  field_.must(kDesert, field_.plant("batch", trees(40)));
  const BatchObject batch = field_.batch("desert-ngo/batch");
  EXPECT_EQ(batch.source, BatchSource::plant);
  EXPECT_EQ(batch.size(), 40u);
  EXPECT_EQ(batch.trees()[TreeCode::unverified], 40u);
  EXPECT_EQ(batch.pages_root, fresh_pages_root(40));
  EXPECT_EQ(field_.plot_object("desert-ngo/home").live, 40u);
  EXPECT_EQ(field_.plot_object("desert-ngo/home").occupied_mm2, 40u * (10'000'000'000 / 2'505));
  EXPECT_EQ(field_.trees_of("platform/planted")[TreeCode::unverified], 40u);
  EXPECT_TRUE(field_.get<BeaconObject>(std::to_string(height + 1)).has_value());
}

TEST_F(Plantings, WithoutACampaignCountForTheirPlotOnly) {
  Plant payload = field_.plant("batch", trees(40));
  payload.campaign.reset();
  field_.must(kDesert, payload);
  EXPECT_EQ(field_.plot_object("desert-ngo/home").live, 40u);
  EXPECT_EQ(field_.trees_of("platform/planted"), TreeTally{});
}

TEST_F(Plantings, LeaveTheirPledge) {
  field_.must(kDesert, pledged(60));
  EXPECT_EQ(field_.find<PledgeObject>("desert-ngo/promise")->unplanted(), 40u);
  const PlotObject plot = field_.plot_object("desert-ngo/home");
  EXPECT_EQ(plot.pledged, 40u);
  EXPECT_EQ(plot.live, 60u);
  EXPECT_EQ(campaign_tally(field_.state, {"platform/pledged"}).pledged, 100u);
}

TEST_F(Plantings, RefuseReplacementsWhileNothingIsOwed) {
  Plant payload = field_.plant("batch", trees(1));
  payload.purpose = Purpose::replacement;
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::replacement_not_owed);
  EXPECT_EQ(number(refusal, "owed"), "0");
}

TEST_F(Plantings, RefuseUnknownCampaignsAndPlots) {
  Plant payload = field_.plant("batch", trees(1));
  payload.campaign = ObjectId{"platform/energy"};
  EXPECT_EQ(refused(payload).reason, Reason::campaign_unknown);
  payload.campaign.reset();
  payload.plot = {"desert-ngo/nowhere"};
  EXPECT_EQ(refused(payload).reason, Reason::plot_unknown);
}

TEST_F(Plantings, RefuseThePlotOfAnother) {
  const Refusal refusal = field_.refusal(kCoast, field_.plant("batch", trees(1)));
  EXPECT_EQ(refusal.reason, Reason::plot_not_own);
}

TEST_F(Plantings, RefuseAPlanterWhomTheCampaignDoesNotName) {
  Campaign campaign = field_.campaign("coastal", Mode::plant_first);
  campaign.planters = {{std::string(kCoast)}};
  field_.open(campaign);
  Plant payload = field_.plant("batch", trees(1));
  payload.campaign = ObjectId{"platform/coastal"};
  EXPECT_EQ(refused(payload).reason, Reason::planter_not_in_campaign);
}

TEST_F(Plantings, RefuseSpeciesThatAreForeignUnknownUnfitOrRepeated) {
  Plant payload = field_.plant("batch", trees(1));
  payload.species = {{{"coral"}, 1}};
  EXPECT_EQ(refused(payload).reason, Reason::species_not_in_campaign);
  payload.campaign.reset();
  const Refusal unfit = refused(payload);
  EXPECT_EQ(unfit.reason, Reason::habit_unfit);
  EXPECT_EQ(number(unfit, "habit"), "coral");
  EXPECT_EQ(number(unfit, "layer"), "canopy");
  payload.species = {{{"yew"}, 1}};
  EXPECT_EQ(refused(payload).reason, Reason::species_unknown);
  payload.species = {{kHaloxylon, 1}, {kHaloxylon, 1}};
  EXPECT_EQ(refused(payload).reason, Reason::species_repeated);
  payload.species = {{kHaloxylon, 0}};
  EXPECT_EQ(refused(payload).reason, Reason::empty);
}

TEST_F(Plantings, OfAPledgeFirstCampaignNeedTheirPledge) {
  Plant payload = pledged(1);
  payload.pledge.reset();
  EXPECT_EQ(refused(payload).reason, Reason::pledge_required);
  payload.pledge = ObjectId{"desert-ngo/none"};
  EXPECT_EQ(refused(payload).reason, Reason::pledge_unknown);
  payload.pledge = ObjectId{"desert-ngo/promise"};
  payload.campaign = ObjectId{"platform/planted"};
  EXPECT_EQ(refused(payload).reason, Reason::pledge_unknown);
}

TEST_F(Plantings, RefuseThePledgeOfAnotherPlanterPlotOrSpecies) {
  Plant payload = pledged(1);
  field_.settle(kCoast, field_.plot("shore", field_.home.shifted(0, 20'000)));
  field_.must(kCoast, field_.pledge("theirs", "coast-ngo/shore", 10));
  payload.pledge = ObjectId{"coast-ngo/theirs"};
  EXPECT_EQ(refused(payload).reason, Reason::pledge_not_own);
  field_.settle(kDesert, field_.plot("second", field_.home.shifted(0, 40'000)));
  field_.must(kDesert, field_.pledge("elsewhere", "desert-ngo/second", 10));
  payload.pledge = ObjectId{"desert-ngo/elsewhere"};
  const Refusal elsewhere = refused(payload);
  EXPECT_EQ(elsewhere.reason, Reason::pledge_plot_mismatch);
  EXPECT_EQ(number(elsewhere, "pledged_plot"), "desert-ngo/second");
  payload.pledge = ObjectId{"desert-ngo/promise"};
  payload.species[0].species = kRhizophora;
  EXPECT_EQ(refused(payload).reason, Reason::pledge_species_mismatch);
}

TEST_F(Plantings, RefuseMoreThanThePledgeHasLeft) {
  const Refusal refusal = refused(pledged(101));
  EXPECT_EQ(refusal.reason, Reason::pledge_exceeded);
  EXPECT_EQ(number(refusal, "trees"), "101");
  EXPECT_EQ(number(refusal, "open"), "100");
}

TEST_F(Plantings, RefuseDaysThatRunBackwards) {
  Plant payload = field_.plant("batch", trees(1));
  payload.planted_to = payload.planted_from - 1;
  EXPECT_EQ(refused(payload).reason, Reason::period_invalid);
}

TEST_F(Plantings, RefuseDaysThatNoCalendarHas) {
  Plant payload = field_.plant("batch", trees(1));
  payload.campaign.reset();
  payload.planted_from = kFirstDateDay - 1;
  EXPECT_EQ(refused(payload).reason, Reason::period_invalid);
}

TEST_F(Plantings, RefuseTheDayAfterTomorrow) {
  const std::int32_t late = field_.day() + 2;
  Plant payload = field_.plant("batch", tree_grid(field_.home, 1, 0, late));
  payload.planted_to = late;
  EXPECT_EQ(refused(payload).reason, Reason::planted_in_future);
}

TEST_F(Plantings, RefuseDaysOutsideThePlantWindow) {
  const std::int32_t early = kFirstDay - 401;
  Plant payload = field_.plant("batch", tree_grid(field_.home, 1, 0, early));
  payload.planted_from = early;
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::plant_window_closed);
  EXPECT_EQ(number(refusal, "window_from_day"), std::to_string(kFirstDay - 400));
  payload.campaign.reset();
  field_.must(kDesert, payload);
}

TEST_F(Plantings, RefuseTreesFromLongBeforeTheirPledge) {
  Plant payload = pledged(1);
  const std::int32_t early = field_.day() - 181;
  payload.leaves = field_.attach_leaves<PlantLeaf>(tree_grid(field_.home, 1, 0, early));
  payload.planted_from = early;
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::planted_before_pledge);
  EXPECT_EQ(number(refusal, "earliest"), std::to_string(field_.day() - 180));
  payload.leaves = field_.attach_leaves<PlantLeaf>(tree_grid(field_.home, 1, 0, early + 1));
  payload.planted_from = early + 1;
  field_.must(kDesert, payload);
}

TEST_F(Plantings, NeedEvidenceThatExistsInOrder) {
  Plant payload = field_.plant("batch", trees(1));
  payload.evidence = {{"desert-ngo/none"}};
  EXPECT_EQ(refused(payload).reason, Reason::evidence_unknown);
  payload.evidence = {{"desert-ngo/b"}, {"desert-ngo/a"}};
  EXPECT_EQ(refused(payload).reason, Reason::list_not_ascending);
}

TEST_F(Plantings, ShareNoPhotoEvenUnderAnotherName) {
  field_.must(kDesert, photo("one"));
  field_.must(kDesert, photo("same-bytes"));
  Plant first = field_.plant("first", trees(1));
  first.evidence = {{"desert-ngo/one"}, {"desert-ngo/same-bytes"}};
  EXPECT_EQ(refused(first).reason, Reason::photo_used);
  first.evidence = {{"desert-ngo/one"}};
  field_.must(kDesert, first);
  Plant second = field_.plant("second", trees(1, 1));
  second.evidence = {{"desert-ngo/same-bytes"}};
  const Refusal refusal = refused(second);
  EXPECT_EQ(refusal.reason, Reason::photo_used);
  EXPECT_EQ(number(refusal, "batch"), "desert-ngo/first");
}

TEST_F(Plantings, ShareOtherEvidence) {
  Evidence invoice = photo("invoice");
  invoice.kind = EvidenceKind::invoice;
  field_.must(kDesert, invoice);
  for (const std::uint64_t i : {0, 1}) {
    Plant payload = field_.plant("batch-" + std::to_string(i), trees(1, i));
    payload.evidence = {{"desert-ngo/invoice"}};
    field_.must(kDesert, payload);
  }
}

}  // namespace
}  // namespace treeproof::ledger
