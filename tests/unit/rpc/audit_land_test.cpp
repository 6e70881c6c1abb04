// audit_overlaps and audit_density: land, measured and counted again; plot_overlaps tells of one.
#include <gtest/gtest.h>

#include "consensus/ledger/lookups.h"
#include "consensus/ledger/plot_overlaps.h"
#include "tests/unit/rpc/grove.h"
#include "tests/unit/rpc/methods_fixture.h"
#include "tests/unit/rpc/report_rows.h"

namespace treeproof::rpc {
namespace {

class LandAudits : public testing::Test {
 protected:
  LandAudits() { play_season(chain_); }

  // A plot as large as home, 0.4 % of it on home's land.
  void add_neighbour() {
    chain_.must("coast-ngo", square_plot(chain_, "next", {400'000'000, 1'000'009'960}, 10));
  }
  AuditReport overlaps() { return audit_overlaps(*chain_.latest(), chain_.latest()->height(), {}); }
  AuditReport density(const AuditScope& scope = {}) {
    return audit_density(*chain_.latest(), chain_.latest()->height(), scope);
  }
  void forge_home(const std::function<void(ledger::PlotObject&)>& change) {
    auto plot = ledger::find<ledger::PlotObject>(*chain_.latest(), {std::string(kHome)});
    change(*plot);
    chain_.forge({"object", std::string(kHome)}, ledger::encode(*plot));
  }

  TestChain chain_;
};

TEST_F(LandAudits, MeasureWhatTwoPlotsShare) {
  EXPECT_TRUE(overlaps().rows.empty());
  add_neighbour();
  const AuditReport report = overlaps();
  EXPECT_TRUE(report.findings.empty());
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_EQ(cells(report, {}, {"layer", "holds"}), "canopy true");
  EXPECT_EQ(cell(report, {}, "noted_m2"), cell(report, {}, "measured_m2"));
  const std::uint64_t shared = std::stoull(cell(report, {}, "measured_m2"));
  const std::uint64_t area = std::stoull(cell(report, {}, "area_m2"));
  EXPECT_NEAR(static_cast<double>(shared), static_cast<double>(area) * 0.004, 1.0);
}

TEST_F(LandAudits, FindAnOverlapThatWasNotNoted) {
  add_neighbour();
  const ChainViewPtr view = chain_.latest();
  ledger::State state = ledger::State::over(*view);
  ledger::note_overlaps(state, {"coast-ngo/next"}, {});
  for (const auto& [key, value] : state.changes().objects) chain_.forge(key, *value);
  const AuditReport report = overlaps();
  EXPECT_EQ(count(report, "overlap_differs"), 1u);
  EXPECT_EQ(cells(report, {}, {"noted_m2", "holds"}), "0 false");
}

TEST_F(LandAudits, FindAnOverlapAboveTheLimit) {
  add_neighbour();
  ledger::Parameters parameters = ledger::parameters_of(*chain_.latest());
  parameters.overlap_pair_max_ppm = 3'000;
  parameters.overlap_sum_max_ppm = 3'000;
  chain_.forge({"parameters", "current"}, ledger::encode(parameters));
  EXPECT_EQ(count(overlaps(), "overlap_above_limit"), 1u);
  EXPECT_EQ(count(overlaps(), "overlaps_above_limit"), 2u);  // of each of the two
}

TEST_F(LandAudits, AreToldOfOnePlotAgainstTheLimits) {
  Caller caller(chain_);
  const Json at{{"plot", kHome}, {"at", std::to_string(chain_.latest()->height().value)}};
  const Json alone = caller.result("plot_overlaps", at);
  expect_promised("plot_overlaps", alone);
  EXPECT_EQ(alone["items"], Json::array());
  EXPECT_EQ(alone["shared_m2"], "0");
  add_neighbour();
  EXPECT_EQ(caller.result("plot_overlaps", at), alone);  // as it was
  const AuditReport report = overlaps();
  const std::string shared = cell(report, {}, "measured_m2");
  for (const auto& [plot, other] : {std::pair("desert-ngo/home", "coast-ngo/next"),
                                    std::pair("coast-ngo/next", "desert-ngo/home")}) {
    const Json answer = caller.result("plot_overlaps", {{"plot", plot}});
    expect_promised("plot_overlaps", answer);
    ASSERT_EQ(answer["items"].size(), 1u);
    EXPECT_EQ(answer["items"][0]["plot"], other);
    EXPECT_EQ(answer["items"][0]["shared_m2"], shared);
    EXPECT_EQ(answer["items"][0]["ppm_of_smaller"], cell(report, {}, "ppm_of_smaller"));
    EXPECT_EQ(answer["shared_m2"], shared);
    EXPECT_NEAR(std::stoi(answer["ppm_of_plot"].get<std::string>()), 4'000, 40);
    EXPECT_EQ(answer["pair_max_ppm"], "5000");
    EXPECT_EQ(answer["sum_max_ppm"], "10000");
  }
  chain_.must("coast-ngo", ledger::PlotClose{{"close"}, {"coast-ngo/next"}});
  for (const char* plot : {"desert-ngo/home", "coast-ngo/next"}) {
    EXPECT_EQ(caller.result("plot_overlaps", {{"plot", plot}})["shared_m2"], "0") << plot;
  }
  EXPECT_EQ(caller.error("plot_overlaps", {{"plot", "desert-ngo/none"}})["code"], -32001);
}

TEST_F(LandAudits, CountWhatStandsOnAPlot) {
  const AuditReport report = density();
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(cells(report, {}, {"plot", "live", "capacity", "pledged", "close_pairs", "holds"}),
            "desert-ngo/home 100 5000 200 0 true");
  const std::uint64_t area = std::stoull(cell(report, {}, "area_m2"));
  EXPECT_EQ(cell(report, {}, "stems_per_ha"), std::to_string(100 * 10'000 / area));
}

TEST_F(LandAudits, FlagTreesThatStandCloserThanAMetre) {
  plant_more(chain_, {.ref = "close", .row = 10, .north_e7 = 50});
  EXPECT_EQ(cell(density(), {}, "close_pairs"), "10");
  let_die(chain_, "gone", "desert-ngo/close", {{0, 4}});
  EXPECT_EQ(cell(density(), {}, "close_pairs"), "6");
  EXPECT_EQ(cell(density({.trees_compared_max = 100}), {}, "close_pairs"), "null");
}

// The bands in which trees are looked for are not theirs to be hidden between.
TEST_F(LandAudits, FlagCloseTreesWhereverTheyStand) {
  for (std::int32_t i = 0; i < 8; ++i) {
    plant_more(chain_, {"row" + std::to_string(i), 12 + i, std::nullopt, {}, 0});
    plant_more(chain_, {"near" + std::to_string(i), 12 + i, std::nullopt, {}, 10 + 11 * i});
  }
  // Rows of 0.1 to 0.97 m; none of them has neighbours along the row.
  EXPECT_EQ(cell(density(), {}, "close_pairs"), "80");
}

TEST_F(LandAudits, FindAPlotThatCountsWrongly) {
  forge_home([](auto& plot) { plot.live = 101; });
  EXPECT_EQ(count(density(), "live_differs"), 1u);
  forge_home([](auto& plot) { plot.payload.capacity = 100; });
  EXPECT_EQ(count(density(), "live_above_capacity"), 1u);
  forge_home([](auto& plot) { plot.area_m2 = 10; });
  EXPECT_EQ(count(density(), "density_exceeded"), 1u);
}

}  // namespace
}  // namespace treeproof::rpc
