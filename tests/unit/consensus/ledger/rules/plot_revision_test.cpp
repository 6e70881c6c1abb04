#include <gtest/gtest.h>

#include "consensus/ledger/plot_overlaps.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger {
namespace {

const ObjectId kHome = {"desert-ngo/home"};

class PlotRevisions : public testing::Test {
 protected:
  PlotRevision revise(const Rectangle& to, std::string_view ref = "better") {
    const Plot outline = field_.plot("x", to);
    return {{std::string(ref)}, kHome, outline.area, outline.geometry};
  }
  Refusal refused(const Payload& payload, std::string_view org = kDesert) {
    return field_.refusal(org, payload);
  }
  Rectangle sized(std::int32_t height, std::int32_t width) const {
    return {field_.home.south, field_.home.west, height, width};
  }
  std::uint64_t overlap_of(std::string_view plot) const {
    return sum_of(overlaps_of(field_.state, {std::string(plot)}));
  }
  Field field_;
};

TEST_F(PlotRevisions, ReplaceOutlineAndArea) {
  field_.must(kDesert, revise(sized(12'000, 12'000)));
  const PlotObject plot = field_.plot_object(kHome.text);
  EXPECT_EQ(plot.area_m2, field_.plot("x", sized(12'000, 12'000)).area);
  EXPECT_EQ(plot.revision->text, "desert-ngo/better");
  field_.must(kDesert,
              field_.plant("edge", tree_grid(sized(12'000, 12'000), 1, 118, field_.day())));
  EXPECT_EQ(refused(field_.plot("new", field_.home.shifted(0, 10'500)), kCoast).reason,
            Reason::plot_overlaps);
}

TEST_F(PlotRevisions, FreeTheGroundThatTheyLeave) {
  field_.must(kDesert, revise(sized(10'000, 5'000)));
  field_.must(kCoast, field_.plot("new", field_.home.shifted(0, 5'000)));
}

TEST_F(PlotRevisions, KeepEveryLiveTreeInside) {
  field_.grow("grown", 20, 0);
  const Refusal refusal = refused(revise(sized(10'000, 1'000)));
  EXPECT_EQ(refusal.reason, Reason::tree_outside_plot);
  field_.must(kDesert,
              Mortality{{"dead"}, {"desert-ngo/grown"}, {{10, 10}}, Cause::fire, field_.day()});
  field_.must(kDesert, revise(sized(10'000, 1'100)));
}

TEST_F(PlotRevisions, KeepGridTreesInsideToo) {
  Plant grid = field_.plant("grid", tree_grid(field_.home, 20, 0, field_.day()));
  grid.positions = Positions::grid;
  field_.must(kDesert, grid);
  EXPECT_EQ(refused(revise(sized(10'000, 1'000))).reason, Reason::tree_outside_plot);
}

TEST_F(PlotRevisions, KeepRoomForTheTreesThatStand) {
  Plant plant = field_.plant("here", tree_grid(sized(500, 500), 9, 0, field_.day()));
  field_.must(kDesert, plant);
  EXPECT_EQ(refused(revise(sized(500, 500))).reason, Reason::density_exceeded);
}

TEST_F(PlotRevisions, AreJudgedLikeANewOutline) {
  field_.must(kCoast, field_.plot("new", field_.home.shifted(0, 10'000)));
  EXPECT_EQ(refused(revise(sized(10'000, 12'000))).reason, Reason::plot_overlaps);
  PlotRevision payload = revise(sized(10'000, 9'000));
  payload.area *= 2;
  EXPECT_EQ(refused(payload).reason, Reason::plot_area_mismatch);
  payload.area = 0;
  EXPECT_EQ(refused(payload).reason, Reason::empty);
  EXPECT_EQ(refused(revise(sized(9'000, 9'000)), kCoast).reason, Reason::plot_not_own);
  payload = revise(sized(9'000, 9'000));
  payload.plot = {"desert-ngo/none"};
  EXPECT_EQ(refused(payload).reason, Reason::plot_unknown);
}

TEST_F(PlotRevisions, CountTheirOverlapsAnew) {
  field_.must(kCoast, field_.plot("new", field_.home.shifted(0, 9'960)));
  EXPECT_GT(overlap_of("coast-ngo/new"), 0u);
  EXPECT_EQ(overlap_of("coast-ngo/new"), overlap_of(kHome.text));
  field_.must(kDesert, revise(sized(10'000, 9'900)));
  EXPECT_EQ(overlap_of("coast-ngo/new"), 0u);
  EXPECT_EQ(overlap_of(kHome.text), 0u);
}

class ClosedPlots : public PlotRevisions {
 protected:
  PlotClose close() const { return {{"close"}, kHome}; }
};

TEST_F(ClosedPlots, TakeNothingNew) {
  field_.must(kDesert, close());
  EXPECT_EQ(refused(field_.pledge("promise", kHome.text, 1)).reason, Reason::plot_closed);
  const auto trees = tree_grid(field_.home, 1, 0, field_.day());
  EXPECT_EQ(refused(field_.plant("late", trees)).reason, Reason::plot_closed);
  EXPECT_EQ(refused(field_.inventory("late", trees)).reason, Reason::plot_closed);
  EXPECT_EQ(refused(revise(sized(9'000, 9'000))).reason, Reason::plot_closed);
  PlotClose again = close();
  again.ref = {"again"};
  EXPECT_EQ(refused(again).reason, Reason::plot_closed);
}

TEST_F(ClosedPlots, GiveTheirLandFreeWithTheirLastLiveTree) {
  field_.grow("grown", 3, 0);
  field_.must(kDesert, close());
  const Plot same = field_.plot("new", field_.home);
  EXPECT_EQ(refused(same, kCoast).reason, Reason::plot_overlaps);
  field_.must(kDesert,
              Mortality{{"dead"}, {"desert-ngo/grown"}, {{0, 3}}, Cause::felled, field_.day()});
  field_.must(kCoast, same);
  EXPECT_EQ(overlap_of("coast-ngo/new"), 0u);
}

TEST_F(ClosedPlots, CountNoLongerForTheirNeighbours) {
  field_.must(kCoast, field_.plot("new", field_.home.shifted(0, 9'960)));
  EXPECT_GT(overlap_of("coast-ngo/new"), 0u);
  field_.must(kDesert, close());
  EXPECT_EQ(overlap_of("coast-ngo/new"), 0u);
}

TEST_F(ClosedPlots, HaveNoOpenPledges) {
  field_.must(kDesert, field_.pledge("promise", kHome.text, 4));
  const Refusal refusal = refused(close());
  EXPECT_EQ(refusal.reason, Reason::plot_pledged);
  EXPECT_EQ(number(refusal, "pledged"), "4");
  field_.must(kDesert, PledgeRelease{{"release"}, {"desert-ngo/promise"}, 4});
  field_.must(kDesert, close());
}

}  // namespace
}  // namespace treeproof::ledger
