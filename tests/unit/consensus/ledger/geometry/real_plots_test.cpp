// Surveyed polygons and trees, read where $TREEPROOF_DATA or ../shared/data has them.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "tests/unit/consensus/ledger/geometry/oracles.h"
#include "tests/unit/consensus/ledger/geometry/shapes.h"

namespace treeproof::geometry {
namespace {

constexpr const char* kAreas = "vancouver-street-trees/vancouver_local_areas.geojson";
constexpr const char* kWhisp = "whisp-example-plots/whisp_example_polys.geojson";

double as_double(std::uint64_t value) { return static_cast<double>(value); }

void expect_accepted(const std::vector<NamedPolygon>& plots) {
  for (const auto& [name, plot] : plots) {
    const auto area = check(plot);
    ASSERT_TRUE(area) << name << ": " << to_string(area.error());
    EXPECT_TRUE(geos_is_valid(plot)) << name;
    EXPECT_NEAR(as_double(area->square_metres), s2_area_m2(plot),
                1 + as_double(area->square_metres) * 1e-4)
        << name;
  }
}

TEST(RealPlots, VancouverAreasAreAccepted) {
  const auto file = data_file(kAreas);
  if (!file) {
    GTEST_SKIP() << kAreas << " is absent";
  }
  const auto plots = read_geojson(*file);
  EXPECT_EQ(plots.size(), 22u);
  expect_accepted(plots);
}

TEST(RealPlots, TenVancouverNeighboursOverlapBySlivers) {
  const auto file = data_file(kAreas);
  if (!file) {
    GTEST_SKIP() << kAreas << " is absent";
  }
  const auto plots = read_geojson(*file);
  int pairs = 0;
  double worst = 0;
  for (std::size_t i = 0; i < plots.size(); ++i) {
    for (std::size_t j = i + 1; j < plots.size(); ++j) {
      const Polygon& left = plots[i].polygon;
      const Polygon& right = plots[j].polygon;
      const double common = as_double(overlap_area_m2(left, right));
      EXPECT_NEAR(common, geos_overlap_m2(left, right), 0.51) << plots[i].name << plots[j].name;
      pairs += common > 0;
      worst = std::max(worst, common / as_double(std::min(area_m2(left), area_m2(right))));
    }
  }
  EXPECT_EQ(pairs, 10);
  EXPECT_NEAR(worst, 0.00147, 0.00001);
}

TEST(RealPlots, WhispPlotsAreAcceptedAndDoNotOverlap) {
  const auto file = data_file(kWhisp);
  if (!file) {
    GTEST_SKIP() << kWhisp << " is absent";
  }
  const auto plots = read_geojson(*file);
  EXPECT_GE(plots.size(), 50u);
  expect_accepted(plots);
  for (std::size_t i = 0; i < plots.size(); ++i) {
    for (std::size_t j = i + 1; j < plots.size(); ++j) {
      EXPECT_EQ(overlap_area_m2(plots[i].polygon, plots[j].polygon), 0u);
    }
  }
}

TEST(RealPlots, KitsilanoTreesStandInKitsilano) {
  const auto areas = data_file(kAreas);
  const auto trees = data_file("vancouver-street-trees/StreetTrees_Kitsilano.csv");
  if (!areas || !trees) {
    GTEST_SKIP() << "the street trees of Vancouver are absent";
  }
  const auto plots = read_geojson(*areas);
  const auto kitsilano = std::ranges::find(plots, "Kitsilano", &NamedPolygon::name);
  ASSERT_NE(kitsilano, plots.end());
  const PlanePolygon plane(kitsilano->polygon);
  const auto positions = read_street_trees(*trees);
  ASSERT_GT(positions.size(), 5'000u);
  std::size_t inside = 0;
  std::size_t grown = 0;
  for (const Position& position : positions) {
    inside += contains(plane, position);
    grown += within_grown(plane, position, 30);
  }
  EXPECT_GT(as_double(inside), as_double(positions.size()) * 0.98);
  EXPECT_GE(grown, inside);
}

}  // namespace
}  // namespace treeproof::geometry
