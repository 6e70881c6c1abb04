#include "node/import/species_list.h"

#include <gtest/gtest.h>

#include "consensus/ledger/cbor_encoder.h"
#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

TEST(SpeciesList, TakesTheUsualColumns) {
  const TestFolder folder;
  Refusals refusals;
  const auto list = read_species(
      {folder.write("species.csv",
                    "genus,species_epithet,habit\nPrunus,serrulata,\nLonicera,nitida,shrub\n"
                    ",,\nRosa,rugosa,rose\nPrunus,serrulata,shrub\n")},
      std::nullopt, ledger::Habit::tree, refusals);
  ASSERT_TRUE(list.has_value()) << list.error().what;
  ASSERT_EQ(list->species.size(), 2u);
  EXPECT_EQ(list->species.at("prunus-serrulata").name.text, "Prunus serrulata");
  EXPECT_EQ(list->species.at("prunus-serrulata").habit, ledger::Habit::tree);
  EXPECT_EQ(list->species.at("lonicera-nitida").habit, ledger::Habit::shrub);
  EXPECT_EQ(refusals.count_of("species_missing"), 1u);
  EXPECT_EQ(refusals.count_of("species_invalid"), 1u);
}

TEST(SpeciesList, TakesFilesOfTreesByTheirMapping) {
  const TestFolder folder;
  const auto mapping = read_mapping(folder.write("map.toml", kStreetTreesMapping));
  ASSERT_TRUE(mapping.has_value());
  Refusals refusals;
  const auto list =
      read_species({folder.write("trees.csv",
                                 "TREE_ID,GENUS_NAME,SPECIES_NAME\n1,ACER,FREEMANI   X\n"
                                 "2,ACER,FREEMANI   X\n3,ULMUS,GLABRA\n")},
                   *mapping, ledger::Habit::tree, refusals);
  ASSERT_TRUE(list.has_value()) << list.error().what;
  EXPECT_EQ(list->rows, 3u);
  ASSERT_EQ(list->species.size(), 2u);
  EXPECT_EQ(list->species.at("acer-freemani-x").name.text, "Acer freemani x");
}

TEST(SpeciesList, IsCutIntoStatementsThatFit) {
  std::map<std::string, ledger::Species> species;
  for (int i = 0; i < 1'100; ++i) {
    ledger::Species each;
    each.code.text = "a-species-with-a-rather-long-code-" + std::to_string(i);
    each.name.text = std::string(90, 'n');
    species.emplace(each.code.text, each);
  }
  const auto changes = species_changes(species);
  std::size_t count = 0;
  for (const ledger::SpeciesPut& change : changes) {
    EXPECT_LE(change.species.size(), kSpeciesPerStatementMax);
    EXPECT_LT(ledger::encode(change).size(), kStatementBytesMax);
    count += change.species.size();
  }
  EXPECT_EQ(count, species.size());
}

TEST(SpeciesList, NamesTheSameProposalForTheSameSpecies) {
  ledger::SpeciesPut change;
  change.species.push_back({.code = {"acer-rubrum"},
                            .name = {"Acer rubrum"},
                            .gbif_id = {},
                            .iucn_id = {},
                            .habit = ledger::Habit::tree,
                            .max_stems_per_ha = {}});
  const ledger::Ref first = proposal_ref(change);
  EXPECT_TRUE(ledger::Ref::check(first.text));
  EXPECT_EQ(first, proposal_ref(change));
  change.species[0].habit = ledger::Habit::shrub;
  EXPECT_NE(first, proposal_ref(change));
}

}  // namespace
}  // namespace treeproof::import
