// The example plots of WHISP: MultiPolygons of 15 digits from many regions, none refused.
#include <gtest/gtest.h>

#include <set>

#include "node/import/outlines.h"
#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

TEST(WhispPlots, RegisterWithoutAFalseRefusal) {
  const auto file = data_folder() / "whisp-example-plots/whisp_example_polys.geojson";
  if (!std::filesystem::exists(file)) {
    GTEST_SKIP() << "no example plots below " << data_folder() << "; set TREEPROOF_DATA";
  }
  const auto outlines = read_outlines(file, {.name = "user_id"});
  ASSERT_TRUE(outlines.has_value());
  EXPECT_EQ(outlines->size(), 50u);
  Repairs repairs;
  std::set<std::string> refs;
  for (const Outline& outline : *outlines) {
    EXPECT_EQ(outline.reason, "") << outline.ref;
    EXPECT_GT(outline.area_m2, 1'000u) << outline.ref;
    EXPECT_LE(outline.area_m2, 20'000'000u) << outline.ref;
    EXPECT_LE(outline.vertex_count(), 649u) << outline.ref;
    refs.insert(outline.ref);
    repairs += outline.repairs;
  }
  EXPECT_EQ(refs.size(), 50u);
  EXPECT_GT(repairs.rounded_positions, 0u);
  EXPECT_GT(repairs.rewound_rings, 0u);
}

}  // namespace
}  // namespace treeproof::import
