#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

class Pledges : public testing::Test {
 protected:
  Refusal refused(const Pledge& payload) { return field_.refusal(kDesert, payload); }
  Field field_;
  Pledge payload_ = field_.pledge("promise", "desert-ngo/home", 400);
};

TEST_F(Pledges, CountForTheirPlotAndCampaign) {
  field_.must(kDesert, payload_);
  EXPECT_EQ(field_.find<PledgeObject>("desert-ngo/promise")->unplanted(), 400u);
  EXPECT_EQ(field_.plot_object("desert-ngo/home").pledged, 400u);
  EXPECT_EQ(campaign_tally(field_.state, payload_.campaign).pledged, 400u);
  EXPECT_EQ(campaign_tally(field_.state, payload_.campaign, kHaloxylon).pledged, 400u);
  EXPECT_EQ(campaign_tally(field_.state, payload_.campaign, kRhizophora).pledged, 0u);
}

TEST_F(Pledges, RefuseNothing) {
  payload_.count = 0;
  EXPECT_EQ(refused(payload_).reason, Reason::empty);
}

TEST_F(Pledges, RefuseAnUnknownCampaign) {
  payload_.campaign = {"platform/energy"};
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::campaign_unknown);
  EXPECT_EQ(number(refusal, "campaign"), "platform/energy");
}

TEST_F(Pledges, RefuseAPlanterWhomTheCampaignDoesNotName) {
  Campaign payload = field_.campaign("coastal", Mode::pledge_first);
  payload.planters = {{std::string(kCoast)}};
  field_.open(payload);
  payload_.campaign = {"platform/coastal"};
  EXPECT_EQ(refused(payload_).reason, Reason::planter_not_in_campaign);
}

TEST_F(Pledges, RefuseASpeciesThatTheCampaignDoesNotOffer) {
  payload_.species = {"coral"};
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::species_not_in_campaign);
  EXPECT_EQ(number(refusal, "species"), "coral");
}

TEST_F(Pledges, RefuseAnUnknownPlot) {
  payload_.plot = {"desert-ngo/nowhere"};
  EXPECT_EQ(refused(payload_).reason, Reason::plot_unknown);
}

TEST_F(Pledges, RefuseThePlotOfAnother) {
  const Refusal refusal = field_.refusal(kCoast, payload_);
  EXPECT_EQ(refusal.reason, Reason::plot_not_own);
  EXPECT_EQ(number(refusal, "plot"), "desert-ngo/home");
}

TEST_F(Pledges, RefuseMoreThanTheStatedCapacity) {
  Plot small = field_.plot("small", field_.home.shifted(0, 20'000));
  small.capacity = 500;
  field_.must(kDesert, small);  // stated suffices: nobody confirmed it
  payload_.plot = {"desert-ngo/small"};
  field_.must(kDesert, payload_);
  Pledge more = field_.pledge("more", "desert-ngo/small", 101);
  const Refusal refusal = refused(more);
  EXPECT_EQ(refusal.reason, Reason::pledge_exceeds_capacity);
  EXPECT_EQ(number(refusal, "open_pledges"), "400");
  EXPECT_EQ(number(refusal, "capacity"), "500");
  more.count = 100;
  field_.must(kDesert, more);
}

}  // namespace
}  // namespace treeproof::ledger
