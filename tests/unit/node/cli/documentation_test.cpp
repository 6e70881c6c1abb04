// What docs/ says of tables that stand in the code.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/conviction.h"
#include "consensus/ledger/density.h"
#include "consensus/ledger/history.h"
#include "consensus/ledger/objects.h"
#include "consensus/ledger/parameters.h"
#include "consensus/ledger/placed_objects.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/points_objects.h"
#include "node/cli/console.h"

namespace treeproof::cli {
namespace {

std::string page(const std::string& name) {
  std::stringstream text;
  text << std::ifstream("docs/" + name).rdbuf();
  return text.str();
}

// The cells of every row of the table whose first title is this.
std::vector<std::vector<std::string>> table_of(const std::string& text, const std::string& title) {
  std::istringstream lines(text.substr(std::min(text.find("| " + title + " |"), text.size())));
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(lines, line) && line.starts_with("|");) {
    std::istringstream cells(line.substr(1));
    std::vector<std::string>& row = rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, '|');) {
      const auto first = cell.find_first_not_of(' ');
      row.push_back(first == std::string::npos
                        ? ""
                        : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
    }
  }
  if (rows.size() >= 2) rows.erase(rows.begin(), rows.begin() + 2);
  return rows;
}

TEST(Documentation, NamesEveryParameterWithItsDefault) {
  std::vector<std::pair<std::string, std::string>> documented;
  for (const auto& row : table_of(page("ledger.md"), "name")) {
    documented.emplace_back(row.at(0), row.at(1));
  }
  std::vector<std::pair<std::string, std::string>> expected;
  const ledger::Parameters defaults;
  for (const auto& row : ledger::parameter_rows()) {
    expected.emplace_back(row.name, grouped(defaults.*row.value));
  }
  EXPECT_EQ(documented, expected);
}

TEST(Documentation, SaysTheDefaultDensityOfEveryHabit) {
  const std::string text = page("ledger.md");
  const std::string tail = text.substr(text.find("The greatest density"));
  using enum ledger::Habit;
  for (const auto habit : {tree, shrub, palm, bamboo, mangrove, seagrass, coral, herb}) {
    const std::string said =
        std::string(ledger::name(habit)) + " " + grouped(ledger::default_max_stems_per_ha(habit));
    EXPECT_NE(tail.find(said), std::string::npos) << said;
  }
}

TEST(Documentation, ListsEveryNamespaceOfTheState) {
  std::set<std::string> documented;
  for (const auto& row : table_of(page("protocol.md"), "namespace")) {
    documented.insert(row.at(0).substr(1, row.at(0).size() - 2));
  }
  const std::set<std::string> expected{"object",
                                       "species",
                                       "validators",
                                       "seats",
                                       "batch_links",
                                       "batch_deaths",
                                       "redemption_batches",
                                       "batch_successors",
                                       "batch_predecessors",
                                       "batch_overrides",
                                       "plot_overlaps",
                                       "attachment_uses",
                                       "redaction",
                                       "regulators",
                                       "disputed",
                                       "dispute_by_id",
                                       std::string(ledger::SeatsIndex::kNamespace),
                                       std::string(ledger::DayStarts::kNamespace),
                                       std::string(ledger::YearDaysObject::kNamespace),
                                       std::string(ledger::OrgObject::kNamespace),
                                       std::string(ledger::KeyOwner::kNamespace),
                                       std::string(ledger::Parameters::kNamespace),
                                       std::string(ledger::ConsentObject::kNamespace),
                                       std::string(ledger::CampaignTally::kNamespace),
                                       std::string(ledger::SeriesObject::kNamespace),
                                       std::string(ledger::BeaconObject::kNamespace),
                                       std::string(ledger::kCellNamespace),
                                       std::string(ledger::kPlotBatchesNamespace),
                                       std::string(ledger::PlotById::kNamespace),
                                       std::string(ledger::PhotoUse::kNamespace),
                                       std::string(ledger::ConvictionObject::kNamespace),
                                       std::string(ledger::SentenceObject::kNamespace),
                                       std::string(ledger::OffenderObject::kNamespace),
                                       std::string(ledger::SentinelObject::kNamespace)};
  EXPECT_EQ(documented, expected);
}

}  // namespace
}  // namespace treeproof::cli
