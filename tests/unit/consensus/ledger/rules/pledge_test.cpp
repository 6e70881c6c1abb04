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

class Releases : public Pledges {
 protected:
  // 400 promised, 30 of them planted and 100 redeemed.
  Releases() {
    field_.must(kDesert, payload_);
    Plant plant = field_.plant("some", tree_grid(field_.home, 30, 0, field_.day()));
    plant.campaign = payload_.campaign;
    plant.pledge = ObjectId{"desert-ngo/promise"};
    field_.must(kDesert, plant);
    Redeem redeem = field_.redeem("units", 100);
    redeem.campaign = payload_.campaign;
    redeem.draws = {{{"desert-ngo/promise"}, 100}};
    field_.must(kPlatform, redeem);
  }
  static PledgeRelease release(std::uint64_t count) {
    return {{"release-" + std::to_string(count)}, {"desert-ngo/promise"}, count};
  }
  Reason reason(std::string_view org, const PledgeRelease& payload) {
    return field_.refusal(org, payload).reason;
  }
};

TEST_F(Releases, FreeLandAndCampaignOfThePromise) {
  field_.must(kDesert, release(120));
  const auto pledge = field_.find<PledgeObject>("desert-ngo/promise");
  EXPECT_EQ(pledge->unplanted(), 250u);
  EXPECT_EQ(pledge->undrawn(), 180u);
  EXPECT_EQ(field_.plot_object("desert-ngo/home").pledged, 250u);
  for (const CampaignTally& tally : {campaign_tally(field_.state, payload_.campaign),
                                     campaign_tally(field_.state, payload_.campaign, kHaloxylon)}) {
    EXPECT_EQ(tally.pledged, 280u);
    EXPECT_EQ(tally.net_redeemed(), 100u);
  }
  EXPECT_TRUE(field_.find<Recorded<PledgeRelease>>("desert-ngo/release-120").has_value());
}

TEST_F(Releases, LeaveWhatUsersRelyOn) {
  const Refusal refusal = field_.refusal(kDesert, release(301));
  EXPECT_EQ(refusal.reason, Reason::pledge_exhausted);
  EXPECT_EQ(number(refusal, "open"), "300");
  field_.must(kDesert, release(300));
  EXPECT_EQ(reason(kDesert, release(1)), Reason::pledge_exhausted);
  const CampaignTally tally = campaign_tally(field_.state, payload_.campaign);
  EXPECT_EQ(tally.pledged, tally.net_redeemed());
}

TEST_F(Releases, LeaveWhatIsPlanted) {
  field_.must(kDesert, field_.pledge("planted", "desert-ngo/home", 20));
  Plant plant = field_.plant("more", tree_grid(field_.home, 15, 100, field_.day()));
  plant.campaign = payload_.campaign;
  plant.pledge = ObjectId{"desert-ngo/planted"};
  field_.must(kDesert, plant);
  PledgeRelease payload{{"release"}, {"desert-ngo/planted"}, 6};
  EXPECT_EQ(reason(kDesert, payload), Reason::pledge_exceeded);
  payload.count = 5;
  field_.must(kDesert, payload);
}

TEST_F(Releases, RefuseNothingAndThePledgesOfOthers) {
  EXPECT_EQ(reason(kDesert, release(0)), Reason::empty);
  EXPECT_EQ(reason(kCoast, release(1)), Reason::pledge_not_own);
  EXPECT_EQ(reason(kDesert, {{"release"}, {"desert-ngo/home"}, 1}), Reason::pledge_unknown);
}

}  // namespace
}  // namespace treeproof::ledger
