#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/sample.h"
#include "crypto/merkle.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kUnits = {"platform/units"};
const ObjectId kGrown = {"desert-ngo/grown"};

// 100 trees grown for "planted", of which 0 to 9 are rejected; 60 units redeemed.
class Allocations : public testing::Test {
 protected:
  Allocations() {
    field_.must(kDesert, field_.plant("grown", tree_grid(field_.home, 100, 0, field_.day())));
    field_.must(kVerifier, field_.full("verify-grown", kGrown.text, {{0, 10}}));
    field_.must(kPlatform, field_.redeem("units", 60));
  }
  static RunLeaf run(std::uint64_t count) { return {kUnits, kGrown, kHaloxylon, count}; }
  Allocate allocate(std::initializer_list<RunLeaf> runs) {
    return field_.allocate("give", std::vector<RunLeaf>(runs));
  }
  Refusal refused(const Allocate& payload) { return field_.refusal(kPlatform, payload); }
  Refusal refused(std::initializer_list<RunLeaf> runs) { return refused(allocate(runs)); }
  Field field_;
};

TEST_F(Allocations, GiveTheFirstFreeUnitsTheFirstAvailableTrees) {
  field_.must(kPlatform, allocate({run(20)}));
  ASSERT_EQ(field_.links().size(), 1u);
  EXPECT_EQ(field_.links()[0].allocation.text, "platform/give");
  EXPECT_EQ(field_.links()[0].ranges, (std::vector<LinkRange>{{kUnits, 0, kGrown, 10, 20}}));
  const BatchObject batch = field_.batch(kGrown.text);
  EXPECT_EQ(batch.trees()[TreeCode::allocated], 20u);
  EXPECT_EQ(batch.trees()[TreeCode::available], 70u);
  const auto redemption = field_.find<RedemptionObject>(kUnits.text);
  EXPECT_EQ(redemption->units[UnitCode::allocated], 20u);
  EXPECT_EQ(redemption->units[UnitCode::free], 40u);
  const CampaignTally tally = campaign_tally(field_.state, {"platform/planted"});
  EXPECT_EQ(tally.allocated, 20u);
  EXPECT_EQ(tally.waiting(), 40u);
  EXPECT_EQ(tally.trees, batch.trees());
  UnitCodes units(field_.state, kUnits, 60);
  EXPECT_EQ(units.at(19), UnitCode::allocated);
  EXPECT_EQ(units.at(20), UnitCode::free);
  EXPECT_EQ(units.root(), redemption->pages_root);
}

TEST_F(Allocations, GoOnWhereTheLastOneEnded) {
  field_.must(kPlatform, allocate({run(20)}));
  field_.must(kPlatform, field_.allocate("more", std::vector<RunLeaf>{run(5), run(7)}));
  EXPECT_EQ(field_.links()[0].ranges,
            (std::vector<LinkRange>{{kUnits, 20, kGrown, 30, 5}, {kUnits, 25, kGrown, 35, 7}}));
}

TEST_F(Allocations, SkipTreesOfOtherSpecies) {
  auto leaves = tree_grid(field_.home, 6, 500, field_.day());
  leaves[1].species = leaves[4].species = 1;
  Plant payload = field_.plant("mixed", leaves);
  payload.species = {{kHaloxylon, 4}, {kRhizophora, 2}};
  field_.must(kDesert, payload);
  field_.must(kVerifier, field_.full("verify-mixed", "desert-ngo/mixed"));
  const ObjectId mixed{"desert-ngo/mixed"};
  field_.must(kPlatform, allocate({{kUnits, mixed, kHaloxylon, 3}}));
  EXPECT_EQ(field_.links()[0].ranges,
            (std::vector<LinkRange>{{kUnits, 0, mixed, 0, 1}, {kUnits, 1, mixed, 2, 2}}));
  EXPECT_EQ(field_.batch(mixed.text).species[1].trees[TreeCode::available], 2u);
}

TEST_F(Allocations, ServeUnitsThatNameNoSpecies) {
  Redeem any = field_.redeem("any", 5);
  any.species.reset();
  field_.must(kPlatform, any);
  field_.must(kPlatform, allocate({{{"platform/any"}, kGrown, kHaloxylon, 5}}));
  const ObjectId campaign{"platform/planted"};
  EXPECT_EQ(campaign_tally(field_.state, campaign, std::nullopt).allocated, 5u);
  EXPECT_EQ(campaign_tally(field_.state, campaign, kHaloxylon).allocated, 0u);
  EXPECT_EQ(campaign_tally(field_.state, campaign, kHaloxylon).trees[TreeCode::allocated], 5u);
}

TEST_F(Allocations, OpenLinksByLeafAndRoot) {
  const Allocate payload = allocate({run(20)});
  field_.must(kPlatform, payload);
  const auto leaves = link_leaves(field_.state, field_.links()[0].ranges).value();
  ASSERT_EQ(leaves.size(), 20u);
  const LinkLeaf link = decode<LinkLeaf>(leaves[3]).value();
  EXPECT_EQ(link.tree.text, "desert-ngo/grown#13");
  EXPECT_EQ(link.species, kHaloxylon);
  EXPECT_EQ(link.plot->text, "desert-ngo/home");
  EXPECT_EQ(link.lat, tree_grid(field_.home, 1, 13, 0)[0].lat);
  EXPECT_EQ(link.planted_day, field_.day());
  EXPECT_TRUE(link.visited);
  const auto units =
      field_.state.attachment(field_.find<RedemptionObject>(kUnits.text)->payload.leaves.root);
  EXPECT_EQ(link.commitments[0], decode<RedeemLeaf>(units->leaf(3))->front().commitment);
  std::vector<crypto::Hash> hashes;
  for (const crypto::Bytes& leaf : leaves) hashes.push_back(crypto::leaf_hash(leaf));
  EXPECT_EQ(payload.links, (LinksRef{crypto::merkle_root(hashes), 20}));
}

TEST_F(Allocations, SayWhichTreesWereOnlyInferred) {
  const ObjectId wide{"desert-ngo/wide"};
  field_.must(kDesert, field_.plant("wide", tree_grid(field_.home, 20, 500, field_.day())));
  field_.empty_block();
  field_.empty_block();
  const std::uint64_t height = field_.batch(wide.text).record.height + 1;
  const auto header = field_.get<BeaconObject>(std::to_string(height))->header_hash.value();
  std::vector<std::uint64_t> visited = sample_draw(header, wide, 20, 10);
  std::ranges::sort(visited);
  Verify payload = field_.full("verify-wide", wide.text);
  payload.method = VerifyMethod::sample;
  payload.visited.clear();
  for (const std::uint64_t tree : visited) payload.visited.push_back({tree, 1});
  field_.must(kVerifier, payload);
  field_.must(kPlatform, allocate({{kUnits, wide, kHaloxylon, 20}}));
  const auto leaves = link_leaves(field_.state, field_.links().at(0).ranges).value();
  for (std::uint64_t i = 0; i < leaves.size(); ++i) {
    const bool was_visited = std::ranges::binary_search(visited, i);
    EXPECT_EQ(decode<LinkLeaf>(leaves[i])->visited, was_visited) << i;
  }
}

TEST_F(Allocations, AreThePlatformsOwn) {
  Allocate payload = allocate({run(1)});
  payload.campaign = {"platform/energy"};
  EXPECT_EQ(refused(payload).reason, Reason::campaign_unknown);
  field_.govern(OrgPut{{"rival"}, {"Rival"}, {OrgRole::platform}, {"rival"}});
  field_.govern(KeyPutFor{
      {"rival"}, secret_key("rival").public_key().bytes(), {KeyRole::admin, KeyRole::redeem}});
  EXPECT_EQ(field_.refusal("rival", allocate({run(1)})).reason, Reason::campaign_not_own);
}

TEST_F(Allocations, RefuseLeavesThatAreNoRuns) {
  Allocate payload = allocate({run(1)});
  payload.runs = field_.attach(std::vector<crypto::Bytes>{{0x01}});
  EXPECT_EQ(refused(payload).reason, Reason::leaf_invalid);
}

TEST_F(Allocations, RefuseTooManyRuns) {
  const Allocate payload = field_.allocate("give", std::vector<RunLeaf>(65, run(1)));
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::runs_too_many);
  EXPECT_EQ(number(refusal, "runs"), "65");
}

TEST_F(Allocations, RefuseEmptyRunsAndTooManyLinks) {
  EXPECT_EQ(refused({run(0)}).reason, Reason::empty);
  EXPECT_EQ(refused({run(262'140), run(5)}).reason, Reason::links_too_many);
  EXPECT_EQ(refused({run(1), run(UINT64_MAX)}).reason, Reason::links_too_many);
}

TEST_F(Allocations, RefuseUnknownRedemptionsAndBatches) {
  const Refusal units = refused({run(1), {kGrown, kGrown, kHaloxylon, 1}});
  EXPECT_EQ(units.reason, Reason::redemption_unknown);
  EXPECT_EQ(number(units, "run"), "1");
  EXPECT_EQ(refused({{kUnits, kUnits, kHaloxylon, 1}}).reason, Reason::batch_unknown);
}

TEST_F(Allocations, RefuseAnotherSpecies) {
  const Refusal refusal = refused({{kUnits, kGrown, kRhizophora, 1}});
  EXPECT_EQ(refusal.reason, Reason::redemption_species_mismatch);
  EXPECT_EQ(number(refusal, "found"), "haloxylon");
  Redeem any = field_.redeem("any", 5);
  any.species.reset();
  field_.must(kPlatform, any);
  EXPECT_EQ(refused({{{"platform/any"}, kGrown, kRhizophora, 1}}).reason,
            Reason::species_not_in_batch);
}

TEST_F(Allocations, RefuseMoreThanThereIs) {
  const Refusal units = refused({run(50), run(11)});
  EXPECT_EQ(units.reason, Reason::units_insufficient);
  EXPECT_EQ(number(units, "wanted"), "11");
  EXPECT_EQ(number(units, "found"), "10");
  field_.grow("few", 3, 500);
  const Refusal trees = refused({{kUnits, {"desert-ngo/few"}, kHaloxylon, 4}});
  EXPECT_EQ(trees.reason, Reason::trees_insufficient);
  EXPECT_EQ(number(trees, "found"), "3");
}

TEST_F(Allocations, StayWithinTheirCampaign) {
  field_.open(field_.campaign("other", Mode::plant_first));
  Plant elsewhere = field_.plant("elsewhere", tree_grid(field_.home, 5, 500, field_.day()));
  elsewhere.campaign = ObjectId{"platform/other"};
  field_.must(kDesert, elsewhere);
  field_.must(kVerifier, field_.full("verify-elsewhere", "desert-ngo/elsewhere"));
  const Refusal batch = refused({{kUnits, {"desert-ngo/elsewhere"}, kHaloxylon, 1}});
  EXPECT_EQ(batch.reason, Reason::batch_not_in_campaign);
  EXPECT_EQ(number(batch, "batch"), "desert-ngo/elsewhere");
  Allocate payload = allocate({run(1)});
  payload.campaign = {"platform/other"};
  EXPECT_EQ(refused(payload).reason, Reason::redemption_not_in_campaign);
}

TEST_F(Allocations, RefuseTreesOlderThanTheLookback) {
  const std::int32_t old = field_.day() - 101;
  Plant payload = field_.plant("old", tree_grid(field_.home, 5, 500, old));
  payload.planted_from = payload.planted_to = old;
  field_.must(kDesert, payload);
  field_.must(kVerifier, field_.full("verify-old", "desert-ngo/old"));
  const Refusal refusal = refused({{kUnits, {"desert-ngo/old"}, kHaloxylon, 1}});
  EXPECT_EQ(refusal.reason, Reason::lookback_exceeded);
  EXPECT_EQ(number(refusal, "planted_from"), std::to_string(old));
  EXPECT_EQ(number(refusal, "lookback_days"), "100");
}

TEST_F(Allocations, RefuseLinksOfAnotherState) {
  Allocate stale = field_.allocate("stale", std::vector<RunLeaf>{run(5)});
  field_.must(kPlatform, allocate({run(5)}));
  const Refusal refusal = refused(stale);
  EXPECT_EQ(refusal.reason, Reason::links_stale);
  EXPECT_EQ(number(refusal, "stated_root"), crypto::to_hex(stale.links.root));
  EXPECT_EQ(number(refusal, "derived_count"), "5");
  stale = field_.allocate("stale", std::vector<RunLeaf>{run(5)});
  stale.links.count = 4;
  EXPECT_EQ(refused(stale).reason, Reason::links_stale);
}

TEST_F(Allocations, WaitForPlantersWithoutStandingConsent) {
  Campaign campaign = field_.campaign("asking", Mode::plant_first);
  campaign.policy.standing_consent = false;
  field_.open(campaign);
  Plant plant = field_.plant("asked", tree_grid(field_.home, 5, 500, field_.day()));
  plant.campaign = ObjectId{"platform/asking"};
  field_.must(kDesert, plant);
  field_.must(kVerifier, field_.full("verify-asked", "desert-ngo/asked"));
  Redeem redeem = field_.redeem("asking-units", 5);
  redeem.campaign = {"platform/asking"};
  field_.must(kPlatform, redeem);
  Allocate payload = allocate({{{"platform/asking-units"}, {"desert-ngo/asked"}, kHaloxylon, 5}});
  payload.campaign = {"platform/asking"};
  const VerifiedStatement statement = field_.sign(kPlatform, payload);
  EXPECT_EQ(field_.refusal(statement).reason, Reason::consents_missing);
  field_.must(kDesert, Consent{{"yes"}, statement->id});
  field_.must(statement);
}

}  // namespace
}  // namespace treeproof::ledger
