// The example plots of WHISP on four real nodes: MultiPolygons of many regions, none refused.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/system/import_season.h"

namespace treeproof::system_test {
namespace {

class WhispPlots : public ImportSeason {};

TEST_F(WhispPlots, AllRegisterWithoutAFalseRefusal) {
  if (IsSkipped()) return;
  const char* named = std::getenv("TREEPROOF_DATA");
  const auto data = std::filesystem::absolute(named != nullptr ? named : "../shared/data");
  const auto file = data / "whisp-example-plots/whisp_example_polys.geojson";
  if (!std::filesystem::exists(file)) {
    GTEST_SKIP() << "no example plots below " << data << "; set TREEPROOF_DATA";
  }
  const std::string plots = succeed("treeproof import plots " + quoted(file.string()) +
                                    " --name-property user_id --country CI --capacity 1000"
                                    " --key city/work.key --confirm verifier/work.key");
  EXPECT_EQ(figure(plots, "outlines"), 50u);
  EXPECT_EQ(figure(plots, "good"), 50u);
  EXPECT_EQ(figure(plots, "refused"), 0u);
  const rpc::Json registered = call("plot_list", {{"limit", 500}}).at("items");
  EXPECT_EQ(registered.size(), 50u);
  std::size_t large = 0;
  for (const rpc::Json& plot : registered) {
    const auto area = plot.at("object").at("payload").at("area").get<std::string>();
    if (std::stoull(area) > 10'000'000) ++large;
  }
  EXPECT_EQ(large, 2u) << "two are above 1,000 ha";
  expect_a_clean_audit();
}

}  // namespace
}  // namespace treeproof::system_test
