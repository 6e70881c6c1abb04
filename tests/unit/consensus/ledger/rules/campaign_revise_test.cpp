#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kPlanted = {"platform/planted"};

// 100 trees grown for "planted" at 100 g each.
class Revisions : public testing::Test {
 protected:
  Revisions() { field_.grow("grown", 100, 0); }
  CampaignRevise revision(std::string_view ref) const {
    CampaignRevise payload;
    payload.ref = {std::string(ref)};
    payload.campaign = kPlanted;
    return payload;
  }
  // With the consent of both planters.
  void revise(const CampaignRevise& payload) {
    const VerifiedStatement statement = field_.sign(kPlatform, payload);
    for (const std::string_view planter : {kDesert, kCoast}) {
      field_.must(planter, Consent{{"agree-" + payload.ref.text}, statement->id});
    }
    field_.must(statement);
  }
  Reason reason(const CampaignRevise& payload) { return field_.refusal(kPlatform, payload).reason; }
  CampaignObject campaign() const { return *field_.find<CampaignObject>(kPlanted.text); }
  Field field_;
  CampaignRevise dearer_ = [this] {
    CampaignRevise payload = revision("dearer");
    payload.species = {{{kHaloxylon, 150}, {kRhizophora, 100}}};
    return payload;
  }();
};

TEST_F(Revisions, HoldFromTheirHeightOnOnly) {
  field_.must(kPlatform, field_.redeem("before", 10));
  revise(dearer_);
  EXPECT_EQ(field_.refusal(kPlatform, field_.redeem("cheap", 10)).reason, Reason::grams_mismatch);
  Redeem after = field_.redeem("after", 2);
  const std::vector<RedeemLeaf> leaves = {{{crypto::Hash{1}, 150}}, {{crypto::Hash{2}, 150}}};
  after.leaves = field_.attach_leaves<RedeemLeaf>(leaves);
  after.grams = 300;
  field_.must(kPlatform, after);
  EXPECT_EQ(field_.find<RedemptionObject>("platform/before")->payload.grams, 1'000u);
  EXPECT_EQ(field_.find<ProgrammeObject>("platform/energy")->redeemed, 1'300u);
  EXPECT_EQ(campaign().payload.species[0].grams, 100u);  // as it was opened
  EXPECT_EQ(campaign().terms.species[0].grams, 150u);
}

TEST_F(Revisions, LeaveWhatTheyDoNotName) {
  const CampaignTerms before = campaign().terms;
  CampaignRevise payload = revision("larger");
  payload.target = before.target + 1;
  revise(payload);
  CampaignTerms after = campaign().terms;
  EXPECT_EQ(after.target, before.target + 1);
  after.target = before.target;
  EXPECT_EQ(after, before);
}

TEST_F(Revisions, ChangeTheWindows) {
  CampaignRevise payload = revision("later");
  payload.redeem_window = Window{field_.day() + 10, field_.day() + 20};
  payload.plant_window = Window{field_.day() + 5, field_.day() + 9};
  revise(payload);
  EXPECT_EQ(field_.refusal(kPlatform, field_.redeem("early", 1)).reason,
            Reason::redeem_window_closed);
  EXPECT_EQ(
      field_.refusal(kDesert, field_.plant("early", tree_grid(field_.home, 1, 500, field_.day())))
          .reason,
      Reason::plant_window_closed);
  field_.advance_days(10);
  field_.must(kPlatform, field_.redeem("timely", 1));
}

TEST_F(Revisions, AddSpeciesButKeepAll) {
  CampaignRevise payload = revision("reef");
  payload.species = {{{kHaloxylon, 100}, {{"coral"}, 300}}};
  const Refusal refusal = field_.refusal(kPlatform, payload);
  EXPECT_EQ(refusal.reason, Reason::species_withdrawn);
  EXPECT_EQ(number(refusal, "species"), "rhizophora");
  payload.species->push_back({kRhizophora, 100});
  revise(payload);
  EXPECT_NE(price_of(campaign().terms, {"coral"}), nullptr);
}

TEST_F(Revisions, NeedTheConsentOfEveryPlanter) {
  const VerifiedStatement statement = field_.sign(kPlatform, dearer_);
  field_.must(kDesert, Consent{{"agree"}, statement->id});
  const Refusal refusal = field_.refusal(statement);
  EXPECT_EQ(refusal.reason, Reason::consents_missing);
  EXPECT_EQ(number(refusal, "org"), kCoast);
  field_.must(kCoast, Consent{{"agree"}, statement->id});
  field_.must(statement);
}

TEST_F(Revisions, RefuseATargetBelowWhatIsRedeemed) {
  field_.must(kPlatform, field_.redeem("units", 10));
  CampaignRevise payload = revision("smaller");
  payload.target = 9;
  EXPECT_EQ(reason(payload), Reason::target_exceeded);
  payload.target = 10;
  revise(payload);
  EXPECT_EQ(field_.refusal(kPlatform, field_.redeem("more", 1)).reason, Reason::target_exceeded);
}

TEST_F(Revisions, RefuseTermsThatNoCampaignMayHave) {
  EXPECT_EQ(reason(revision("idle")), Reason::revision_changes_nothing);
  CampaignRevise payload = revision("bad");
  payload.target = 0;
  EXPECT_EQ(reason(payload), Reason::empty);
  payload.target = kQuantityMax + 1;
  EXPECT_EQ(reason(payload), Reason::quantity_too_large);
  payload = dearer_;
  payload.species->push_back({{"teak"}, 1});
  EXPECT_EQ(reason(payload), Reason::species_unknown);
  payload.species->back().species = kHaloxylon;
  EXPECT_EQ(reason(payload), Reason::species_repeated);
  payload = revision("bad");
  payload.plant_window = Window{5, 4};
  EXPECT_EQ(reason(payload), Reason::window_invalid);
  payload.campaign = {"platform/none"};
  EXPECT_EQ(reason(payload), Reason::campaign_unknown);
}

TEST_F(Revisions, AreThePlatformsOwn) {
  Genesis genesis = consortium_genesis();
  genesis.orgs[6].org.roles.push_back(OrgRole::platform);  // the partner becomes one, too
  std::ranges::sort(genesis.orgs[6].org.roles);
  field_.govern(genesis.orgs[6].org);
  EXPECT_EQ(field_.refusal(kPartner, dearer_).reason, Reason::campaign_not_own);
  EXPECT_EQ(field_.refusal(kPartner, CloseCampaign{{"end"}, kPlanted}).reason,
            Reason::campaign_not_own);
  EXPECT_EQ(field_.refusal(kDesert, dearer_).reason, Reason::org_role_missing);
}

class Closings : public Revisions {
 protected:
  void close() { field_.must(kPlatform, CloseCampaign{{"end"}, kPlanted}); }
};

TEST_F(Closings, WaitUntilEveryUnitHasItsTree) {
  field_.must(kPlatform, field_.redeem("units", 10));
  const CloseCampaign payload{{"end"}, kPlanted};
  const Refusal refusal = field_.refusal(kPlatform, payload);
  EXPECT_EQ(refusal.reason, Reason::units_waiting);
  EXPECT_EQ(number(refusal, "net_redeemed"), "10");
  EXPECT_EQ(number(refusal, "allocated"), "0");
  const RunLeaf run{{"platform/units"}, {"desert-ngo/grown"}, kHaloxylon, 10};
  field_.must(kPlatform, field_.allocate("give", std::vector<RunLeaf>{run}));
  const std::uint64_t height = field_.block().height.value;
  close();
  EXPECT_EQ(campaign().closed, height);
}

TEST_F(Closings, LetNothingNewBegin) {
  close();
  const auto refused = [&](std::string_view org, const Payload& payload) {
    const Refusal refusal = field_.refusal(org, payload);
    EXPECT_EQ(number(refusal, "campaign"), kPlanted.text);
    return refusal.reason;
  };
  EXPECT_EQ(refused(kPlatform, field_.redeem("units", 1)), Reason::campaign_closed);
  EXPECT_EQ(refused(kPlatform, dearer_), Reason::campaign_closed);
  EXPECT_EQ(refused(kPlatform, CloseCampaign{{"again"}, kPlanted}), Reason::campaign_closed);
  Pledge pledge = field_.pledge("promise", "desert-ngo/home", 10);
  pledge.campaign = kPlanted;
  EXPECT_EQ(refused(kDesert, pledge), Reason::campaign_closed);
  const auto trees = tree_grid(field_.home, 5, 500, field_.day());
  EXPECT_EQ(refused(kDesert, field_.plant("late", trees)), Reason::campaign_closed);
  const std::vector<RunLeaf> runs{{{"platform/none"}, {"desert-ngo/grown"}, kHaloxylon, 1}};
  EXPECT_EQ(refused(kPlatform, field_.allocate("give", runs)), Reason::campaign_closed);
}

TEST_F(Closings, LetVerificationGoOn) {
  field_.must(kDesert, field_.plant("late", tree_grid(field_.home, 5, 500, field_.day())));
  close();
  field_.must(kVerifier, field_.full("verify-late", "desert-ngo/late"));
}

TEST_F(Closings, RefuseAnUnknownCampaign) {
  EXPECT_EQ(field_.refusal(kPlatform, CloseCampaign{{"end"}, {"platform/none"}}).reason,
            Reason::campaign_unknown);
}

}  // namespace
}  // namespace treeproof::ledger
