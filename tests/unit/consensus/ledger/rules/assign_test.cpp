#include <gtest/gtest.h>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/sample.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kLoose = {"desert-ngo/loose"};
const ObjectId kCampaign = {"platform/planted"};

// 30 verified trees that belong to no campaign.
class Assignments : public testing::Test {
 protected:
  Assignments() { field_.must(kDesert, loose("loose", 0)); }
  Plant loose(std::string_view ref, std::uint64_t first) {
    Plant payload = field_.plant(ref, tree_grid(field_.home, 30, first, field_.day()));
    payload.campaign.reset();
    return payload;
  }
  void verify() { field_.must(kVerifier, field_.full("verify-loose", kLoose.text)); }
  Assign assign(const ObjectId& campaign = kCampaign) const { return {{"join"}, kLoose, campaign}; }
  Refusal refused(const Assign& payload, std::string_view org = kDesert) {
    return field_.refusal(org, payload);
  }
  Field field_;
};

TEST_F(Assignments, BringTreesIntoTheBooksOfACampaign) {
  verify();
  field_.must(kDesert, assign());
  EXPECT_EQ(field_.batch(kLoose.text).campaign, kCampaign);
  EXPECT_EQ(field_.trees_of(kCampaign.text)[TreeCode::available], 30u);
  field_.must(kPlatform, field_.redeem("units", 30));
  const RunLeaf run{{"platform/units"}, kLoose, kHaloxylon, 30};
  field_.must(kPlatform, field_.allocate("give", std::vector<RunLeaf>{run}));
  Assign again = assign();
  again.ref = {"again"};
  EXPECT_EQ(refused(again).reason, Reason::assigned_already);
}

TEST_F(Assignments, AreOfOwnTreesToACampaignThatNamesThePlanter) {
  EXPECT_EQ(refused(assign(), kCoast).reason, Reason::batch_not_own);
  EXPECT_EQ(refused(assign({"platform/none"})).reason, Reason::campaign_unknown);
  EXPECT_EQ(refused({{"join"}, kCampaign, kCampaign}).reason, Reason::batch_unknown);
  Campaign other = field_.campaign("coastal", Mode::plant_first);
  other.planters = {{std::string(kCoast)}};
  field_.open(other);
  EXPECT_EQ(refused(assign({"platform/coastal"})).reason, Reason::planter_not_in_campaign);
  EXPECT_EQ(refused(assign({"platform/pledged"})).reason, Reason::pledge_required);
  field_.must(kPlatform, CloseCampaign{{"close"}, kCampaign});
  EXPECT_EQ(refused(assign()).reason, Reason::campaign_closed);
}

TEST_F(Assignments, FitUnitAndSpecies) {
  Campaign areas = field_.campaign("areas", Mode::plant_first);
  areas.unit = Unit::m2;
  areas.unit_size = 4;
  field_.open(areas);
  EXPECT_EQ(refused(assign({"platform/areas"})).reason, Reason::unit_unfit);
  Campaign mangroves = field_.campaign("mangroves", Mode::plant_first);
  mangroves.species = {{kRhizophora, 100}};
  field_.open(mangroves);
  EXPECT_EQ(refused(assign({"platform/mangroves"})).reason, Reason::species_not_in_campaign);
}

// What it found stands, where a dispute asked for another verification of some trees only.
TEST_F(Assignments, AskEveryVerifierOfTheBatchForIndependence) {
  const OrgId kin{"platform-audit"};
  field_.govern(OrgPut{kin, {"Audit"}, {OrgRole::verifier}, {"platform"}});
  field_.govern(
      KeyPutFor{kin, secret_key(kin.text).public_key().bytes(), {KeyRole::admin, KeyRole::verify}});
  field_.must(kin.text, field_.full("first", kLoose.text));
  Dispute doubt;
  doubt.ref = {"doubt"};
  doubt.target = DisputedRecord{kLoose};
  field_.must(kRegulator, doubt);
  const Resolve again{{"regulator/doubt"}, Outcome::upheld, Remedy::reverify, {{0, 5}}};
  field_.must(kCoast, Propose{{"end"}, again});
  for (const std::string_view org : {kPlatform, kCoast, kVerifier, kRegulator}) {
    field_.must(org, Approve{{"yes"}, {"coast-ngo/end"}});
  }
  verify();
  const Refusal refusal = refused(assign());
  EXPECT_EQ(refusal.reason, Reason::verifier_conflict);
  EXPECT_EQ(number(refusal, "party"), "platform");
}

TEST_F(Assignments, AreNoOlderThanTheLookback) {
  field_.advance_days(101);
  const Refusal refusal = refused(assign());
  EXPECT_EQ(refusal.reason, Reason::lookback_exceeded);
  EXPECT_EQ(number(refusal, "lookback_days"), "100");
}

TEST_F(Assignments, OfInventoriesEndWithTheirDay) {
  field_.must(kDesert, field_.inventory("old", tree_grid(field_.home, 5, 100, field_.day())));
  EXPECT_EQ(refused({{"join"}, {"desert-ngo/old"}, kCampaign}).reason, Reason::inventory_too_late);
}

TEST_F(Assignments, AskForTheCampaignsSample) {
  field_.govern(ParamsSet{{{{"sample_minimum"}, 5}}});
  field_.empty_block();
  const auto beacon = std::to_string(field_.batch(kLoose.text).beacon);
  const auto header = field_.get<BeaconObject>(beacon)->header_hash.value();
  std::vector<std::uint64_t> visited = sample_draw(header, kLoose, 30, 5);
  std::ranges::sort(visited);
  Verify payload = field_.full("verify-loose", kLoose.text);
  payload.method = VerifyMethod::sample;
  payload.visited.clear();
  for (const std::uint64_t tree : visited) payload.visited.push_back({tree, 1});
  field_.must(kVerifier, payload);
  const Refusal refusal = refused(assign());
  EXPECT_EQ(refusal.reason, Reason::sample_not_visited);
  EXPECT_EQ(number(refusal, "sample_minimum"), "10");
}

TEST_F(Assignments, AskForAVerifierIndependentOfTheCampaign) {
  verify();
  Campaign sponsored = field_.campaign("sponsored", Mode::plant_first);
  sponsored.sponsor = OrgId{std::string(kVerifier)};
  field_.open(sponsored);
  const Refusal refusal = refused(assign({"platform/sponsored"}));
  EXPECT_EQ(refusal.reason, Reason::verifier_conflict);
  EXPECT_EQ(number(refusal, "party"), "verifier");
}

}  // namespace
}  // namespace treeproof::ledger
