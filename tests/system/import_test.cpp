// Trees that stood before, from a city's files to certificates: docs/importing.md played by four
// real nodes, with a small file that has something wrong in every way, and with Vancouver's.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/system/import_season.h"

namespace treeproof::system_test {
namespace {

constexpr const char* kMapping = R"(id = "TREE_ID"
latitude = "LATITUDE"
longitude = "LONGITUDE"
plot = "NEIGHBOURHOOD_NAME"

[species]
genus = "GENUS_NAME"
epithet = "SPECIES_NAME"

[date]
column = "DATE_PLANTED"
format = "YYYYMMDD"
unknown = "2018-11-25"

[size]
column = "DIAMETER"
unit = "inch"
)";

// Two squares of some 700 m that share a side at 49.24 N; the second runs against the rule.
constexpr const char* kAreas = R"({"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "North Park", "steward": "Wilhelmina Quartermain"},
  "geometry": {"type": "Polygon", "coordinates": [[[-123.16, 49.24], [-123.15, 49.24],
    [-123.15, 49.246], [-123.16, 49.246], [-123.16, 49.24]]]}},
 {"type": "Feature", "properties": {"name": "SOUTH MEADOW", "steward": "Wilhelmina Quartermain"},
  "geometry": {"type": "Polygon", "coordinates": [[[-123.16, 49.24], [-123.15, 49.24],
    [-123.15, 49.234], [-123.16, 49.234], [-123.16, 49.24]]]}}]})";

// What stands in columns that the mapping does not name, and what orders the rows only.
const std::vector<std::string> kPersonal{"Quartermain", "Nightingale", "555-0142", "steward"};
const std::string kIdStem = "kataster-";

// One city file in the making, row by row.
class TreeFile {
 public:
  struct Row {
    unsigned id = 0;
    std::string latitude;
    std::string longitude;
    std::string area;
    std::string genus = "ACER";
    std::string epithet = "FREEMANI   X";
    std::string date = "20010917";
  };
  void add(const Row& row) {
    std::string id = std::to_string(row.id);
    id = kIdStem + std::string(4 - id.size(), '0') + id;
    text_ += id + ",\"Quartermain, Wilhelmina\nor heirs\"," + row.latitude + "," + row.longitude +
             "," + row.area + "," + row.genus + "," + row.epithet + "," + row.date +
             ",7.5,17 Nightingale Crescent,604 555-0142\r\n";
  }
  void add_malformed() { text_ += kIdStem + "9999,Quartermain,17 Nightingale Crescent\r\n"; }
  const std::string& text() const { return text_; }

 private:
  std::string text_ =
      "TREE_ID,OWNER,LATITUDE,LONGITUDE,NEIGHBOURHOOD_NAME,GENUS_NAME,SPECIES_NAME,"
      "DATE_PLANTED,DIAMETER,ADDRESS,PHONE\r\n";
};

// Latitude 49.24 plus, and longitude 123.16 W minus, so many 1e-5 degrees.
std::string latitude(int above) { return "49." + std::to_string(24'000 + above); }
std::string longitude(int east) { return "-123." + std::to_string(16'000 - east); }

// 150 trees that can be taken: 50 with the day of the download, 5 without any.
TreeFile good_trees(const std::string& area, unsigned first_id, int south_edge) {
  TreeFile file;
  for (int i = 0; i < 150; ++i) {
    TreeFile::Row row{first_id + static_cast<unsigned>(i),
                      latitude(south_edge + 50 + 50 * (i / 15)), longitude(50 + 60 * (i % 15)),
                      area};
    if (i % 2 == 1) row.genus = "PRUNUS", row.epithet = "SERRULATA";
    if (i % 3 == 0) row.date = "20181125";
    if (i % 30 == 1) row.date = "";
    file.add(row);
  }
  return file;
}

void add_what_is_refused(TreeFile& file) {
  for (unsigned i = 0; i < 11; ++i) file.add({400 + i, "0.0", "0.0", "NORTH PARK"});
  file.add({411, "", "", "NORTH PARK"});
  for (unsigned i = 0; i < 7; ++i) {  // these stand in the meadow
    file.add({420 + i, latitude(-100), longitude(75 + static_cast<int>(i)), "NORTH PARK"});
  }
  file.add({430, latitude(0), longitude(75), "NORTH PARK"});  // on the very outline
  for (unsigned i = 0; i < 5; ++i) {
    file.add({440 + i, latitude(50), longitude(50 + 60 * static_cast<int>(i)), "NORTH PARK"});
  }
  for (unsigned i = 0; i < 3; ++i) {  // ids of trees further up
    file.add({1 + i, latitude(75), longitude(75 + static_cast<int>(i)), "NORTH PARK"});
  }
  file.add({450, latitude(75), longitude(95), "East Side"});
  file.add({451, latitude(75), longitude(96), "NORTH PARK", "", ""});
  file.add_malformed();
  file.add_malformed();
}

class SmallCity : public ImportSeason {
 protected:
  void SetUp() override {
    ImportSeason::SetUp();
    if (IsSkipped()) return;
    TreeFile north = good_trees("North Park", 1, 0);
    add_what_is_refused(north);
    write_whole(at("north trees.csv"), north.text());
    write_whole(at("south trees.csv"), good_trees("South Meadow", 201, -600).text());
    write_whole(at("areas.geojson"), kAreas);
    write_whole(at("city.toml"), kMapping);
  }

  // Attachments are compressed on disk, so they are looked at as they are served.
  void expect_attachments_of_numbers_only() {
    const rpc::Json batches = ask("treeproof import trees " + input_.trees +
                                  " --map city.toml --campaign platform/street-trees"
                                  " --key city/work.key");
    ASSERT_EQ(batches.at("statements").size(), 2u);
    for (const rpc::Json& batch : batches.at("statements")) {
      const std::string bytes = attachment(batch.at("root").get<std::string>());
      EXPECT_GT(bytes.size(), 150u);
      for (const std::string& word : kPersonal) EXPECT_EQ(bytes.find(word), std::string::npos);
      EXPECT_EQ(bytes.find(kIdStem), std::string::npos);
    }
  }
  void expect_no_personal_data() {
    for (const std::string& word : kPersonal) {
      EXPECT_EQ(transcript().find(word), std::string::npos) << word << " was printed";
      EXPECT_EQ(read_whole(at("refused.csv")).find(word), std::string::npos) << word;
    }
    bool is_the_search_able_to_find = false;
    for (const auto& [org, roles] : kRoles) {
      for (const auto& file : files_below(at(org))) {
        const std::string bytes = read_whole(file);
        is_the_search_able_to_find |= bytes.find("trees-north-park") != std::string::npos;
        for (const std::string& word : kPersonal) {
          EXPECT_EQ(bytes.find(word), std::string::npos) << word << " stands in " << file;
        }
        EXPECT_EQ(bytes.find(kIdStem), std::string::npos) << "an id stands in " << file;
        EXPECT_EQ(bytes.find(kUserStem), std::string::npos) << "a user stands in " << file;
      }
    }
    EXPECT_TRUE(is_the_search_able_to_find);
  }

  const Input input_{"'north trees.csv' 'south trees.csv'", "areas.geojson", "city.toml", 200};
};

void expect_tables_of_small_city(const std::string& trees) {
  EXPECT_EQ(figure(trees, "rows"), 332u);
  EXPECT_EQ(figure(trees, "accepted"), 300u);
  EXPECT_EQ(figure(trees, "undated_date_unknown"), 100u);
  EXPECT_EQ(figure(trees, "undated_date_missing"), 10u);
  EXPECT_EQ(figure(trees, "refused"), 32u);
  EXPECT_EQ(figure(trees, "position_missing"), 12u);
  EXPECT_EQ(figure(trees, "outside_plot"), 8u);
  EXPECT_EQ(figure(trees, "position_repeated"), 5u);
  EXPECT_EQ(figure(trees, "id_repeated"), 3u);
  EXPECT_EQ(figure(trees, "row_malformed"), 2u);
  EXPECT_EQ(figure(trees, "plot_unknown"), 1u);
  EXPECT_EQ(figure(trees, "species_missing"), 1u);
}

TEST_F(SmallCity, PlaysItsSeasonByTheDocumentedCommands) {
  const std::string species = import_species(input_);
  EXPECT_EQ(figure(species, "rows"), 332u);
  EXPECT_EQ(figure(species, "species"), 2u);
  EXPECT_EQ(figure(species, "refused"), 3u);
  open_campaign();
  const std::string plots = import_plots(input_);
  EXPECT_EQ(figure(plots, "outlines"), 2u);
  EXPECT_EQ(figure(plots, "good"), 2u);
  EXPECT_EQ(figure(plots, "rings_rewound"), 1u);
  ASSERT_FALSE(HasFailure());

  const std::string trees = import_trees(input_);
  expect_tables_of_small_city(trees);
  EXPECT_NE(trees.find("trees-north-park "), std::string::npos) << trees;
  EXPECT_NE(trees.find("trees-south-meadow "), std::string::npos) << trees;
  issue_points(input_);
  verify_batches(input_);
  redeem(input_);
  ASSERT_FALSE(HasFailure());

  EXPECT_EQ(allocate(), 200u);
  prove_random_trees(input_, 10);
  expect_status_after_a_refresh("tree-0.treecert");
  EXPECT_EQ(run("treeproof certificate get 'city/trees-south-meadow#149'").exit_code, 1)
      << "200 of 300 trees were given away, in the order of their batches";
  expect_a_clean_audit();
  expect_the_same_roots_everywhere();
  expect_attachments_of_numbers_only();
  stop_nodes();
  expect_no_personal_data();
}

TEST_F(SmallCity, AnImportThatIsRepeatedRecordsNothingNew) {
  import_species(input_);
  open_campaign();
  import_plots(input_);
  const std::string first = import_trees(input_);
  ASSERT_FALSE(HasFailure());
  const auto log_size = [&] { return ask("treeproof status").at("log_size"); };
  const rpc::Json before = log_size();
  import_species(input_);
  import_plots(input_);
  const std::string again = import_trees(input_);
  EXPECT_EQ(log_size(), before);
  expect_tables_of_small_city(again);
  EXPECT_NE(again.find("was recorded at"), std::string::npos) << again;
  EXPECT_EQ(first.find("was recorded at"), std::string::npos) << first;

  // Other trees under refs that are taken: refused by name, and nothing is recorded.
  const auto other =
      run("treeproof import trees 'south trees.csv' --map city.toml --ref trees"
          " --precision 5 --campaign platform/street-trees --key city/work.key");
  EXPECT_EQ(other.exit_code, 1) << other.out << other.err;
  EXPECT_NE(other.out.find("ref_reused"), std::string::npos) << other.out << other.err;
  EXPECT_EQ(log_size(), before);
}

// A row where a tree of another batch lives is named; the others are recorded, and found again.
TEST_F(SmallCity, LeavesOutTheRowWhosePlaceIsTakenAndTakesTheOthers) {
  import_species(input_);
  open_campaign();
  import_plots(input_);
  import_trees(input_);
  ASSERT_FALSE(HasFailure());
  TreeFile more;
  more.add({500, latitude(50), longitude(50), "North Park"});  // city/trees-north-park#0
  more.add({501, latitude(75), longitude(77), "North Park"});
  more.add({502, latitude(75), longitude(78), "North Park"});
  write_whole(at("more trees.csv"), more.text());
  const std::string line =
      "treeproof import trees 'more trees.csv' --map city.toml --campaign platform/street-trees"
      " --key city/work.key --refused refused.csv --ref ";
  const auto log_size = [&] { return ask("treeproof status").at("log_size"); };
  const auto expect_two_taken = [&](const std::string& table, const std::string& standing) {
    EXPECT_EQ(figure(table, "accepted"), 2u);
    EXPECT_EQ(figure(table, "position_taken"), 1u);
    EXPECT_NE(table.find(standing), std::string::npos) << table;
  };
  expect_two_taken(succeed(line + "more --plan"), "planned");
  expect_two_taken(succeed(line + "more"), "recorded at");
  EXPECT_EQ(read_whole(at("refused.csv")),
            "row,id,reason\nmore trees.csv:2," + kIdStem + "0500,position_taken\n");
  const rpc::Json before = log_size();
  expect_two_taken(succeed(line + "more"), "was recorded at");
  EXPECT_EQ(log_size(), before);

  // The tree is felled and its place planted anew: the first file's batch is found as it was.
  record("felled",
         {{"type", "mortality"},
          {"ref", "felled-1"},
          {"plant", "city/trees-north-park"},
          {"ranges", {{{"from", 0}, {"count", 1}}}},
          {"cause", "felled"},
          {"day", 17'000}},
         "city/work.key");
  TreeFile anew;
  anew.add({503, latitude(50), longitude(50), "North Park"});
  write_whole(at("more trees.csv"), anew.text());
  EXPECT_EQ(figure(succeed(line + "anew"), "accepted"), 1u);
  const rpc::Json planted = log_size();
  const std::string again = import_trees(input_);
  expect_tables_of_small_city(again);
  EXPECT_NE(again.find("was recorded at"), std::string::npos) << again;
  EXPECT_EQ(log_size(), planted);
}

TEST_F(SmallCity, RedeemsTheOrdersOfItsBooksOnce) {
  import_species(input_);
  open_campaign();
  import_plots(input_);
  import_trees(input_);
  issue_points(input_);
  verify_batches(input_);
  ASSERT_FALSE(HasFailure());
  const std::string head = "order,holder,amount,phone\n";
  const std::string orders =
      "A-1," + kUserStem + "ann,3,555-0142\nA-2," + kUserStem + "bob,1,555-0142\nA-3,,1,555-0142\n";
  write_whole(at("orders.csv"), head + orders);
  write_whole(at("orders.toml"), "id = \"order\"\nuser = \"holder\"\nunits = \"amount\"\n");
  succeed("treeproof vault key --out vault.key");
  const std::string line =
      "treeproof import redemptions orders.csv --map orders.toml"
      " --campaign platform/street-trees --programme platform/green-energy"
      " --refused orders-refused.csv";
  const std::string sealed = line + " --vault vault --vault-key vault.key --key platform/work.key";
  const auto log_size = [&] { return ask("treeproof status").at("log_size"); };
  const rpc::Json before = log_size();
  const std::string plan = succeed(line + " --plan");
  EXPECT_EQ(figure(plan, "accepted"), 2u);
  EXPECT_EQ(figure(plan, "user_missing"), 1u);
  EXPECT_EQ(figure(plan, "units"), 4u);
  EXPECT_EQ(log_size(), before);

  succeed(sealed);
  const rpc::Json once = log_size();
  EXPECT_NE(once, before);
  EXPECT_NE(succeed(sealed).find("was recorded at"), std::string::npos);
  EXPECT_EQ(log_size(), once);
  write_whole(at("orders.csv"), head + orders + "A-4," + kUserStem + "cid,2,555-0142\n");
  const std::string longer = succeed(sealed);
  EXPECT_EQ(figure(longer, "sealed_before"), 2u);
  EXPECT_EQ(figure(longer, "units"), 2u);

  const rpc::Json found = ask("treeproof vault find A-1 --vault vault --vault-key vault.key");
  ASSERT_EQ(found.at("units").size(), 3u);
  for (const rpc::Json& unit : found.at("units")) {
    const rpc::Json on_chain = call("redemption_find", {{"commitment", unit.at("commitment")}});
    EXPECT_NE(on_chain.dump().find(unit.at("unit").get<std::string>()), std::string::npos);
  }
  EXPECT_EQ(run("treeproof vault find A-9 --vault vault --vault-key vault.key").exit_code, 1);
  EXPECT_EQ(allocate(), 6u);
  expect_a_clean_audit();
  stop_nodes();
  for (const auto& file : files_below(at("vault"))) {
    EXPECT_EQ(read_whole(file).find(kUserStem), std::string::npos) << file;
  }
  for (const auto& [org, roles] : kRoles) {
    for (const auto& file : files_below(at(org))) {
      EXPECT_EQ(read_whole(file).find(kUserStem), std::string::npos) << file;
    }
  }
}

class Vancouver : public ImportSeason {
 protected:
  void SetUp() override {
    const char* named = std::getenv("TREEPROOF_DATA");
    const auto data = std::filesystem::absolute(named != nullptr ? named : "../shared/data");
    const auto city = data / "vancouver-street-trees";
    if (!std::filesystem::exists(city)) {
      GTEST_SKIP() << "no street trees below " << data << "; set TREEPROOF_DATA";
    }
    ImportSeason::SetUp();
    if (IsSkipped()) return;
    write_whole(at("vancouver.toml"), kMapping);
    input_ = {quoted(city.string()) + "/StreetTrees_*.csv",
              quoted((city / "vancouver_local_areas.geojson").string()), "vancouver.toml", 2'000};
    species_list_ = quoted((data / "species-derived/vancouver_species.csv").string());
  }
  static void expect_the_documented_table(const std::string& trees) {
    EXPECT_EQ(figure(trees, "rows"), 144'815u);
    EXPECT_EQ(figure(trees, "accepted"), 123'352u);
    EXPECT_EQ(figure(trees, "undated_date_unknown"), 69'405u);
    EXPECT_EQ(figure(trees, "refused"), 21'463u);
    EXPECT_EQ(figure(trees, "outside_plot"), 515u);
    EXPECT_EQ(figure(trees, "position_missing"), 20'922u);
    EXPECT_EQ(figure(trees, "position_repeated"), 26u);
  }

  Input input_;
  std::string species_list_;
};

TEST_F(Vancouver, PlaysItsSeasonByTheDocumentedCommands) {
  expect_the_documented_table(succeed("treeproof import trees " + input_.trees +
                                      " --map vancouver.toml --plan --refused refused.csv" +
                                      " --areas " + input_.areas + " --species " + species_list_));
  EXPECT_EQ(figure(import_species(input_), "species"), 358u);
  open_campaign();
  EXPECT_EQ(figure(import_plots(input_), "good"), 22u);
  expect_the_documented_table(import_trees(input_));
  ASSERT_FALSE(HasFailure());
  issue_points(input_);
  verify_batches(input_);
  redeem(input_);
  EXPECT_EQ(allocate(), 2'000u);
  prove_random_trees(input_, 10);
  expect_a_clean_audit();
  expect_the_same_roots_everywhere();
  const rpc::Json before = ask("treeproof status").at("log_size");
  expect_the_documented_table(import_trees(input_));
  EXPECT_EQ(ask("treeproof status").at("log_size"), before);
}

}  // namespace
}  // namespace treeproof::system_test
