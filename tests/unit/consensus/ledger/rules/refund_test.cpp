#include <gtest/gtest.h>

#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/points_fixture.h"

namespace treeproof::ledger {
namespace {

const Code kHaloxylon = {"haloxylon"};
const Code kCoral = {"coral"};

// 20 units of coral at 250 g, drawn from the coast's pledge.
class Refunds : public testing::Test {
 protected:
  Refunds() {
    consortium_.must(kPlatform, consortium_.issue(100'000));
    Redeem redeem = consortium_.redeem(kPledged, kCoral, 20, 250);
    redeem.draws = {{kCoastPledge, 20}};
    consortium_.must(kPlatform, redeem);
    redeemed_ = ObjectId::of({std::string(kPlatform)}, redeem.ref);
  }
  Refund refund(Ranges ranges) const {
    return {{"refund"}, redeemed_, std::move(ranges), RefundReason::not_planted};
  }
  Refusal refused(const Refund& payload) { return consortium_.refusal(kPlatform, payload); }
  RedemptionObject redemption() const {
    return *consortium_.find<RedemptionObject>(redeemed_.text);
  }
  PointsConsortium consortium_;
  ObjectId redeemed_;
};

TEST_F(Refunds, ReturnPointsUnitsAndDraws) {
  consortium_.must(kPlatform, refund({{2, 3}, {10, 5}}));
  const ProgrammeObject programme = consortium_.programme();
  EXPECT_EQ(programme.refunded, 8u * 250);
  EXPECT_EQ(programme.outstanding(), 100'000u - 12 * 250);
  EXPECT_EQ(redemption().units[UnitCode::refunded], 8u);
  EXPECT_EQ(redemption().units[UnitCode::free], 12u);
  UnitCodes codes(consortium_.state, redeemed_, 20);
  EXPECT_EQ(codes.at(1), UnitCode::free);
  EXPECT_EQ(codes.at(4), UnitCode::refunded);
  EXPECT_EQ(codes.root(), redemption().pages_root);
  EXPECT_EQ(campaign_tally(consortium_.state, kPledged).net_redeemed(), 12u);
  EXPECT_EQ(campaign_tally(consortium_.state, kPledged, kCoral).refunded, 8u);
  EXPECT_EQ(consortium_.find<PledgeObject>(kCoastPledge.text)->undrawn(), 8u);
}

TEST_F(Refunds, GiveEachPledgeItsOwnDrawsBack) {
  Redeem redeem = consortium_.redeem(kPledged, kHaloxylon, 10, 100);
  redeem.draws = {{kDesertPledge, 10}};
  consortium_.must(kPlatform, redeem);
  const ObjectId second{"desert-ngo/second"};
  State overlay(consortium_.state);
  PledgeObject pledge = *consortium_.find<PledgeObject>(kDesertPledge.text);
  pledge.payload.ref = {"second"};
  pledge.redeemed = 0;
  overlay.put(second.text, pledge);
  consortium_.state.all.merge(overlay.take_changes());
  redeem = consortium_.redeem(kPledged, kHaloxylon, 10, 100);
  redeem.draws = {{kDesertPledge, 4}, {second, 6}};
  consortium_.must(kPlatform, redeem);
  Refund payload = refund({{3, 3}});  // one of the first draw, two of the second
  payload.redeem = ObjectId::of({std::string(kPlatform)}, redeem.ref);
  consortium_.must(kPlatform, payload);
  EXPECT_EQ(consortium_.find<PledgeObject>(kDesertPledge.text)->redeemed, 13u);
  EXPECT_EQ(consortium_.find<PledgeObject>(second.text)->redeemed, 4u);
}

TEST_F(Refunds, AreMadeOnce) {
  consortium_.must(kPlatform, refund({{2, 3}}));
  Refund again = refund({{0, 3}});
  again.ref = {"again"};
  const Refusal refusal = refused(again);
  EXPECT_EQ(refusal.reason, Reason::unit_not_refundable);
  EXPECT_EQ(number(refusal, "unit"), redeemed_.text + "#2");
  EXPECT_EQ(number(refusal, "state"), "refunded");
}

TEST_F(Refunds, GoOnAfterTheCampaignIsClosed) {
  State overlay(consortium_.state);
  CampaignObject campaign = *consortium_.find<CampaignObject>(kPledged.text);
  campaign.closed = 1;
  overlay.put(kPledged.text, campaign);
  consortium_.state.all.merge(overlay.take_changes());
  consortium_.must(kPlatform, refund({{0, 20}}));
}

TEST_F(Refunds, LetTheUnitsBeRedeemedAgain) {
  Redeem redeem = consortium_.redeem(kPledged, kCoral, 5, 250);
  redeem.draws = {{kCoastPledge, 5}};
  EXPECT_EQ(consortium_.refusal(kPlatform, redeem).reason, Reason::pledge_exhausted);
  consortium_.must(kPlatform, refund({{0, 5}}));
  consortium_.must(kPlatform, redeem);
}

TEST_F(Refunds, RefuseWhatIsNoneOfTheirs) {
  EXPECT_EQ(refused(refund({})).reason, Reason::empty);
  EXPECT_EQ(refused(refund({{19, 2}})).reason, Reason::ranges_invalid);
  EXPECT_EQ(refused(refund({{5, 1}, {4, 1}})).reason, Reason::ranges_invalid);
  Refund payload = refund({{0, 1}});
  payload.redeem = {"platform/energy"};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::redemption_unknown);
  EXPECT_EQ(number(refusal, "redemption"), "platform/energy");
}

TEST_F(Refunds, AreThePlatformsOwn) {
  OrgPut partner{
      {std::string(kPartner)}, {"partner"}, {OrgRole::platform, OrgRole::programme}, {"partner"}};
  consortium_.govern(partner);
  EXPECT_EQ(consortium_.refusal(kPartner, refund({{0, 1}})).reason, Reason::redemption_not_own);
}

// Points of three days: two of them older than the programme's 365 days from day 366 after the
// second on.
class Expiries : public testing::Test {
 protected:
  Expiries() {
    consortium_.must(kPlatform, consortium_.issue(100));
    consortium_.must(kPlatform, consortium_.issue(40));
    consortium_.advance_days(30);
    for (int day = 2; day < 30; ++day) (void)consortium_.issue(0);
    consortium_.must(kPlatform, consortium_.issue(7));  // of kFirstDay + 30
  }
  static ExpirePoints expire(std::uint64_t grams) {
    return {{"expire-" + std::to_string(grams)}, kProgramme, grams};
  }
  void go_to_day(std::int32_t day) { consortium_.advance_days(day - consortium_.day()); }
  Refusal refused(const ExpirePoints& payload) { return consortium_.refusal(kPlatform, payload); }
  PointsConsortium consortium_;
};

TEST_F(Expiries, TakeWhatIsOlderThanTheExpiryDays) {
  go_to_day(kFirstDay + 365);
  EXPECT_EQ(refused(expire(1)).reason, Reason::expiry_exceeded);
  go_to_day(kFirstDay + 366);
  const Refusal refusal = refused(expire(101));
  EXPECT_EQ(refusal.reason, Reason::expiry_exceeded);
  EXPECT_EQ(number(refusal, "issued_before"), "100");
  go_to_day(kFirstDay + 367);
  consortium_.must(kPlatform, expire(140));
  EXPECT_EQ(consortium_.programme().expired, 140u);
  EXPECT_EQ(consortium_.programme().outstanding(), 7u);
  EXPECT_EQ(number(refused(expire(1)), "expired"), "140");
}

TEST_F(Expiries, CountWholeYearsAndPartsOfOne) {
  go_to_day(kFirstDay + 400);
  IssuePoints issue = consortium_.issue(11);
  issue.from_day = issue.to_day = kFirstDay + 400;
  consortium_.must(kPlatform, issue);
  go_to_day(kFirstDay + 700);
  EXPECT_EQ(refused(expire(148)).reason, Reason::expiry_exceeded);
  consortium_.must(kPlatform, expire(147));
  go_to_day(kFirstDay + 400 + 366);
  consortium_.must(kPlatform, expire(11));
}

TEST_F(Expiries, LeaveWhatIsSpent) {
  consortium_.make_available(kHaloxylon, 1);
  consortium_.must(kPlatform, consortium_.redeem(kPlanted, kHaloxylon, 1, 100));
  go_to_day(kFirstDay + 500);
  const Refusal refusal = refused(expire(48));
  EXPECT_EQ(refusal.reason, Reason::points_insufficient);
  EXPECT_EQ(number(refusal, "outstanding"), "47");
  consortium_.must(kPlatform, expire(47));
}

TEST_F(Expiries, RefuseNothingAndTheProgrammesOfOthers) {
  EXPECT_EQ(refused(expire(0)).reason, Reason::empty);
  EXPECT_EQ(consortium_.refusal(kPartner, expire(1)).reason, Reason::programme_not_own);
  EXPECT_EQ(refused({{"x"}, {"platform/none"}, 1}).reason, Reason::programme_unknown);
}

}  // namespace
}  // namespace treeproof::ledger
