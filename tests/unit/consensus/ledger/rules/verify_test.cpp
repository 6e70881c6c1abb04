#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/ranges.h"
#include "consensus/ledger/sample.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

constexpr std::string_view kBatch = "desert-ngo/batch";

class Verifications : public testing::Test {
 protected:
  Verifications() {
    auto leaves = tree_grid(field_.home, kTrees, 0, field_.day());
    for (std::size_t i = 0; i < 50; ++i) leaves[2 * i].species = 1;
    Plant payload = field_.plant("batch", leaves);
    payload.species = {{kHaloxylon, kTrees - 50}, {kRhizophora, 50}};
    field_.must(kDesert, payload);
    planted_height_ = field_.batch(kBatch).record.height;
  }

  Refusal refused(const Verify& payload) { return field_.refusal(kVerifier, payload); }
  std::vector<std::uint64_t> drawn(std::uint64_t size) {
    const auto beacon = field_.get<BeaconObject>(std::to_string(planted_height_ + 1));
    return sample_draw(beacon->header_hash.value(), {std::string(kBatch)}, kTrees, size);
  }
  static Ranges ranges_of(std::vector<std::uint64_t> trees) {
    std::ranges::sort(trees);
    Ranges ranges;
    for (const std::uint64_t tree : trees) ranges.push_back({tree, 1});
    return ranges;
  }
  // The drawn sample visited.
  Verify sampled(std::uint64_t size, std::uint64_t failures, Ranges rejected = {}) {
    Verify payload = field_.full("verify", kBatch, std::move(rejected));
    payload.method = VerifyMethod::sample;
    payload.visited = ranges_of(drawn(size));
    payload.failures = failures;
    return payload;
  }
  void wait_for_the_sample() {
    field_.empty_block();
    field_.empty_block();
  }

  static constexpr std::uint64_t kTrees = 1'000;
  Field field_;
  std::uint64_t planted_height_ = 0;
};

TEST_F(Verifications, DecideEveryUnverifiedTree) {
  field_.must(kVerifier, field_.full("verify", kBatch, {{0, 3}, {990, 10}}));
  const BatchObject batch = field_.batch(kBatch);
  EXPECT_EQ(batch.trees()[TreeCode::available], 987u);
  EXPECT_EQ(batch.trees()[TreeCode::rejected], 13u);
  EXPECT_EQ(batch.species[0].trees[TreeCode::rejected], 11u);
  EXPECT_EQ(batch.species[1].trees[TreeCode::rejected], 2u);
  EXPECT_EQ(batch.verification->text, "verifier/verify");
  EXPECT_EQ(field_.plot_object("desert-ngo/home").live, 987u);
  EXPECT_EQ(field_.plot_object("desert-ngo/home").occupied_mm2,
            939 * batch.species[0].space_mm2 + 48 * batch.species[1].space_mm2);
  EXPECT_EQ(field_.trees_of("platform/planted"), batch.trees());
  TreeCodes codes(field_.state, {std::string(kBatch)}, kTrees);
  EXPECT_EQ(codes.at(2), TreeCode::rejected);
  EXPECT_EQ(codes.at(3), TreeCode::available);
  EXPECT_EQ(codes.at(989), TreeCode::available);
  EXPECT_EQ(codes.at(999), TreeCode::rejected);
  EXPECT_EQ(codes.root(), batch.pages_root);
}

TEST_F(Verifications, RefuseAnUnknownBatch) {
  Verify payload = field_.full("verify", kBatch);
  payload.plant = {"desert-ngo/home"};
  EXPECT_EQ(refused(payload).reason, Reason::batch_unknown);
}

TEST_F(Verifications, RefuseAVerifierOfThePlantersOwner) {
  const Refusal refusal = field_.refusal(kSister, field_.full("verify", kBatch));
  EXPECT_EQ(refusal.reason, Reason::verifier_conflict);
  EXPECT_EQ(number(refusal, "party"), "desert-ngo");
  EXPECT_EQ(number(refusal, "conflict_group"), "desert");
}

TEST_F(Verifications, RefuseAVerifierOfTheSponsorsOrPlatformsOwner) {
  Campaign campaign = field_.campaign("sponsored", Mode::plant_first);
  campaign.sponsor = OrgId{std::string(kVerifier)};
  field_.open(campaign);
  Plant payload = field_.plant("other", tree_grid(field_.home, 1, 2'000, field_.day()));
  payload.campaign = ObjectId{"platform/sponsored"};
  field_.must(kDesert, payload);
  const Refusal sponsor = refused(field_.full("verify", "desert-ngo/other"));
  EXPECT_EQ(sponsor.reason, Reason::verifier_conflict);
  EXPECT_EQ(number(sponsor, "party"), "verifier");
  field_.govern(OrgPut{{"auditor"}, {"Auditor"}, {OrgRole::verifier}, {"platform"}});
  field_.govern(KeyPutFor{
      {"auditor"}, secret_key("auditor").public_key().bytes(), {KeyRole::admin, KeyRole::verify}});
  const Refusal platform = field_.refusal("auditor", field_.full("verify", kBatch));
  EXPECT_EQ(platform.reason, Reason::verifier_conflict);
  EXPECT_EQ(number(platform, "party"), "platform");
}

TEST_F(Verifications, ActOnUnverifiedTreesOnly) {
  field_.must(kVerifier, field_.full("verify", kBatch));
  EXPECT_EQ(refused(field_.full("again", kBatch)).reason, Reason::nothing_unverified);
}

TEST_F(Verifications, RefuseRangesThatOverlapOrLeaveTheBatch) {
  const auto reason = [&](Ranges rejected) {
    return refused(field_.full("verify", kBatch, std::move(rejected))).reason;
  };
  EXPECT_EQ(reason({{5, 2}, {6, 1}}), Reason::ranges_invalid);
  EXPECT_EQ(reason({{999, 2}}), Reason::ranges_invalid);
  EXPECT_EQ(reason({{5, 0}}), Reason::ranges_invalid);
  EXPECT_EQ(reason({{1, UINT64_MAX}}), Reason::ranges_invalid);
  EXPECT_EQ(reason({{UINT64_MAX, 1}}), Reason::ranges_invalid);
  Verify payload = field_.full("verify", kBatch);
  payload.visited = {{10, 1}, {5, 1}};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::ranges_invalid);
  EXPECT_EQ(number(refusal, "field"), "visited");
  EXPECT_EQ(number(refusal, "range"), "1");
}

TEST_F(Verifications, InFullVisitEveryTree) {
  Verify payload = field_.full("verify", kBatch);
  payload.visited = {{0, 999}};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::visited_incomplete);
  EXPECT_EQ(number(refusal, "visited"), "999");
}

TEST_F(Verifications, BySampleWaitForItsHeader) {
  Verify payload = field_.full("verify", kBatch);
  payload.method = VerifyMethod::sample;
  Refusal refusal = refused(payload);  // height h + 1
  EXPECT_EQ(refusal.reason, Reason::sample_too_early);
  EXPECT_EQ(number(refusal, "from_height"), std::to_string(planted_height_ + 2));
  field_.empty_block();
  field_.must(kVerifier, payload);  // height h + 2, everything visited
}

TEST_F(Verifications, BySampleVisitTheDrawnTrees) {
  wait_for_the_sample();
  Verify payload = sampled(10, 0);
  payload.visited = ranges_of(drawn(9));
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::sample_not_visited);
  EXPECT_EQ(number(refusal, "drawn_and_visited"), "9");
  EXPECT_EQ(number(refusal, "sample_minimum"), "10");
  field_.must(kVerifier, sampled(10, 0));
  EXPECT_EQ(field_.batch(kBatch).trees()[TreeCode::available], kTrees);
}

TEST_F(Verifications, OfTreesWithoutACampaignTakeTheMinimumOfTheChain) {
  Plant payload = field_.plant("free", tree_grid(field_.home, 60, 1'200, field_.day()));
  payload.campaign.reset();
  field_.must(kDesert, payload);
  wait_for_the_sample();
  Verify few = field_.full("verify", "desert-ngo/free");
  few.method = VerifyMethod::sample;
  few.visited = {{0, 1}};
  EXPECT_EQ(number(refused(few), "sample_minimum"), "50");
}

TEST_F(Verifications, OfASmallBatchVisitItWhole) {
  field_.must(kDesert, field_.plant("few", tree_grid(field_.home, 4, 1'200, field_.day())));
  wait_for_the_sample();
  Verify payload = field_.full("verify", "desert-ngo/few");
  payload.method = VerifyMethod::sample;
  payload.visited = {{0, 3}};
  EXPECT_EQ(number(refused(payload), "sample_minimum"), "4");
  payload.visited = {{0, 4}};
  field_.must(kVerifier, payload);
}

TEST_F(Verifications, RejectAsLargeAShareAsFailed) {
  wait_for_the_sample();
  const Refusal refusal = refused(sampled(30, 1, {{0, 33}}));
  EXPECT_EQ(refusal.reason, Reason::rejected_too_few);
  EXPECT_EQ(number(refusal, "needed"), "34");  // ceil(1,000 / 30)
  EXPECT_EQ(number(refusal, "sample"), "30");
  field_.must(kVerifier, sampled(30, 1, {{0, 34}}));
}

TEST_F(Verifications, AreNotDilutedByTreesOfTheVerifiersChoice) {
  wait_for_the_sample();
  Verify payload = sampled(10, 1, {{0, 99}});
  std::vector<std::uint64_t> trees = drawn(10);
  const std::uint64_t next = drawn(11).back();
  for (std::uint64_t i = 0; i < 500; ++i) {
    if (i != next && std::ranges::find(trees, i) == trees.end()) trees.push_back(i);
  }
  payload.visited = ranges_of(trees);
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::rejected_too_few);
  EXPECT_EQ(number(refusal, "needed"), "100");
  EXPECT_EQ(number(refusal, "sample"), "10");
}

TEST_F(Verifications, RefuseMoreFailuresThanVisits) {
  wait_for_the_sample();
  EXPECT_EQ(refused(sampled(10, 11)).reason, Reason::failures_too_many);
}

TEST_F(Verifications, InFullRejectAtLeastWhatFailed) {
  Verify payload = field_.full("verify", kBatch, {{0, 4}});
  payload.failures = 5;
  EXPECT_EQ(number(refused(payload), "needed"), "5");
}

TEST(Ranges, SayWhatTheyContain) {
  const Ranges ranges = {{2, 3}, {5, 1}, {9, 2}};
  EXPECT_EQ(first_invalid(ranges, 11), std::nullopt);
  EXPECT_EQ(first_invalid(ranges, 10), 2u);
  EXPECT_EQ(members_in(ranges), 6u);
  for (std::uint64_t i = 0; i < 12; ++i) {
    EXPECT_EQ(contains(ranges, i), (i >= 2 && i <= 5) || i == 9 || i == 10) << i;
  }
  EXPECT_FALSE(contains({}, 0));
}

}  // namespace
}  // namespace treeproof::ledger
