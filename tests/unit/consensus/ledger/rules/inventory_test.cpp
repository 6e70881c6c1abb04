#include <gtest/gtest.h>

#include "consensus/ledger/calendar.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

class Inventories : public testing::Test {
 protected:
  std::vector<PlantLeaf> trees(std::uint64_t count, std::int32_t day) const {
    return tree_grid(field_.home, count, 0, day);
  }
  Refusal refused(const Inventory& payload) { return field_.refusal(kDesert, payload); }
  Field field_;
};

TEST_F(Inventories, CountDatedAndUndatedTrees) {
  auto leaves = trees(5, kFirstDay - 9'000);
  leaves[1].day = kFirstDay - 3'000;
  leaves[2].day.reset();
  leaves[4].day.reset();
  field_.must(kDesert, field_.inventory("park", leaves));
  const BatchObject batch = field_.batch("desert-ngo/park");
  EXPECT_EQ(batch.source, BatchSource::inventory);
  EXPECT_EQ(batch.undated, 2u);
  EXPECT_EQ(batch.planted_from, kFirstDay - 9'000);
  EXPECT_EQ(batch.planted_to, kFirstDay - 3'000);
  EXPECT_EQ(batch.trees()[TreeCode::unverified], 5u);
}

TEST_F(Inventories, MayKnowNoDayAtAll) {
  auto leaves = trees(2, 0);
  for (PlantLeaf& leaf : leaves) leaf.day.reset();
  field_.must(kDesert, field_.inventory("park", leaves));
  EXPECT_EQ(field_.batch("desert-ngo/park").planted_from, std::nullopt);
}

TEST_F(Inventories, NeedNoPlotWhereTreesHavePositions) {
  Inventory payload = field_.inventory("street", trees(3, kFirstDay));
  payload.plot.reset();
  field_.must(kDesert, payload);
  EXPECT_EQ(field_.plot_object("desert-ngo/home").live, 0u);
  auto leaves = trees(3, kFirstDay);
  for (PlantLeaf& leaf : leaves) leaf.lat = leaf.lon = std::nullopt;
  payload.ref = {"nowhere"};
  payload.leaves = field_.attach_leaves<PlantLeaf>(leaves);
  payload.positions = Positions::plot;
  EXPECT_EQ(refused(payload).reason, Reason::plot_required);
}

TEST_F(Inventories, RefuseTreesOfTheDayAfterTomorrow) {
  EXPECT_EQ(refused(field_.inventory("park", trees(1, field_.day() + 2))).reason,
            Reason::planted_in_future);
}

TEST_F(Inventories, RefuseTreesOfADayThatNoCalendarHas) {
  auto leaves = trees(2, kFirstDateDay);
  field_.must(kDesert, field_.inventory("ginkgos", leaves));
  leaves = tree_grid(field_.home, 2, 10, kFirstDay);
  leaves[1].day = kFirstDateDay - 1;
  const Refusal refusal = refused(field_.inventory("park", leaves));
  EXPECT_EQ(refusal.reason, Reason::leaf_invalid);
  EXPECT_EQ(number(refusal, "leaf"), "1");
}

TEST_F(Inventories, RefuseTreesOutsideTheirPlot) {
  auto leaves = trees(2, kFirstDay);
  leaves[1].lat = field_.home.south + 20'000;
  const Refusal refusal = refused(field_.inventory("park", leaves));
  EXPECT_EQ(refusal.reason, Reason::tree_outside_plot);
  EXPECT_EQ(number(refusal, "leaf"), "1");
}

TEST_F(Inventories, JoinACampaignUntilHistoryEnds) {
  Inventory payload = field_.inventory("park", trees(3, kFirstDay - 9'000));
  payload.campaign = ObjectId{"platform/planted"};
  const Refusal refusal = refused(payload);
  EXPECT_EQ(refusal.reason, Reason::inventory_too_late);
  EXPECT_EQ(number(refusal, "history_until_day"), "0");
  const auto until = static_cast<std::uint64_t>(field_.day());
  field_.govern(ParamsSet{{{{"history_until_day"}, until}}});
  field_.must(kDesert, payload);  // long before the plant window, and older than the lookback
  EXPECT_EQ(field_.trees_of("platform/planted")[TreeCode::unverified], 3u);
  field_.advance_days(1);
  Inventory late = field_.inventory("late", tree_grid(field_.home, 1, 10, kFirstDay));
  late.campaign = ObjectId{"platform/planted"};
  EXPECT_EQ(refused(late).reason, Reason::inventory_too_late);
}

TEST_F(Inventories, JoinAPledgeFirstCampaignWithoutAPledge) {
  field_.govern(ParamsSet{{{{"history_until_day"}, static_cast<std::uint64_t>(field_.day())}}});
  Inventory payload = field_.inventory("park", trees(3, kFirstDay - 9'000));
  payload.campaign = ObjectId{"platform/pledged"};
  field_.must(kDesert, payload);
}

}  // namespace
}  // namespace treeproof::ledger
