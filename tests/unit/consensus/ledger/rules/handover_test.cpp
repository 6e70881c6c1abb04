#include <gtest/gtest.h>

#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kHome = {"desert-ngo/home"};
const ObjectId kPromise = {"desert-ngo/promise"};

class Handovers : public testing::Test {
 protected:
  Handovers() {
    field_.grow("grown", 20, 0);
    field_.must(kDesert, field_.pledge("promise", kHome.text, 30));
  }
  Handover handover() const {
    return {{"give"}, {std::string(kCoast)}, {kHome}, {kGrown}, {kPromise}};
  }
  Refusal refused(const Payload& payload, std::string_view org = kDesert) {
    return field_.refusal(org, payload);
  }
  Field field_;
};

TEST_F(Handovers, GiveLandTreesAndDutiesToAnother) {
  EXPECT_EQ(refused(handover()).reason, Reason::consents_missing);
  field_.must_agreed(kDesert, handover(), {kCoast});
  EXPECT_EQ(field_.plot_object(kHome.text).holder.text, kCoast);
  EXPECT_EQ(field_.batch(kGrown.text).holder.text, kCoast);
  const Mortality death{{"dead"}, kGrown, {{0, 1}}, Cause::fire, field_.day()};
  EXPECT_EQ(refused(death).reason, Reason::batch_not_own);
  field_.must(kCoast, death);
  Plant plant = field_.plant("more", tree_grid(field_.home, 5, 100, field_.day()));
  EXPECT_EQ(refused(plant).reason, Reason::plot_not_own);
  plant.campaign = ObjectId{"platform/pledged"};
  plant.pledge = kPromise;
  field_.must(kCoast, plant);
  EXPECT_EQ(refused(PledgeRelease{{"less"}, kPromise, 1}).reason, Reason::pledge_not_own);
  field_.must(kCoast, PledgeRelease{{"less"}, kPromise, 1});
}

// As a mortality of theirs is refused.
TEST_F(Handovers, LeaveTheFormerHolderNoDeathsToTell) {
  field_.must_agreed(kDesert, handover(), {kCoast});
  Observe payload;
  payload.ref = {"visit"};
  payload.plant = kGrown;
  payload.day = field_.day();
  payload.species = {{kHaloxylon, 19, 1, 0}};
  payload.dead = {{0, 1}};
  payload.cause = Cause::fire;
  field_.must(kDesert, payload);
  EXPECT_EQ(field_.find<ObservationObject>("desert-ngo/visit")->witness, Witness::reported);
  EXPECT_EQ(field_.batch(kGrown.text).trees()[TreeCode::available], 20u);
  field_.must(kCoast, payload);
  EXPECT_EQ(field_.find<ObservationObject>("coast-ngo/visit")->witness, Witness::self_reported);
  EXPECT_EQ(field_.batch(kGrown.text).trees()[TreeCode::available], 19u);
}

TEST_F(Handovers, LetANewPlanterJoinTheCampaignsConcerned) {
  field_.govern(OrgPut{{"newcomer"}, {"New"}, {OrgRole::planter}, {"newcomer"}});
  field_.govern(KeyPutFor{
      {"newcomer"}, secret_key("newcomer").public_key().bytes(), {KeyRole::admin, KeyRole::plant}});
  Handover payload = handover();
  payload.to = {"newcomer"};
  field_.must_agreed(kDesert, payload, {"newcomer"});
  EXPECT_TRUE(names_planter(*field_.find<CampaignObject>("platform/planted"), {"newcomer"}));
  field_.must("newcomer", field_.plant("more", tree_grid(field_.home, 5, 100, field_.day())));
}

TEST_F(Handovers, KeepBothOwnersPartiesToWhatIsJudged) {
  field_.must_agreed(kDesert, handover(), {kCoast});
  const Mortality death{{"dead"}, kGrown, {{0, 1}}, Cause::fire, field_.day()};
  EXPECT_EQ(refused(death, kSister).reason, Reason::verifier_conflict);
}

TEST_F(Handovers, KeepBothOwnersPartiesToTheLand) {
  const VerifiedStatement meadow =
      field_.sign(kDesert, field_.plot("meadow", field_.home.shifted(0, 20'000)));
  field_.must(meadow);
  const ObjectId id{"desert-ngo/meadow"};
  field_.must_agreed(kDesert, Handover{{"give"}, {std::string(kCoast)}, {id}, {}, {}}, {kCoast});
  EXPECT_EQ(refused(Consent{{"fine"}, meadow->id}, kSister).reason, Reason::consent_conflict);
  Correct fewer{{"fewer"}, id, CorrectCapacity{5}, {}, {std::string(kSister)}};
  EXPECT_EQ(refused(fewer, kCoast).reason, Reason::verifier_conflict);
  fewer.verifier = {std::string(kVerifier)};
  field_.must_agreed(kCoast, fewer, {kVerifier});
  EXPECT_EQ(field_.plot_object(id.text).payload.capacity, 5u);
}

TEST_F(Handovers, AreDecidedByGovernanceWhereTheHolderIsGone) {
  field_.govern(
      HandoverFor{{std::string(kDesert)}, {std::string(kCoast)}, {kHome}, {kGrown}, {kPromise}});
  EXPECT_EQ(field_.batch(kGrown.text).holder.text, kCoast);
  const HandoverFor nobody{{"nobody"}, {std::string(kCoast)}, {kHome}, {}, {}};
  EXPECT_EQ(refused(Propose{{"x"}, nobody}).reason, Reason::org_unknown);
}

TEST_F(Handovers, AreOfOwnThingsToAPlanter) {
  Handover payload = handover();
  payload.to = {std::string(kVerifier)};
  EXPECT_EQ(refused(payload).reason, Reason::holder_unfit);
  payload.to = {std::string(kDesert)};
  EXPECT_EQ(refused(payload).reason, Reason::holder_unfit);
  payload = handover();
  payload.plots = payload.batches = payload.duties = {};
  EXPECT_EQ(refused(payload).reason, Reason::empty);
  payload.plots = {kHome, kHome};
  EXPECT_EQ(refused(payload).reason, Reason::list_not_ascending);
  payload.plots = {kGrown};
  EXPECT_EQ(refused(payload).reason, Reason::plot_unknown);
  payload.plots = {};
  payload.batches = {kHome};
  EXPECT_EQ(refused(payload).reason, Reason::batch_unknown);
  payload.batches = {};
  payload.duties = {kHome};
  EXPECT_EQ(refused(payload).reason, Reason::pledge_unknown);
  payload = handover();
  payload.to = {std::string(kDesert)};
  payload.plots = {};
  payload.duties = {};
  EXPECT_EQ(refused(payload, kCoast).reason, Reason::batch_not_own);
}

TEST_F(Handovers, LetOnlySoManyJoinACampaign) {
  field_.govern(OrgPut{{"newcomer"}, {"New"}, {OrgRole::planter}, {"newcomer"}});
  State overlay(field_.state);
  auto campaign = *field_.find<CampaignObject>("platform/planted");
  while (campaign.joined.size() < campaign.joined.kMax) campaign.joined.push_back({"someone"});
  overlay.put("platform/planted", campaign);
  field_.state.all.merge(overlay.take_changes());
  Handover payload = handover();
  payload.to = {"newcomer"};
  EXPECT_EQ(refused(payload).reason, Reason::planters_too_many);
}

}  // namespace
}  // namespace treeproof::ledger
