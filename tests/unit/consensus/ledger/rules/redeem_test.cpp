#include <gtest/gtest.h>

#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/points_fixture.h"

namespace treeproof::ledger {
namespace {

const Code kHaloxylon = {"haloxylon"};
const Code kCoral = {"coral"};

crypto::Hash commitment(std::uint8_t first) {
  crypto::Hash hash{};
  hash[0] = first;
  return hash;
}

class Redemptions : public testing::Test {
 protected:
  Redemptions() { consortium_.must(kPlatform, consortium_.issue(10'000)); }

  // Units of haloxylon from the desert's pledge.
  Redeem drawn(std::uint64_t units) {
    Redeem payload = consortium_.redeem(kPledged, kHaloxylon, units, 100);
    payload.draws = {{kDesertPledge, units}};
    return payload;
  }
  Redeem with_leaves(std::span<const RedeemLeaf> leaves, std::uint64_t grams) {
    Redeem payload = consortium_.redeem(kPledged, kHaloxylon, leaves, grams);
    payload.draws = {{kDesertPledge, leaves.size()}};
    return payload;
  }
  Refusal refused(const Redeem& payload) { return consortium_.refusal(kPlatform, payload); }
  CampaignTally tally(const ObjectId& campaign, const std::optional<Code>& species) {
    return campaign_tally(consortium_.state, campaign, species);
  }
  PointsConsortium consortium_;
};

TEST_F(Redemptions, MovePointsPledgesAndTallies) {
  const Redeem payload = drawn(3);
  consortium_.must(kPlatform, payload);
  EXPECT_EQ(consortium_.programme().redeemed, 300u);
  EXPECT_EQ(consortium_.programme().outstanding(), 9'700u);
  EXPECT_EQ(consortium_.find<PledgeObject>(kDesertPledge.text)->undrawn(), 47u);
  EXPECT_EQ(tally(kPledged, kHaloxylon).net_redeemed(), 3u);
  EXPECT_EQ(campaign_tally(consortium_.state, kPledged).waiting(), 3u);
  const auto object = consortium_.find<RedemptionObject>("platform/" + payload.ref.text);
  ASSERT_TRUE(object.has_value());
  EXPECT_EQ(object->units[UnitCode::free], 3u);
  EXPECT_EQ(object->pages_root, fresh_pages_root(3));
}

TEST_F(Redemptions, RefuseAnUnknownCampaign) {
  Redeem payload = drawn(1);
  payload.campaign = kProgramme;
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::campaign_unknown);
  EXPECT_EQ(number(refusal, "campaign"), kProgramme.text);
}

TEST_F(Redemptions, RefuseAnothersCampaign) {
  consortium_.govern(OrgPut{{"village"}, {"Village"}, {OrgRole::platform}, {"village"}});
  EXPECT_EQ(consortium_.refusal(kVillage, drawn(1)).reason, Reason::campaign_not_own);
}

TEST_F(Redemptions, RefuseADayOutsideTheWindow) {
  consortium_.advance_days(300);
  consortium_.must(kPlatform, drawn(1));
  consortium_.advance_days(1);
  const Refusal refusal = refused(drawn(1));
  EXPECT_EQ(refusal.reason, Reason::redeem_window_closed);
  EXPECT_EQ(number(refusal, "to_day"), std::to_string(kFirstDay + 300));
}

TEST_F(Redemptions, RefuseAnUnknownProgramme) {
  Redeem payload = drawn(1);
  payload.programme = kPledged;
  EXPECT_EQ(refused(payload).reason, Reason::programme_unknown);
}

TEST_F(Redemptions, RefuseAProgrammeThatDoesNotNameThePlatform) {
  consortium_.govern(OrgPut{{"village"}, {"Village"}, {OrgRole::platform}, {"village"}});
  Programme foreign = energy_programme();
  foreign.platforms = {{"village"}};
  consortium_.must(kPartner, foreign);
  Redeem payload = drawn(1);
  payload.programme = {"partner/energy"};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::programme_refuses_platform);
  EXPECT_EQ(number(refusal, "platform"), "platform");
}

TEST_F(Redemptions, RefuseZeros) {
  Redeem payload = drawn(1);
  payload.units = 0;
  EXPECT_EQ(refused(payload).reason, Reason::empty);
  payload = drawn(1);
  payload.draws.push_back({{"platform/other"}, 0});
  EXPECT_EQ(refused(payload).reason, Reason::empty);
}

TEST_F(Redemptions, NameNoSpeciesOnlyWherePricesAreEqual) {
  Redeem payload = drawn(1);
  payload.species.reset();
  EXPECT_EQ(refused(payload).reason, Reason::species_required);
  consortium_.make_available(kCoral, 1);
  consortium_.must(kPlatform, consortium_.redeem(kPlanted, std::nullopt, 1, 100));
  EXPECT_EQ(tally(kPlanted, std::nullopt).net_redeemed(), 1u);
}

TEST_F(Redemptions, RefuseASpeciesThatTheCampaignLacks) {
  Redeem payload = drawn(1);
  payload.species = Code{"rhizophora"};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::species_not_in_campaign);
  EXPECT_EQ(number(refusal, "species"), "rhizophora");
}

TEST_F(Redemptions, RefuseUnitsThatAreNotTheLeaves) {
  Redeem payload = drawn(2);
  payload.units = 3;
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::units_mismatch);
  EXPECT_EQ(number(refusal, "leaves"), "2");
}

TEST_F(Redemptions, RefuseGramsThatAreNotUnitsTimesThePrice) {
  Redeem payload = drawn(2);
  payload.grams = 201;
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::grams_mismatch);
  EXPECT_EQ(number(refusal, "price"), "100");
}

TEST_F(Redemptions, RefuseLeavesOfAnotherForm) {
  Redeem payload = drawn(1);
  payload.leaves = consortium_.attach(std::vector<crypto::Bytes>{{0x00}});
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::leaf_invalid);
  EXPECT_EQ(number(refusal, "leaf"), "0");
}

TEST_F(Redemptions, RefuseLeavesThatDoNotAscend) {
  const std::vector<RedeemLeaf> leaves = {{{commitment(2), 100}}, {{commitment(1), 100}}};
  const Refusal refusal = refused(with_leaves(leaves, 200));
  EXPECT_EQ(refusal.reason, Reason::leaves_not_ascending);
  EXPECT_EQ(number(refusal, "leaf"), "1");
}

TEST_F(Redemptions, SharesOfACoPlantedUnitAddUpToThePrice) {
  const std::vector<RedeemLeaf> good = {{{commitment(1), 60}, {commitment(2), 40}},
                                        {{commitment(3), 100}}};
  consortium_.must(kPlatform, with_leaves(good, 200));
  const std::vector<RedeemLeaf> bad = {{{commitment(1), 100}},
                                       {{commitment(2), 60}, {commitment(3), 41}}};
  Refusal refusal = refused(with_leaves(bad, 200));
  EXPECT_EQ(refusal.reason, Reason::shares_mismatch);
  EXPECT_EQ(number(refusal, "unit"), "1");
  EXPECT_EQ(number(refusal, "grams"), "101");
  refusal = refused(with_leaves(std::vector<RedeemLeaf>{{{commitment(1), 99}}}, 100));
  EXPECT_EQ(refusal.reason, Reason::shares_mismatch);
  EXPECT_EQ(number(refusal, "unit"), "0");
}

TEST_F(Redemptions, RefuseMorePointsThanAreOutstanding) {
  consortium_.make_available(kCoral, 200);
  PointsConsortium poor;
  poor.must(kPlatform, poor.issue(150));
  Redeem payload = poor.redeem(kPledged, kHaloxylon, 2, 100);
  payload.draws = {{kDesertPledge, 2}};
  const Refusal refusal = poor.refusal(kPlatform, payload);
  EXPECT_EQ(refusal.reason, Reason::points_insufficient);
  EXPECT_EQ(number(refusal, "outstanding"), "150");
}

TEST_F(Redemptions, RefuseMoreThanTheTarget) {
  consortium_.make_available(kCoral, 200);
  consortium_.must(kPlatform, consortium_.redeem(kPlanted, kCoral, kTarget - 1, 100));
  const Refusal refusal = refused(consortium_.redeem(kPlanted, kCoral, 2, 100));
  EXPECT_EQ(refusal.reason, Reason::target_exceeded);
  EXPECT_EQ(number(refusal, "redeemed"), "59");
  consortium_.must(kPlatform, consortium_.redeem(kPlanted, kCoral, 1, 100));
}

TEST_F(Redemptions, DrawsAscendByPledge) {
  Redeem payload = drawn(2);
  payload.draws = {{kDesertPledge, 1}, {kDesertPledge, 1}};
  EXPECT_EQ(refused(payload).reason, Reason::list_not_ascending);
}

TEST_F(Redemptions, DrawsAddUpToTheUnitsWherePledgesComeFirst) {
  Redeem payload = drawn(2);
  payload.draws = {{kDesertPledge, 1}};
  EXPECT_EQ(refused(payload).reason, Reason::draws_mismatch);
  payload.draws.clear();
  EXPECT_EQ(refused(payload).reason, Reason::draws_mismatch);
  payload.draws = {{kCoastPledge, UINT64_MAX}, {kDesertPledge, 3}};
  EXPECT_EQ(refused(payload).reason, Reason::draws_mismatch);
}

TEST_F(Redemptions, ThereAreNoDrawsWherePlantingComesFirst) {
  consortium_.make_available(kCoral, 1);
  Redeem payload = consortium_.redeem(kPlanted, kCoral, 1, 100);
  payload.draws = {{kCoastPledge, 1}};
  EXPECT_EQ(refused(payload).reason, Reason::draws_mismatch);
}

TEST_F(Redemptions, RefuseAPledgeOfAnotherCampaignOrNone) {
  Redeem payload = drawn(1);
  payload.draws = {{kProgramme, 1}};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::pledge_unknown);
  EXPECT_EQ(number(refusal, "pledge"), kProgramme.text);
}

TEST_F(Redemptions, RefuseAPledgeOfAnotherSpecies) {
  Redeem payload = drawn(1);
  payload.draws = {{kCoastPledge, 1}};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::pledge_species_mismatch);
  EXPECT_EQ(number(refusal, "species"), "coral");
}

TEST_F(Redemptions, RefuseMoreThanThePledgeHasOpen) {
  consortium_.must(kPlatform, drawn(49));
  const Refusal refusal = refused(drawn(2));
  EXPECT_EQ(refusal.reason, Reason::pledge_exhausted);
  EXPECT_EQ(number(refusal, "open"), "1");
  EXPECT_EQ(number(refusal, "units"), "2");
}

TEST_F(Redemptions, WaitForNoMoreTreesThanAreAvailable) {
  consortium_.make_available(kCoral, 3);
  consortium_.make_available(kHaloxylon, 2);
  consortium_.must(kPlatform, consortium_.redeem(kPlanted, kHaloxylon, 1, 100));
  Refusal refusal = refused(consortium_.redeem(kPlanted, kHaloxylon, 2, 100));
  EXPECT_EQ(refusal.reason, Reason::units_unavailable);
  EXPECT_EQ(number(refusal, "available"), "1");
  consortium_.must(kPlatform, consortium_.redeem(kPlanted, std::nullopt, 3, 100));
  consortium_.must(kPlatform, consortium_.redeem(kPlanted, kCoral, 1, 100));
  refusal = refused(consortium_.redeem(kPlanted, kCoral, 1, 100));
  EXPECT_EQ(number(refusal, "available"), "0");
}

}  // namespace
}  // namespace treeproof::ledger
