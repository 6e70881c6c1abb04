// Observations and deaths of recorded trees out of CSV rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "node/import/care_statements.h"
#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

using ledger::TreeCode;

constexpr const char* kBatch = "ngo/grove";
constexpr std::int32_t kDay = 16'391;  // 2014-11-17

// Ten trees on a line, half oaks, half limes; of one place two are recorded.
struct Grove {
  std::vector<KnownTree> trees;

  Grove() {
    for (std::size_t i = 0; i < 10; ++i) {
      trees.push_back({i % 2 == 0 ? "oak" : "lime", TreeCode::available});
    }
  }
  std::uint64_t count(const std::string& species, bool (*is)(TreeCode)) const {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        trees, [&](const KnownTree& tree) { return tree.species == species && is(tree.code); }));
  }
  KnownBatch batch() const {
    KnownBatch known{trees.size(), 16'000, 16'100, {}};
    for (const std::string species : {"lime", "oak"}) {
      const auto is_there = [](TreeCode code) { return !is_voided(code); };
      known.species.push_back({species, count(species, is_there), count(species, is_dead)});
    }
    return known;
  }
  TreeSource source() const {
    return {[this](const std::string& id) -> cli::Result<std::optional<KnownBatch>> {
              return id == kBatch ? std::optional(batch()) : std::nullopt;
            },
            [this](const std::string&, const std::vector<std::uint64_t>& wanted) {
              std::vector<KnownTree> known;
              for (const std::uint64_t i : wanted) known.push_back(trees.at(i));
              return cli::Result<std::vector<KnownTree>>(std::move(known));
            },
            [this]() -> cli::Result<PlaceBook> {
              PlaceBook places;
              for (std::size_t i = 0; i < trees.size(); ++i) {
                places[{470'000'000, 154'000'000 + static_cast<std::int32_t>(i)}] =
                    TreeName{kBatch, i};
              }
              places[{470'000'000, 154'000'009}] = std::nullopt;
              return places;
            }};
  }
};

SightingTerms terms_of(Care care) {
  SightingTerms terms;
  terms.mapping.tree = "tree";
  terms.mapping.date =
      DateColumn{.column = "day", .format = *DayFormat::of("YYYY-MM-DD"), .unknown = {}};
  terms.mapping.state = StateColumn{.column = "state"};
  terms.mapping.cause = "cause";
  terms.care = care;
  terms.last_day = kDay;
  return terms;
}

std::vector<CareGroup> groups(const std::string& rows, const SightingTerms& terms,
                              const TreeSource& source, Refusals& refusals) {
  SightingIntake intake(terms, source, refusals);
  std::istringstream in("tree,day,state,cause,lat,lon,sponsor\n" + rows);
  const auto read = intake.read(in, "seen.csv");
  EXPECT_TRUE(read.has_value()) << read.error().what;
  return groups_of(std::move(intake).finish(), terms.care, "seen");
}

std::string reason_of(const std::string& row, Care care, const Grove& grove = {}) {
  Refusals refusals;
  const TreeSource source = grove.source();
  for (const CareGroup& group : groups(row + "\n", terms_of(care), source, refusals)) {
    EXPECT_TRUE(statement_of(group, care, source, refusals).has_value());
  }
  return refusals.count() == 0 ? "" : refusals.by_reason().begin()->first;
}

template <class Payload>
Payload only_payload(const std::string& rows, Care care, const Grove& grove) {
  Refusals refusals;
  const TreeSource source = grove.source();
  const auto made = groups(rows, terms_of(care), source, refusals);
  EXPECT_EQ(made.size(), 1u);
  const auto statement = statement_of(made.at(0), care, source, refusals);
  EXPECT_TRUE(statement.has_value() && statement->has_value());
  return std::get<Payload>((*statement)->payload);
}

TEST(Sightings, RefuseRowsByReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"ngo/grove#1,2014-11-17,alive", "row_malformed"},
      {",2014-11-17,alive,,,,", "tree_missing"},
      {"17,2014-11-17,alive,,,,", "tree_unknown"},
      {"ngo/grove#10,2014-11-17,alive,,,,", "tree_unknown"},
      {"ngo/other#1,2014-11-17,alive,,,,", "tree_unknown"},
      {"ngo/grove#1,,alive,,,,", "date_missing"},
      {"ngo/grove#1,soon,alive,,,,", "date_malformed"},
      {"ngo/grove#1,2014-11-18,alive,,,,", "date_in_future"},
      {"ngo/grove#1,2013-10-01,alive,,,,", "date_before_planting"},
      {"ngo/grove#1,2014-11-17,fine,,,,", "state_unknown"},
      {"ngo/grove#1,2014-11-17,dead,,,,", "cause_missing"},
      {"ngo/grove#1,2014-11-17,dead,old age,,,", "cause_unknown"},
      {"ngo/grove#1,2014-11-17,dead,felled,,,", ""},
      {"ngo/grove#1,2014-11-17,unknown,,,,", ""},
      {"ngo/grove#1,2014-11-17,alive,,,,Ann\nngo/grove#1,2014-11-17,dead,felled,,,",
       "tree_repeated"},
  };
  for (const auto& [row, reason] : cases) EXPECT_EQ(reason_of(row, Care::observations), reason);
}

TEST(Sightings, FindTreesByTheirPlaces) {
  const Grove grove;
  const TreeSource source = grove.source();
  SightingTerms terms = terms_of(Care::mortality);
  terms.mapping.tree.reset();
  terms.mapping.latitude = "lat";
  terms.mapping.longitude = "lon";
  terms.cause = ledger::Cause::felled;
  Refusals refusals;
  const auto made = groups(
      ",2014-11-17,,,47.0000000,15.4000003,\n"
      ",2014-11-17,,,47.0000000,15.4000009,\n"
      ",2014-11-17,,,47.0000001,15.4000003,\n",
      terms, source, refusals);
  ASSERT_EQ(made.size(), 1u);
  ASSERT_EQ(made[0].sightings.size(), 1u);
  EXPECT_EQ(made[0].sightings[0].tree, (TreeName{kBatch, 3}));
  EXPECT_EQ(refusals.count_of("tree_ambiguous"), 1u);
  EXPECT_EQ(refusals.count_of("tree_unknown"), 1u);
}

TEST(Sightings, FindTreesByTheIdsOfABook) {
  const TestFolder folder;
  const auto book =
      read_id_books({folder.write("a.csv", "id,tree\n17,ngo/grove#3\n18,ngo/grove#4\n"),
                     folder.write("b.csv", "id,tree\n17,ngo/grove#3\n18,ngo/grove#5\n")});
  ASSERT_TRUE(book.has_value()) << book.error().what;
  const Grove grove;
  const TreeSource source = grove.source();
  SightingTerms terms = terms_of(Care::mortality);
  terms.mapping.tree.reset();
  terms.mapping.id = "sponsor";
  terms.ids = *book;
  terms.cause = ledger::Cause::felled;
  Refusals refusals;
  const auto made = groups(
      ",2014-11-17,,,,,17\n,2014-11-17,,,,,18\n,2014-11-17,,,,,19\n"
      ",2014-11-17,,,,,\n",
      terms, source, refusals);
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].sightings[0].tree, (TreeName{kBatch, 3}));
  EXPECT_EQ(refusals.count_of("tree_ambiguous"), 1u);
  EXPECT_EQ(refusals.count_of("tree_unknown"), 1u);
  EXPECT_EQ(refusals.count_of("id_missing"), 1u);
}

TEST(IdBook, IsReadStrictly) {
  const TestFolder folder;
  for (const char* text : {"", "id\n1\n", "id,tree\n1,ngo\n", "id,tree\n,ngo/grove#1\n",
                           "id,tree\n1,ngo/grove#1,\n"}) {
    EXPECT_FALSE(read_id_books({folder.write("book.csv", text)}).has_value()) << text;
  }
}

TEST(Mortality, NamesTheTreesThatLivedByRanges) {
  Grove grove;
  grove.trees[4].code = TreeCode::dead_unallocated;
  const auto mortality = only_payload<ledger::Mortality>(
      "ngo/grove#5,2014-11-17,,felled,,,\nngo/grove#2,2014-11-17,,felled,,,\n"
      "ngo/grove#4,2014-11-17,,felled,,,\nngo/grove#3,2014-11-17,,felled,,,\n",
      Care::mortality, grove);
  EXPECT_EQ(mortality.ranges, (ledger::Ranges{{2, 2}, {5, 1}}));
  EXPECT_EQ(mortality.cause, ledger::Cause::felled);
  EXPECT_EQ(mortality.day, kDay);
  EXPECT_EQ(mortality.plant.text, kBatch);
}

TEST(Mortality, LeavesOutWhatIsNotAlive) {
  Grove grove;
  grove.trees[1].code = TreeCode::dead_owed;
  grove.trees[2].code = TreeCode::voided_unallocated;
  grove.trees[3].code = TreeCode::rejected;
  EXPECT_EQ(reason_of("ngo/grove#1,2014-11-17,,felled,,,", Care::mortality, grove), "tree_dead");
  EXPECT_EQ(reason_of("ngo/grove#2,2014-11-17,,felled,,,", Care::mortality, grove),
            "tree_not_live");
  EXPECT_EQ(reason_of("ngo/grove#3,2014-11-17,,felled,,,", Care::mortality, grove),
            "tree_not_live");
}

TEST(Mortality, IsCutByDayCauseAndNumber) {
  const TreeSource source{[](const std::string&) -> cli::Result<std::optional<KnownBatch>> {
                            return KnownBatch{10'000, {}, {}, {}};
                          },
                          {},
                          {}};
  std::string rows = "ngo/grove#9998,2014-11-17,,storm,,,\nngo/grove#9999,2014-11-16,,felled,,,\n";
  for (int i = 0; i < 5'000; ++i) {
    rows += "ngo/grove#" + std::to_string(i) + ",2014-11-17,,felled,,,\n";
  }
  Refusals refusals;
  const auto made = groups(rows, terms_of(Care::mortality), source, refusals);
  ASSERT_EQ(made.size(), 4u);
  EXPECT_EQ(made[1].sightings.size(), 4'096u);
  EXPECT_EQ(made[2].sightings.size(), 904u);
  EXPECT_NE(made[1].ref, made[2].ref);
}

TEST(CareGroups, HaveTheSameRefsInAnyOrderOfRows) {
  const Grove grove;
  const TreeSource source = grove.source();
  const std::string one = "ngo/grove#1,2014-11-17,alive,,,,\n";
  const std::string two = "ngo/grove#2,2014-11-17,dead,felled,,,\n";
  Refusals refusals;
  const SightingTerms terms = terms_of(Care::observations);
  const auto ref = [&](const std::string& rows) {
    return groups(rows, terms, source, refusals).at(0).ref;
  };
  EXPECT_EQ(ref(one + two), ref(two + one));
  EXPECT_NE(ref(one + two), ref(one));
  EXPECT_TRUE(ledger::Ref::check(ref(one)));
}

TEST(Observation, CountsWhatNobodySawAsUnknown) {
  Grove grove;
  grove.trees[0].code = TreeCode::dead_unallocated;    // an oak, told before
  grove.trees[2].code = TreeCode::voided_unallocated;  // an oak that never was
  const auto seen = only_payload<ledger::Observe>(
      "ngo/grove#0,2014-11-17,dead,felled,,,\nngo/grove#1,2014-11-17,alive,,,,\n"
      "ngo/grove#3,2014-11-17,dead,drought,,,\nngo/grove#4,2014-11-17,alive,,,,\n"
      "ngo/grove#5,2014-11-17,unknown,,,,\n",
      Care::observations, grove);
  ASSERT_EQ(seen.species.size(), 2u);
  EXPECT_EQ(seen.species[0], (ledger::ObservedSpecies{{"lime"}, 1, 1, 3}));
  EXPECT_EQ(seen.species[1], (ledger::ObservedSpecies{{"oak"}, 1, 1, 2}));
  EXPECT_EQ(seen.dead, (ledger::Ranges{{3, 1}}));
  EXPECT_EQ(seen.cause, ledger::Cause::drought);
}

TEST(Observation, NeverRevivesAndHasOneCause) {
  Grove grove;
  grove.trees[0].code = TreeCode::dead_unallocated;
  EXPECT_EQ(reason_of("ngo/grove#0,2014-11-17,alive,,,,", Care::observations, grove), "tree_dead");
  EXPECT_EQ(reason_of("ngo/grove#1,2014-11-17,dead,felled,,,\nngo/grove#2,2014-11-17,dead,storm,,,",
                      Care::observations, grove),
            "cause_differs");
}

TEST(Observation, WithoutAColumnOfStatesEveryListedTreeLives) {
  const Grove grove;
  const TreeSource source = grove.source();
  SightingTerms terms = terms_of(Care::observations);
  terms.mapping.state.reset();
  Refusals refusals;
  const auto made = groups("ngo/grove#1,2014-11-17,gone,,,,\n", terms, source, refusals);
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].sightings[0].seen, Seen::alive);
}

TEST(Observation, ReadsTheWordsOfTheMapping) {
  const TestFolder folder;
  const auto mapping = read_mapping(folder.write("map.toml", R"(tree = "baum"
[state]
column = "zustand"
alive = "lebt"
dead = "tot"
)"));
  ASSERT_TRUE(mapping.has_value()) << mapping.error().what;
  EXPECT_EQ(mapping->state->alive, "lebt");
  EXPECT_EQ(mapping->state->unknown, "unknown");
  EXPECT_FALSE(
      read_mapping(folder.write("same.toml", "[state]\ncolumn = \"z\"\ndead = \"alive\"\n")));
  EXPECT_FALSE(read_mapping(folder.write("none.toml", "[state]\ndead = \"tot\"\n")));
}

}  // namespace
}  // namespace treeproof::import
