#include <gtest/gtest.h>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/pages.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kGrown = {"desert-ngo/grown"};
const ObjectId kReserve = {"desert-ngo/reserve"};
const ObjectId kSpare = {"desert-ngo/spare"};
const ObjectId kUnits = {"platform/units"};
const ObjectId kCampaign = {"platform/planted"};

// 40 trees, the first 20 with units; 10 of these and 2 others died.
class Replacements : public testing::Test {
 protected:
  Replacements() {
    field_.grow("grown", 40, 0);
    field_.must(kPlatform, field_.redeem("units", 30));
    const RunLeaf run{kUnits, kGrown, kHaloxylon, 20};
    field_.must(kPlatform, field_.allocate("give", std::vector<RunLeaf>{run}));
    field_.must(kDesert, Mortality{{"dead"}, kGrown, {{10, 12}}, Cause::drought, field_.day()});
  }
  Replace replace(std::vector<ReplaceLeaf> runs, std::string_view ref = "anew") {
    return field_.replace(ref, runs);
  }
  void must(const Replace& payload) { field_.must_agreed(kDesert, payload, {kVerifier}); }
  Refusal refused(const Replace& payload, std::string_view org = kDesert) {
    return field_.refusal(org, payload);
  }
  Plant reserve(std::uint64_t count, std::string_view ref = "reserve") {
    Plant payload = field_.plant(ref, tree_grid(field_.home, count, 200, field_.day()));
    payload.purpose = Purpose::replacement;
    return payload;
  }
  TreeCode code(const ObjectId& batch, std::uint64_t tree) {
    return TreeCodes(field_.state, batch, field_.batch(batch.text).size()).at(tree);
  }
  UnitCode unit(std::uint64_t index) { return UnitCodes(field_.state, kUnits, 30).at(index); }
  CampaignTally tally() const { return campaign_tally(field_.state, kCampaign); }
  Field field_;
};

TEST_F(Replacements, AreAtMostAsManyTreesAsUnitsAreOwed) {
  const Refusal refusal = field_.refusal(kDesert, reserve(11));
  EXPECT_EQ(refusal.reason, Reason::replacement_not_owed);
  EXPECT_EQ(number(refusal, "owed"), "10");
  field_.must(kDesert, reserve(6));
  EXPECT_EQ(tally().replacing, 6u);
  Plant more = field_.plant("more", tree_grid(field_.home, 5, 300, field_.day()));
  more.purpose = Purpose::replacement;
  EXPECT_EQ(field_.refusal(kDesert, more).reason, Reason::replacement_not_owed);
  field_.must(kDesert, Mortality{{"gone"}, kReserve, {{0, 1}}, Cause::theft, field_.day()});
  EXPECT_EQ(tally().replacing, 5u);
  field_.must(kDesert, more);
}

TEST_F(Replacements, ArePlantedOutsideWindowPledgesAndTheCampaignsEnd) {
  field_.must(kPlatform, Refund{{"back"}, kUnits, {{20, 10}}, RefundReason::user_request});
  field_.must(kPlatform, CloseCampaign{{"close"}, kCampaign});
  field_.advance_days(1'100);
  Plant payload = reserve(3);
  field_.must(kDesert, payload);
  payload.ref = {"other"};
  payload.purpose = Purpose::campaign;
  EXPECT_EQ(field_.refusal(kDesert, payload).reason, Reason::campaign_closed);
  payload.purpose = Purpose::replacement;
  payload.pledge = ObjectId{"desert-ngo/none"};
  EXPECT_EQ(field_.refusal(kDesert, payload).reason, Reason::pledge_unexpected);
}

TEST_F(Replacements, AreReservedAndNeitherRedeemedNorAllocated) {
  field_.grow_reserve("reserve", 10, 200);
  EXPECT_EQ(code(kReserve, 0), TreeCode::reserved);
  EXPECT_EQ(tally().trees[TreeCode::available], 18u);
  EXPECT_EQ(field_.refusal(kPlatform, field_.redeem("more", 9)).reason, Reason::units_unavailable);
  const RunLeaf run{kUnits, kReserve, kHaloxylon, 1};
  EXPECT_EQ(field_.refusal(kPlatform, field_.allocate("x", std::vector<RunLeaf>{run})).reason,
            Reason::trees_insufficient);
}

TEST_F(Replacements, GiveOwedUnitsTheSuccessor) {
  field_.grow_reserve("reserve", 10, 200);
  const Replace payload = replace({{kGrown, 12, kReserve, 3, 4}});
  must(payload);
  EXPECT_EQ(code(kGrown, 11), TreeCode::dead_owed);
  EXPECT_EQ(code(kGrown, 12), TreeCode::dead_replaced);
  EXPECT_EQ(code(kReserve, 2), TreeCode::reserved);
  EXPECT_EQ(code(kReserve, 3), TreeCode::allocated);
  EXPECT_EQ(unit(11), UnitCode::owed);
  EXPECT_EQ(unit(12), UnitCode::allocated);
  EXPECT_EQ(tally().allocated, 20u);
  EXPECT_EQ(tally().replacing, 6u);
  EXPECT_EQ(tally().trees.owed(), 6u);
  const auto links = field_.links().at(0);
  EXPECT_EQ(links.allocation.text, "desert-ngo/anew");
  EXPECT_EQ(links.ranges, (std::vector<LinkRange>{{kUnits, 12, kReserve, 3, 4}}));
  const auto leaves = link_leaves(field_.state, links.ranges).value();
  EXPECT_EQ(decode<LinkLeaf>(leaves[0])->tree.text, "desert-ngo/reserve#3");
  EXPECT_EQ(payload.links->count, 4u);
  EXPECT_EQ(successors_of(field_.state, kGrown, {{13, 1}}),
            (std::vector<SuccessorRun>{{13, 1, kReserve, 4, {"desert-ngo/anew"}}}));
  EXPECT_EQ(field_.batch(kReserve.text).pages_root, TreeCodes(field_.state, kReserve, 10).root());
}

TEST_F(Replacements, OfReplacementsGoOn) {
  field_.grow_reserve("reserve", 2, 200);
  must(replace({{kGrown, 10, kReserve, 0, 2}}));
  field_.must(kDesert, Mortality{{"again"}, kReserve, {{0, 2}}, Cause::fire, field_.day()});
  EXPECT_EQ(unit(10), UnitCode::owed);
  field_.must(kPlatform, Refund{{"back"}, kUnits, {{10, 1}}, RefundReason::tree_lost});
  EXPECT_EQ(code(kGrown, 10), TreeCode::dead_replaced);
  EXPECT_EQ(code(kReserve, 0), TreeCode::dead_not_owed);
  EXPECT_EQ(code(kReserve, 1), TreeCode::dead_owed);
  field_.grow_reserve("second", 1, 300);
  must(replace({{kReserve, 1, {"desert-ngo/second"}, 0, 1}}, "third"));
  EXPECT_EQ(unit(11), UnitCode::allocated);
  EXPECT_EQ(field_.links().at(0).ranges[0].unit_from, 11u);
}

TEST_F(Replacements, TakeAvailableTreesThatNoUnitWaitsFor) {
  field_.grow("spare", 6, 200);  // 18 + 6 available, 10 waiting
  must(replace({{kGrown, 10, kSpare, 0, 6}}));
  EXPECT_EQ(code(kSpare, 0), TreeCode::allocated);
  field_.must(kPlatform, field_.redeem("more", 8));
  field_.grow("late", 2, 300);
  field_.must(kPlatform, field_.redeem("most", 2));  // 20 available, 20 waiting
  const ObjectId late{"desert-ngo/late"};
  EXPECT_EQ(refused(replace({{kGrown, 16, late, 0, 1}}, "x")).reason, Reason::units_unavailable);
}

TEST_F(Replacements, OfTreesThatNoUnitHeldAreRegisteredAfterTheLoss) {
  field_.grow("spare", 2, 200);
  const Replace payload = replace({{kGrown, 20, kSpare, 0, 2}});
  EXPECT_FALSE(payload.links.has_value());
  must(payload);
  EXPECT_EQ(code(kGrown, 20), TreeCode::dead_replaced);
  EXPECT_EQ(code(kSpare, 0), TreeCode::available);
  EXPECT_LE(tally().waiting(), tally().backed());
  EXPECT_TRUE(field_.links().empty());
  field_.must(kDesert, Mortality{{"later"}, kGrown, {{30, 1}}, Cause::fire, field_.day()});
  EXPECT_EQ(refused(replace({{kGrown, 30, kSpare, 0, 1}}, "x")).reason, Reason::successor_taken);
  const ObjectId before{"desert-ngo/before"};
  field_.grow("before", 1, 300);
  field_.must(kDesert, Mortality{{"last"}, kGrown, {{31, 1}}, Cause::fire, field_.day()});
  const Refusal refusal = refused(replace({{kGrown, 31, before, 0, 1}}, "x"));
  EXPECT_EQ(refusal.reason, Reason::successor_older);
}

TEST_F(Replacements, ThatWerePlantedForOwedUnitsServeNoOthers) {
  field_.grow_reserve("reserve", 5, 200);
  EXPECT_EQ(refused(replace({{kGrown, 20, kReserve, 0, 1}})).reason, Reason::successor_reserved);
}

TEST_F(Replacements, HappenOncePerTree) {
  field_.grow_reserve("reserve", 5, 200);
  must(replace({{kGrown, 10, kReserve, 0, 2}}));
  const Refusal refusal = refused(replace({{kGrown, 11, kReserve, 2, 1}}, "x"));
  EXPECT_EQ(refusal.reason, Reason::tree_not_replaceable);
  EXPECT_EQ(number(refusal, "state"), "dead_replaced");
  EXPECT_EQ(refused(replace({{kGrown, 12, kReserve, 0, 1}}, "x")).reason,
            Reason::tree_not_available);
  EXPECT_EQ(
      refused(replace({{kGrown, 12, kReserve, 2, 1}, {kGrown, 12, kReserve, 3, 1}}, "x")).reason,
      Reason::tree_not_replaceable);
  EXPECT_EQ(refused(replace({{kGrown, 5, kReserve, 2, 1}}, "x")).reason,
            Reason::tree_not_replaceable);
}

TEST_F(Replacements, WaitForTheConsentOfAnIndependentVerifier) {
  field_.grow_reserve("reserve", 5, 200);
  Replace payload = replace({{kGrown, 10, kReserve, 0, 2}});
  EXPECT_EQ(refused(payload).reason, Reason::consents_missing);
  payload.verifier = {std::string(kSister)};
  EXPECT_EQ(refused(payload).reason, Reason::verifier_conflict);
  payload.verifier = {std::string(kVillage)};
  EXPECT_EQ(refused(payload).reason, Reason::verifier_unknown);
}

TEST_F(Replacements, AreOfTheIssuersTreesInTheCampaign) {
  field_.grow_reserve("reserve", 5, 200);
  Replace payload = replace({{kGrown, 10, kReserve, 0, 2}});
  EXPECT_EQ(refused(payload, kCoast).reason, Reason::batch_not_own);
  payload.campaign.reset();
  EXPECT_EQ(refused(payload).reason, Reason::batch_not_in_campaign);
  payload.campaign = kGrown;
  EXPECT_EQ(refused(payload).reason, Reason::campaign_unknown);
  EXPECT_EQ(refused(replace({{kUnits, 0, kReserve, 0, 1}})).reason, Reason::batch_unknown);
  EXPECT_EQ(refused(replace({{kGrown, 39, kReserve, 0, 2}})).reason, Reason::ranges_invalid);
  EXPECT_EQ(refused(replace({{kGrown, 10, kReserve, 0, 0}})).reason, Reason::empty);
}

TEST_F(Replacements, HaveBounds) {
  Replace payload = replace({{kGrown, 10, kReserve, 0, 1}});
  payload.runs = field_.attach(std::vector<crypto::Bytes>{encode(std::uint64_t{7})});
  EXPECT_EQ(refused(payload).reason, Reason::leaf_invalid);
  payload.runs = field_.attach_leaves<ReplaceLeaf>(
      std::vector<ReplaceLeaf>{{kGrown, 0, kReserve, 0, kLinksMax + 1}});
  EXPECT_EQ(refused(payload).reason, Reason::links_too_many);
  payload.runs = field_.attach_leaves<ReplaceLeaf>(
      std::vector<ReplaceLeaf>(kReplaceRunsMax + 1, {kGrown, 0, kReserve, 0, 1}));
  EXPECT_EQ(refused(payload).reason, Reason::runs_too_many);
}

TEST_F(Replacements, StateTheLinksThatFollow) {
  field_.grow_reserve("reserve", 5, 200);
  Replace payload = replace({{kGrown, 10, kReserve, 0, 2}});
  payload.links->count = 1;
  EXPECT_EQ(refused(payload).reason, Reason::links_stale);
  payload.links.reset();
  EXPECT_EQ(refused(payload).reason, Reason::links_stale);
}

TEST_F(Replacements, AreNotTakenWhereADisputeFreezesEitherSide) {
  field_.grow_reserve("reserve", 5, 200);
  const Replace payload = replace({{kGrown, 10, kReserve, 0, 2}});
  Dispute doubt;
  doubt.ref = {"doubt"};
  doubt.target = DisputedRecord{kReserve};
  field_.must(kRegulator, doubt);
  EXPECT_EQ(refused(payload).reason, Reason::target_frozen);
}

TEST_F(Replacements, NeedTheLeavesOfBothSides) {
  field_.grow_reserve("reserve", 5, 200);
  const Replace payload = replace({{kGrown, 10, kReserve, 0, 2}});
  const auto units = field_.find<RedemptionObject>(kUnits.text)->payload.leaves.root;
  for (const crypto::Hash& root : {units, field_.batch(kReserve.text).leaves.root}) {
    const AttachmentPtr held = field_.state.attachments.extract(root).mapped();
    EXPECT_EQ(refused(payload).reason, Reason::earlier_attachment_missing);
    field_.state.attachments[root] = held;
  }
  must(payload);
}

// How often a block's execution asks for an object.
class Counted final : public StateReader {
 public:
  explicit Counted(const StateReader& state) : state_(state) {}
  SharedBytes object(const ObjectKey& key) const override {
    ++reads;
    return state_.object(key);
  }
  SharedBytes page(const PageKey& key) const override { return state_.page(key); }
  AttachmentPtr attachment(const crypto::Hash& root) const override {
    ++attachments;
    return state_.attachment(root);
  }
  mutable std::uint64_t reads = 0;
  mutable std::uint64_t attachments = 0;

 private:
  const StateReader& state_;
};

// Two species planted by turns, of which one is given away and both die, fall into as many
// stretches as trees, and their links lead to two redemptions by turns. Each list is read once.
TEST(ReplacementsByTurns, ReadEachListOnce) {
  constexpr std::uint64_t kTrees = 400;
  Field field;
  const ObjectId mixed{"desert-ngo/mixed"};
  const ObjectId fresh{"desert-ngo/fresh"};
  const auto plant = [&](const ObjectId& id, std::uint64_t first) {
    auto leaves = tree_grid(field.home, kTrees, first, field.day());
    for (std::uint64_t i = 1; i < kTrees; i += 2) leaves[i].species = 1;
    const std::string ref = id.text.substr(id.text.find('/') + 1);
    Plant payload = field.plant(ref, leaves);
    payload.species = {{kHaloxylon, kTrees / 2}, {kRhizophora, kTrees / 2}};
    field.must(kDesert, payload);
    field.must(kVerifier, field.full("see-" + ref, id.text));
  };
  plant(mixed, 0);
  field.must(kPlatform, field.redeem("some", kTrees / 4));
  field.must(kPlatform, field.redeem("others", kTrees / 4));
  std::vector<RunLeaf> by_turns;
  for (std::uint64_t i = 0; i < kTrees / 10; ++i) {
    by_turns.push_back({{i % 2 == 0 ? "platform/some" : "platform/others"}, mixed, kHaloxylon, 5});
  }
  field.must(kPlatform, field.allocate("give", by_turns));
  field.must(kDesert, Mortality{{"flood"}, mixed, {{0, kTrees}}, Cause::flood, field.day()});
  plant(fresh, 400);
  const std::vector<ReplaceLeaf> runs{{mixed, 0, fresh, 0, kTrees}};
  const auto statement = field.sign(kDesert, field.replace("anew", runs));
  field.must(kVerifier, Consent{{"agree"}, statement->id});
  const Counted counted(field.state);
  BlockExecution execution(counted, field.block());
  const auto added = execution.add(statement);
  ASSERT_TRUE(added.has_value()) << to_string(added.error());
  EXPECT_LT(counted.reads, kTrees);
  EXPECT_LT(counted.attachments, 20u);
}

}  // namespace
}  // namespace treeproof::ledger
