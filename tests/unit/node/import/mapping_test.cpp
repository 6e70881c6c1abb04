#include "node/import/mapping.h"

#include <gtest/gtest.h>

#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

TEST(Mapping, ReadsToml) {
  const TestFolder folder;
  const auto mapping = read_mapping(folder.write("map.toml", kStreetTreesMapping));
  ASSERT_TRUE(mapping.has_value()) << mapping.error().what;
  EXPECT_EQ(mapping->id, "TREE_ID");
  EXPECT_EQ(mapping->plot, "NEIGHBOURHOOD_NAME");
  EXPECT_EQ(mapping->species.epithet, "SPECIES_NAME");
  EXPECT_EQ(mapping->date->format.day("20130730"), 15'916);
  EXPECT_EQ(mapping->size->unit, LengthUnit::inch);
}

TEST(Mapping, ReadsTheSameFormAsJson) {
  const TestFolder folder;
  const auto mapping = read_mapping(folder.write("map.json", R"({"id": "n", "separator": ";",
      "species": {"name": "species_botanical"},
      "date": {"column": "d", "unknown": "2018-11-25"}})"));
  ASSERT_TRUE(mapping.has_value()) << mapping.error().what;
  EXPECT_EQ(mapping->separator, ';');
  EXPECT_EQ(mapping->species.name, "species_botanical");
  EXPECT_EQ(mapping->date->unknown, 17'860);
}

TEST(Mapping, RefusesWhatItDoesNotKnow) {
  const TestFolder folder;
  for (const char* text :
       {R"(sponsor = "SPONSOR")", R"(id = 7)", R"(id = "")", "[species]\ngenus = \"g\"",
        "[size]\ncolumn = \"d\"\nunit = \"foot\"", "[date]\ncolumn = \"d\"\nformat = \"YY\"",
        "[date]\nformat = \"YYYYMMDD\"", "[date]\ncolumn = \"d\"\nunknown = \"never\"",
        R"(separator = "ab")", "id = "}) {
    EXPECT_FALSE(read_mapping(folder.write("map.toml", text)).has_value()) << text;
  }
}

TEST(SpeciesColumns, AreFoundByTheirUsualNames) {
  const auto columns =
      usual_species_columns({"genus", "species_epithet_as_recorded", "example_common_name"});
  ASSERT_TRUE(columns.has_value());
  EXPECT_EQ(columns->genus, "genus");
  EXPECT_EQ(columns->epithet, "species_epithet_as_recorded");
  EXPECT_FALSE(usual_species_columns({"id", "genus"}).has_value());
}

}  // namespace
}  // namespace treeproof::import
