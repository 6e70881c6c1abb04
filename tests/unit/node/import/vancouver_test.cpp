// The street trees of Vancouver, planned without a node: every row is accounted for.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "node/import/plots_command.h"
#include "node/import/species_command.h"
#include "node/import/trees_command.h"
#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

using rpc::Json;

std::filesystem::path city() { return data_folder() / "vancouver-street-trees"; }

std::vector<std::string> tree_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(city())) {
    if (entry.path().extension() == ".csv") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

template <class Options>
Json json_of(cli::ExitCode (*command)(const Options&, cli::Console&), const Options& options) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cli::Console console(in, out, err, false);
  console.set_format(cli::Format::json);
  EXPECT_EQ(command(options, console), cli::ExitCode::ok) << err.str();
  return Json::parse(out.str());
}

class Vancouver : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(city())) {
      GTEST_SKIP() << "no street trees below " << data_folder() << "; set TREEPROOF_DATA";
    }
  }
  TreesOptions plan() const {
    TreesOptions options;
    options.files = tree_files();
    options.map = folder_.write("vancouver.toml", kStreetTreesMapping);
    options.skip_day = "2018-11-25";
    options.refused = folder_.path("refused.csv");
    options.plan = true;
    options.areas = (city() / "vancouver_local_areas.geojson").string();
    options.species = {(data_folder() / "species-derived/vancouver_species.csv").string()};
    return options;
  }
  TestFolder folder_;
};

TEST_F(Vancouver, EveryRowIsAccountedFor) {
  const Json plan_json = json_of(import_trees, plan());
  EXPECT_EQ(plan_json["rows"], 144'815);
  EXPECT_EQ(plan_json["refused_by_reason"],
            (Json{{"outside_plot", 515}, {"position_missing", 20'922}, {"position_repeated", 26}}));
  EXPECT_EQ(plan_json["accepted"], 123'378 - 26);
  EXPECT_EQ(plan_json["statements"].size(), 22u);
  std::uint64_t trees = 0;
  for (const Json& batch : plan_json["statements"]) {
    EXPECT_EQ(batch["state"], "planned");
    trees += std::stoull(batch["trees"].get<std::string>());
  }
  EXPECT_EQ(trees, 123'352u);
}

TEST_F(Vancouver, TreesWithTheDownloadDayAreUndated) {
  const Json plan_json = json_of(import_trees, plan());
  EXPECT_EQ(plan_json["undated_date_unknown"], 69'405);
}

TEST_F(Vancouver, RefusedRowsAreListedWithNothingElse) {
  json_of(import_trees, plan());
  std::istringstream refused(folder_.read("refused.csv"));
  std::string line;
  std::getline(refused, line);
  EXPECT_EQ(line, "row,id,reason");
  std::size_t count = 0;
  while (std::getline(refused, line)) {
    ++count;
    ASSERT_EQ(std::ranges::count(line, ','), 2) << line;
  }
  EXPECT_EQ(count, 20'922u + 515u + 26u);
}

TEST_F(Vancouver, ThePlanIsTheSameAgain) {
  EXPECT_EQ(json_of(import_trees, plan()), json_of(import_trees, plan()));
}

TEST_F(Vancouver, AllAreasAreGoodOutlines) {
  PlotsOptions options;
  options.file = (city() / "vancouver_local_areas.geojson").string();
  options.country = "CA";
  options.capacity = 20'000;
  options.plan = true;
  const Json plots = json_of(import_plots, options);
  EXPECT_EQ(plots["good"], 22);
  EXPECT_EQ(plots["refused"], 0);
}

TEST_F(Vancouver, SpeciesOfTheTreesAreThoseOfTheList) {
  SpeciesOptions of_list;
  of_list.files = {(data_folder() / "species-derived/vancouver_species.csv").string()};
  SpeciesOptions of_trees;
  of_trees.files = tree_files();
  of_trees.map = folder_.write("vancouver.toml", kStreetTreesMapping);
  const Json list = json_of(import_species, of_list);
  const Json trees = json_of(import_species, of_trees);
  EXPECT_EQ(list["species"], 358);
  EXPECT_EQ(list["statements"], trees["statements"]);
}

}  // namespace
}  // namespace treeproof::import
