#include "node/import/tree_intake.h"

#include <gtest/gtest.h>

#include <sstream>

#include "node/import/id_book.h"
#include "node/import/tree_batches.h"
#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

constexpr const char* kHeader = "id,lat,lon,species,day,dbh,plot,sponsor\n";

// A square of about 700 m by 1,100 m around 10.005 E, 50.005 N.
geometry::Polygon field() {
  return {{{{500'000'000, 100'000'000},
            {500'000'000, 100'100'000},
            {500'100'000, 100'100'000},
            {500'100'000, 100'000'000},
            {500'000'000, 100'000'000}}}};
}

IntakeTerms terms() {
  IntakeTerms terms;
  terms.mapping.id = "id";
  terms.mapping.latitude = "lat";
  terms.mapping.longitude = "lon";
  terms.mapping.plot = "plot";
  terms.mapping.species.name = "species";
  terms.mapping.date =
      DateColumn{.column = "day", .format = *DayFormat::of("YYYY-MM-DD"), .unknown = {}};
  terms.mapping.size = SizeColumn{.column = "dbh", .unit = LengthUnit::inch};
  terms.registered = std::set<std::string>{"acer-rubrum", "ulmus-glabra"};
  terms.last_day = 20'000;
  return terms;
}

struct Intake {
  Refusals refusals;
  Trees trees;
};
Intake take(const std::string& rows, IntakeTerms intake_terms = terms()) {
  AreaBook areas([](const std::string& ref) -> cli::Result<std::optional<Area>> {
    if (ref != "north-field") return std::nullopt;
    return Area{geometry::PlanePolygon(field()), 0};
  });
  Intake result;
  TreeIntake intake(std::move(intake_terms), areas, result.refusals);
  std::istringstream in(kHeader + rows);
  EXPECT_TRUE(intake.read(in, "trees.csv").has_value());
  result.trees = std::move(intake).finish();
  return result;
}

std::string reason_of(const std::string& row, IntakeTerms intake_terms = terms()) {
  const Intake intake = take(row + "\n", std::move(intake_terms));
  EXPECT_EQ(intake.trees.rows, 1u);
  EXPECT_EQ(intake.trees.trees.size() + intake.refusals.count(), 1u);
  return intake.refusals.count() == 0 ? "" : intake.refusals.by_reason().begin()->first;
}

TEST(TreeIntake, TakesARow) {
  const Intake intake = take("7,50.005,10.005,ACER RUBRUM,2013-07-30,31.00,North Field,Ann\n");
  ASSERT_EQ(intake.trees.trees.size(), 1u);
  const Tree& tree = intake.trees.trees[0];
  EXPECT_EQ(tree.id, "7");
  EXPECT_EQ(tree.position, (geometry::Position{500'050'000, 100'050'000}));
  EXPECT_EQ(tree.day, 15'916);
  EXPECT_EQ(tree.size_mm, 787u);
  EXPECT_EQ(intake.trees.species[tree.species], "acer-rubrum");
  EXPECT_EQ(intake.trees.plots[tree.plot], "north-field");
}

TEST(TreeIntake, RefusesWithStableReasons) {
  const std::pair<const char*, const char*> cases[] = {
      {"7,50.005,10.005,acer rubrum,2013-07-30,1,north field", "row_malformed"},
      {",50.005,10.005,acer rubrum,2013-07-30,1,north field,", "id_missing"},
      {"7,,10.005,acer rubrum,2013-07-30,1,north field,", "position_missing"},
      {"7,0.000000,-0.0,acer rubrum,2013-07-30,1,north field,", "position_missing"},
      {"7,50.005N,10.005,acer rubrum,2013-07-30,1,north field,", "position_malformed"},
      {"7,90.0000001,10.005,acer rubrum,2013-07-30,1,north field,", "position_out_of_range"},
      {"7,50.005,10.005,,2013-07-30,1,north field,", "species_missing"},
      {"7,50.005,10.005,quercus rubra,2013-07-30,1,north field,", "species_unknown"},
      {"7,50.005,10.005,acer rubrum,2013-07-30,1,,", "plot_missing"},
      {"7,50.005,10.005,acer rubrum,2013-07-30,1,south field,", "plot_unknown"},
      {"7,50.0100001,10.005,acer rubrum,2013-07-30,1,north field,", "outside_plot"},
  };
  for (const auto& [row, reason] : cases) EXPECT_EQ(reason_of(row), reason) << row;
}

TEST(TreeIntake, NeverShowsTheCellsOfAMalformedRow) {
  const Intake intake =
      take("Main St 1,7,50.005,10.005,acer rubrum,2013-07-30,1,north field,Ann\n");
  const TestFolder folder;
  ASSERT_TRUE(intake.refusals.write(folder.path("refused.csv")).has_value());
  EXPECT_EQ(folder.read("refused.csv"), "row,id,reason\ntrees.csv:2,,row_malformed\n");
}

TEST(TreeIntake, GrowsThePlotByThePrecision) {
  IntakeTerms coarse = terms();
  coarse.precision_m = 1;
  EXPECT_EQ(reason_of("7,50.010005,10.005,acer rubrum,2013-07-30,1,north field,", coarse), "");
  EXPECT_EQ(reason_of("7,50.010020,10.005,acer rubrum,2013-07-30,1,north field,", coarse),
            "outside_plot");
}

TEST(TreeIntake, LocatesThePlotThatATreeStandsOn) {
  geometry::Polygon south = field();
  for (geometry::Position& position : south.rings[0]) position.lat_e7 -= 100'000;
  AreaBook areas(
      [&](const std::string& ref) -> cli::Result<std::optional<Area>> {
        return Area{geometry::PlanePolygon(ref == "south-field" ? south : field()), 0};
      },
      [] { return cli::Result<std::vector<std::string>>({"north-field", "south-field"}); });
  IntakeTerms located = terms();
  located.locates = true;
  Refusals refusals;
  TreeIntake intake(located, areas, refusals);
  std::istringstream in(std::string(kHeader) +
                        "1,50.005,10.005,acer rubrum,,,,Ann\n2,49.995,10.005,acer rubrum,,,,Ann\n"
                        "3,49.985,10.005,acer rubrum,,,,Ann\n4,50.0,10.005,acer rubrum,,,,Ann\n");
  ASSERT_TRUE(intake.read(in, "trees.csv").has_value());
  const Trees trees = std::move(intake).finish();
  ASSERT_EQ(trees.trees.size(), 2u);
  for (const Tree& tree : trees.trees) {
    EXPECT_EQ(trees.plots[tree.plot], tree.id == "1" ? "north-field" : "south-field");
  }
  EXPECT_EQ(refusals.count_of("outside_plot"), 2u) << "far off, and on the line between the two";
}

TEST(TreeIntake, TakesTreesOnTheOutlineOnlyWhereSomethingMayBeOff) {
  const std::string row = "7,50.005,10.010,acer rubrum,2013-07-30,1,north field,";
  IntakeTerms coarse = terms();
  coarse.precision_m = 1;
  EXPECT_EQ(reason_of(row, coarse), "");
  EXPECT_EQ(reason_of(row), "outside_plot");
}

TEST(TreeIntake, TakesTreesWithoutDaysIntoInventoriesOnly) {
  const std::pair<const char*, RowReason> cases[] = {{"", RowReason::date_missing},
                                                     {"spring", RowReason::date_malformed},
                                                     {"2018-11-25", RowReason::date_unknown},
                                                     {"2030-01-01", RowReason::date_in_future}};
  for (const auto& [day, reason] : cases) {
    IntakeTerms inventory = terms();
    inventory.mapping.date->unknown = 17'860;
    const std::string row = "7,50.005,10.005,acer rubrum," + std::string(day) + ",1,north field,\n";
    const Intake intake = take(row, inventory);
    ASSERT_EQ(intake.trees.trees.size(), 1u) << day;
    EXPECT_EQ(intake.trees.trees[0].undated, reason);
    inventory.as = ledger::BatchSource::plant;
    EXPECT_EQ(take(row, inventory).refusals.count_of(to_string(reason)), 1u) << day;
  }
}

TEST(TreeIntake, TakesUnreadableSizesAsUnknown) {
  const Intake intake = take(
      "1,50.005,10.001,acer rubrum,,thick,north field,\n"
      "2,50.005,10.002,acer rubrum,,0.00,north field,\n"
      "3,50.005,10.003,acer rubrum,,-1,north field,\n");
  EXPECT_EQ(intake.trees.trees.size(), 3u);
  EXPECT_EQ(intake.trees.unreadable_sizes, 2u);
}

TEST(TreeIntake, KeepsTheLowestIdOfAPositionAndTheFirstRowOfAnId) {
  const Intake intake = take(
      "10,50.005,10.005,acer rubrum,,1,north field,\n"
      "9,50.005,10.005,ulmus glabra,,1,north field,\n"
      "B1,50.005,10.005,ulmus glabra,,1,north field,\n"
      "9,50.006,10.006,ulmus glabra,,1,north field,\n");
  ASSERT_EQ(intake.trees.trees.size(), 1u);
  EXPECT_EQ(intake.trees.trees[0].id, "9");
  EXPECT_EQ(intake.refusals.count_of("position_repeated"), 2u);
  EXPECT_EQ(intake.refusals.count_of("id_repeated"), 1u);
}

TEST(TreeIntake, LeavesOutRowsWhereATreeOfAnotherBatchStands) {
  AreaBook areas([](const std::string&) -> cli::Result<std::optional<Area>> {
    return Area{geometry::PlanePolygon(field()), 0};
  });
  Refusals refusals;
  TreeIntake intake(terms(), areas, refusals);
  std::istringstream in(std::string(kHeader) +
                        "1,50.005,10.005,acer rubrum,,1,north field,\n"
                        "2,50.005,10.005,acer rubrum,,1,north field,\n"
                        "3,50.006,10.005,acer rubrum,,1,north field,\n"
                        "4,50.005,10.005,acer rubrum,,1,south field,\n");
  ASSERT_TRUE(intake.read(in, "trees.csv").has_value());
  EXPECT_EQ(intake.plots(), (std::vector<std::string>{"north-field", "south-field"}));
  const Trees trees =
      std::move(intake).finish({{"north-field", {{500'050'000, 100'050'000}}}, {"east-field", {}}});
  ASSERT_EQ(trees.trees.size(), 2u);
  EXPECT_EQ(trees.trees[0].id, "3");
  EXPECT_EQ(trees.trees[1].id, "4");
  EXPECT_EQ(refusals.count_of("position_taken"), 2u);
  EXPECT_EQ(refusals.count(), 2u);
}

TEST(TreeIntake, RefusesFilesWithoutTheMappedColumns) {
  AreaBook areas([](const std::string&) { return cli::Result<std::optional<Area>>(std::nullopt); });
  Refusals refusals;
  TreeIntake intake(terms(), areas, refusals);
  std::istringstream in("id,lat\n1,2\n");
  EXPECT_FALSE(intake.read(in, "trees.csv").has_value());
}

constexpr const char* kThreeTrees =
    "1,50.005,10.001,ulmus glabra,2013-07-30,1,north field,\n"
    "2,50.004,10.002,acer rubrum,,2,north field,\n"
    "3,50.003,10.003,ulmus glabra,2012-07-30,3,north field,\n";
constexpr const char* kThreeTreesInAnotherOrder =
    "3,50.003,10.003,ulmus glabra,2012-07-30,3,north field,\n"
    "1,50.005,10.001,ulmus glabra,2013-07-30,1,north field,\n"
    "2,50.004,10.002,acer rubrum,,2,north field,\n";

TEST(TreeBatches, AreTheSameFromAnyOrderOfRows) {
  const auto first = batches_of(take(kThreeTrees).trees, {});
  const auto second = batches_of(take(kThreeTreesInAnotherOrder).trees, {});
  ASSERT_TRUE(first.has_value() && second.has_value());
  ASSERT_EQ(first->size(), 1u);
  EXPECT_EQ(payload_of(first->front(), {}, "city"), payload_of(second->front(), {}, "city"));
}

TEST(TreeBatches, AreKnownByTheirRefs) {
  EXPECT_TRUE(is_batch_ref("trees-park", "trees", "park"));
  EXPECT_TRUE(is_batch_ref("trees-park-2", "trees", "park"));
  EXPECT_TRUE(is_batch_ref("trees-park-2", "trees", "park-2"));
  for (const char* ref : {"trees-park-1", "trees-park-02", "trees-park-x", "trees-park-", "trees",
                          "more-park", "trees-park-2-3", ""}) {
    EXPECT_FALSE(is_batch_ref(ref, "trees", "park")) << ref;
  }
}

TEST(TreeBatches, SayWhatTheLeavesHold) {
  const auto batches = batches_of(take(kThreeTrees).trees, {});
  ASSERT_TRUE(batches.has_value());
  const auto payload = payload_of(batches->front(), {}, "city");
  const auto& inventory = std::get<ledger::Inventory>(payload);
  EXPECT_EQ(inventory.ref.text, "trees-north-field");
  EXPECT_EQ(inventory.plot->text, "city/north-field");
  ASSERT_EQ(inventory.species.size(), 2u);
  EXPECT_EQ(inventory.species[0], (ledger::SpeciesCount{{"acer-rubrum"}, 1}));
  EXPECT_EQ(inventory.species[1], (ledger::SpeciesCount{{"ulmus-glabra"}, 2}));
  const auto& columns = batches->front().leaves->trees();
  ASSERT_TRUE(columns.has_value());
  EXPECT_FALSE(columns->descending.has_value());
  EXPECT_EQ(columns->species_counts, (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(columns->undated_count, 1u);
}

TEST(TreeBatches, NameThePlantingDaysOfAPlanting) {
  IntakeTerms plant = terms();
  plant.as = ledger::BatchSource::plant;
  const auto batches = batches_of(take(kThreeTrees, plant).trees, {});
  ASSERT_TRUE(batches.has_value());
  BatchTerms batch_terms;
  batch_terms.as = ledger::BatchSource::plant;
  const auto payload = payload_of(batches->front(), batch_terms, "city");
  const auto& planting = std::get<ledger::Plant>(payload);
  EXPECT_EQ(planting.planted_from, 15'551);
  EXPECT_EQ(planting.planted_to, 15'916);
}

TEST(TreeBatches, AreSplitAtTheLimits) {
  Trees trees;
  trees.plots = {"field"};
  for (std::uint32_t i = 0; i <= kSpeciesPerStatementMax; ++i) {
    trees.species.push_back("species-" + std::to_string(i));
    Tree tree;
    tree.position = {static_cast<std::int32_t>(i), 0};
    tree.species = i;
    trees.trees.push_back(tree);
  }
  const auto batches = batches_of(trees, {});
  ASSERT_TRUE(batches.has_value());
  ASSERT_EQ(batches->size(), 2u);
  EXPECT_EQ((*batches)[0].size(), kSpeciesPerStatementMax);
  EXPECT_EQ((*batches)[0].ref, "trees-field");
  EXPECT_EQ((*batches)[1].ref, "trees-field-2");
}

TEST(IdBook, SaysWhichTreeEachIdIs) {
  const Intake intake = take(
      "8,50.005,10.002,acer rubrum,,,north field,Ann\n"
      "\"7,b\",50.005,10.001,acer rubrum,,,north field,Ann\n");
  const auto batches = batches_of(intake.trees, {});
  ASSERT_TRUE(batches.has_value());
  const TestFolder folder;
  ASSERT_TRUE(write_id_book(folder.path("book.csv"), *batches, "city").has_value());
  EXPECT_EQ(folder.read("book.csv"),
            "id,tree\n\"7,b\",city/trees-north-field#0\n8,city/trees-north-field#1\n");
  const auto book = read_id_books({folder.path("book.csv")});
  ASSERT_TRUE(book.has_value());
  EXPECT_EQ(book->at("7,b"), (TreeName{"city/trees-north-field", 0}));
}

}  // namespace
}  // namespace treeproof::import
