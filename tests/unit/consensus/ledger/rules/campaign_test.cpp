#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

class Campaigns : public testing::Test {
 protected:
  Refusal refused(const Campaign& payload) { return field_.refusal(kPlatform, payload); }
  Field field_;
  Campaign payload_ = field_.campaign("next", Mode::pledge_first);
};

TEST_F(Campaigns, StandAsTheyWereOpened) {
  field_.open(payload_);
  const auto campaign = field_.find<CampaignObject>("platform/next");
  ASSERT_TRUE(campaign.has_value());
  EXPECT_EQ(campaign->payload, payload_);
  EXPECT_EQ(campaign_tally(field_.state, {"platform/next"}), CampaignTally{});
}

TEST_F(Campaigns, WaitForEveryPlanter) {
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::consents_missing);
}

TEST_F(Campaigns, RefuseAnOrganisationThatDoesNotPlant) {
  payload_.planters = {{std::string(kVerifier)}};
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::planter_unknown);
  EXPECT_EQ(number(refusal, "planter"), kVerifier);
}

TEST_F(Campaigns, RefuseAPlanterTwice) {
  payload_.planters = {{std::string(kDesert)}, {std::string(kDesert)}};
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::org_repeated);
  EXPECT_EQ(number(refusal, "planter"), kDesert);
}

TEST_F(Campaigns, RefuseAnUnknownSponsor) {
  payload_.sponsor = OrgId{"nobody"};
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::sponsor_unknown);
  EXPECT_EQ(number(refusal, "sponsor"), "nobody");
}

TEST_F(Campaigns, RefuseAnUnknownSpecies) {
  payload_.species[1].species = {"yew"};
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::species_unknown);
  EXPECT_EQ(number(refusal, "species"), "yew");
}

TEST_F(Campaigns, RefuseASpeciesTwice) {
  payload_.species[1].species = kHaloxylon;
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::species_repeated);
  EXPECT_EQ(number(refusal, "species"), "haloxylon");
}

TEST_F(Campaigns, RefuseWhatIsFreeOrEmpty) {
  Campaign free = payload_;
  free.species[0].grams = 0;
  EXPECT_EQ(number(refused(free), "lowest_price"), "0");
  EXPECT_EQ(refused(free).reason, Reason::empty);
  Campaign without_target = payload_;
  without_target.target = 0;
  EXPECT_EQ(refused(without_target).reason, Reason::empty);
  EXPECT_EQ(number(refused(without_target), "target"), "0");
}

TEST_F(Campaigns, RefuseAmountsBeyondExactJson) {
  payload_.target = kQuantityMax + 1;
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::quantity_too_large);
  EXPECT_EQ(number(refusal, "target"), "9007199254740992");
}

TEST_F(Campaigns, CountStemsOneByOneAndAreasInUnits) {
  payload_.unit_size = 2;
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::unit_size_invalid);
  EXPECT_EQ(number(refusal, "unit"), "stem");
  EXPECT_EQ(number(refusal, "limit"), "1");
  payload_.unit = Unit::m2;
  EXPECT_EQ(refused(payload_).reason, Reason::consents_missing);
  payload_.unit_size = kUnitSizeMax + 1;
  EXPECT_EQ(refused(payload_).reason, Reason::unit_size_invalid);
  payload_.unit_size = 0;
  EXPECT_EQ(refused(payload_).reason, Reason::unit_size_invalid);
}

TEST_F(Campaigns, RefuseAWindowThatEndsBeforeItBegins) {
  payload_.plant_window = {100, 99};
  const Refusal refusal = refused(payload_);
  EXPECT_EQ(refusal.reason, Reason::window_invalid);
  EXPECT_EQ(number(refusal, "plant_from_day"), "100");
  EXPECT_EQ(number(refusal, "plant_to_day"), "99");
}

}  // namespace
}  // namespace treeproof::ledger
