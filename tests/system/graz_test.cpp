// Two surveys of one city, replayed on four real nodes: what stood, what was planted, felled, named
// wrongly and planted anew. What the chain says afterwards must be what the surveys say.
// Data: Stadt Graz, data.graz.gv.at (CC BY), surveys of 2014-06-21 and 2014-11-17.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "node/import/csv_reader.h"
#include "node/import/derived_names.h"
#include "node/import/id_book.h"
#include "tests/system/graz_survey.h"
#include "tests/system/import_season.h"
#include "tests/system/patience.h"

namespace treeproof::system_test {
namespace {

using rpc::Json;

constexpr const char* kSurveyed = "2014-11-17";

// No other column is read: that of sponsors names persons.
constexpr const char* kTreeMap = R"(id = "number"
latitude = "lat"
longitude = "lon"
[species]
name = "species_botanical"
[date]
column = "planting_year"
format = "YYYY"
)";
constexpr const char* kRemovalMap = R"(id = "number"
[date]
column = "removal_year"
format = "YYYY"
)";
constexpr const char* kSeenMap = "id = \"number\"\n";

std::filesystem::path data_folder() {
  const char* named = std::getenv("TREEPROOF_DATA");
  return std::filesystem::absolute(named != nullptr ? named : "../shared/data");
}

class Graz : public ImportSeason {
 protected:
  void SetUp() override {
    const auto city = data_folder() / "graz-tree-cadastre";
    if (!std::filesystem::exists(city)) {
      GTEST_SKIP() << "no tree cadastre below " << data_folder() << "; set TREEPROOF_DATA";
    }
    ImportSeason::SetUp();
    if (IsSkipped()) return;
    june_ = city / "graz_trees_2014-06-21.csv";
    november_ = city / "graz_trees_2014-11-17.csv";
    write_whole(at("cells.geojson"), cells_around({june_, november_}));
    write_whole(at("trees.toml"), kTreeMap);
    write_whole(at("removal.toml"), kRemovalMap);
    write_whole(at("seen.toml"), kSeenMap);
    const std::string changes =
        quoted((city / "graz_changes_2014-06-21_to_2014-11-17.csv").string());
    const auto select = [&](const std::string& which, const std::string& file) {
      succeed("awk -F, 'NR == 1 || (" + which + ")' " + changes + " > " + file);
    };
    select(R"($2 == "GONE")", "gone.csv");
    select(R"($2 == "CHANGED_removal_year")", "removed.csv");
    select(R"($2 == "CHANGED_species_botanical")", "renamed.csv");
    select(R"($2 == "ADDED")", "added.csv");
    select(R"($2 == "ADDED" && $6 != "")", "planted.csv");
    select(R"($2 == "ADDED" && $6 == "")", "found.csv");
  }

  std::vector<Change> changes_of(const std::string& file) const { return read_changes(at(file)); }
  import::TreeName tree(const std::string& number) const { return *trees_.at(number); }

  void register_land_and_species() {
    const Input input{quoted(june_.string()) + " " + quoted(november_.string()), "", "trees.toml"};
    EXPECT_EQ(figure(import_species(input), "refused"), 0u);
    const std::string plots = succeed(
        "treeproof import plots cells.geojson --country AT --capacity 20000"
        " --key city/work.key --confirm verifier/work.key");
    EXPECT_EQ(figure(plots, "refused"), 0u);
    EXPECT_EQ(figure(plots, "good"), figure(plots, "outlines"));
  }
  std::string import_as(const std::string& as, const std::string& files, const std::string& ref) {
    const std::string table = succeed(
        "treeproof import trees " + files + " --map trees.toml --locate --as " + as + " --ref " +
        ref + " --book " + ref + ".ids --key city/work.key --refused " + ref + "-refused.csv");
    books_.push_back(at(ref + ".ids"));
    const auto named = import::read_id_books(books_);
    EXPECT_TRUE(named.has_value()) << table;
    if (named) trees_ = *named;
    return table;
  }
  // The trees of the city are named by its own numbers.
  std::string care(const std::string& what, const std::string& words, const std::string& book) {
    return succeed("treeproof import " + what + " " + words + " --book " + book +
                   " --refused care-refused.csv");
  }
  // Samples of all batches, each found as it was stated.
  void verify_all() {
    const Json page = call("batch_list", {{"limit", 500}});
    for (const Json& item : page.at("items")) {
      const auto id = item.at("id").get<std::string>();
      Json visited = Json::array();
      const std::uint64_t size =
          std::stoull(item.at("object").at("leaves").at("count").get<std::string>());
      visited.push_back({{"from", 0}, {"count", size}});
      record("verify",
             {{"type", "verify"},
              {"ref", "verify-" + id.substr(id.find('/') + 1)},
              {"plant", id},
              {"method", "full"},
              {"visited", visited},
              {"failures", 0},
              {"rejected", Json::array()},
              {"report", std::string(64, '2')}},
             "verifier/work.key");
    }
  }
  // Signed by the city; the verifier whom it names consents, and it is recorded soon after.
  void record_with_consent(const std::string& name, Json payload,
                           const std::string& attachment = {}) {
    payload["ref"] = name;
    payload["verifier"] = "verifier";
    write_whole(at(name + ".json"), payload.dump());
    succeed("treeproof record sign " + name + ".json --key city/work.key --out " + name + ".cbor");
    const Json sent = ask("treeproof record submit " + name + ".cbor" + attachment);
    succeed("treeproof record consent --id " + sent.at("id").get<std::string>() +
            " --key verifier/work.key");
    EXPECT_TRUE(within_patience([&] { return is_recorded("city/" + name); }))
        << name << " is not recorded";
  }
  void correct(const std::string& number, const Json& change, const std::string& reason) {
    record_with_consent("correct-" + number, {{"type", "correct"},
                                              {"target", tree(number).batch},
                                              {"change", change},
                                              {"reason", reason}});
  }
  void correct_species() {
    const auto renamed = changes_of("renamed.csv");
    EXPECT_EQ(renamed.size(), 11u);
    for (const Change& change : renamed) {
      const import::TreeName name = tree(change.number);
      const std::string species = import::derived_code(change.species);
      const std::string leaf = std::to_string(name.index);
      correct(change.number, {{"kind", "leaf_species"}, {"leaf", leaf}, {"species", species}},
              "wrong_species");
      const Json leaves =
          call("batch_leaves", {{"batch", name.batch}, {"from", leaf}, {"limit", 1}});
      EXPECT_EQ(leaves.at("leaves").at(0).at("species"), species);
    }
  }
  // In June this tree was entered at the place of another, which November names there.
  void correct_position() {
    correct("31711",
            {{"kind", "leaf_position"},
             {"leaf", std::to_string(tree("31711").index)},
             {"lat", 470'767'609},
             {"lon", 154'424'819}},
            "survey_error");
  }
  std::uint64_t corrections_of(const std::string& change) {
    const Json report = call("audit_corrections", Json::object());
    EXPECT_EQ(report.at("findings_count"), 0);
    return static_cast<std::uint64_t>(std::ranges::count_if(
        report.at("rows"), [&](const Json& row) { return row.at("change") == change; }));
  }
  void replace_felled() {
    const auto near = pairs_within(2, changes_of("gone.csv"), changes_of("added.csv"));
    EXPECT_EQ(near.size(), 38u);
    Json runs = Json::array();
    for (const Pair& pair : one_to_one(near)) {
      const import::TreeName gone = tree(pair.gone);
      const import::TreeName added = tree(pair.added);
      runs.push_back({{"from", gone.batch},
                      {"from_tree", std::to_string(gone.index)},
                      {"to", added.batch},
                      {"to_tree", std::to_string(added.index)},
                      {"count", "1"}});
    }
    EXPECT_EQ(runs.size(), 36u);
    write_whole(at("runs.json"), runs.dump());
    const Json built = ask("treeproof attachment build --kind replace runs.json --out runs.cbor");
    record_with_consent("same-pits",
                        {{"type", "replace"},
                         {"campaign", nullptr},
                         {"runs", built.at("attachment")},
                         {"links", nullptr}},
                        " --attachment runs.cbor");
    succeed("treeproof record show city/same-pits");
  }

  // Trees of all batches by their states; or of those of one source.
  std::map<std::string, std::uint64_t> states(const std::string& source = {}) {
    std::map<std::string, std::uint64_t> sums;
    const Json page = call("batch_list", {{"limit", 500}});
    for (const Json& item : page.at("items")) {
      const Json& batch = item.at("object");
      if (!source.empty() && batch.at("source") != source) continue;
      for (const Json& part : batch.at("species")) {
        for (const auto& [state, count] : part.at("trees").items()) {
          sums[state] += std::stoull(count.get<std::string>());
          sums["all"] += std::stoull(count.get<std::string>());
        }
      }
    }
    return sums;
  }
  // Sponsors stand in one column of both surveys: the longest names serve to look for any.
  std::vector<std::string> sponsors() const {
    std::set<std::string> names;
    for (const auto& survey : {june_, november_}) {
      std::ifstream in(survey, std::ios::binary);
      auto reader = import::CsvReader::open(in, ',');
      const auto slots = reader->choose({"sponsorship"});
      import::CsvRow row;
      while (reader->next(row)) names.insert(row.cells[(*slots)[0]]);
    }
    std::vector<std::string> longest(names.begin(), names.end());
    std::ranges::sort(longest, std::ranges::greater{}, &std::string::size);
    longest.resize(std::min<std::size_t>(longest.size(), 12));
    return longest;
  }
  void expect_no_sponsor() {
    const auto names = sponsors();
    ASSERT_EQ(names.size(), 12u);
    const std::string surveys = read_whole(june_) + read_whole(november_);
    ASSERT_TRUE(std::ranges::any_of(names, [&](const std::string& name) {
      return surveys.find(name) != std::string::npos;
    })) << "the search could find nothing";
    std::vector<std::string> places{transcript()};
    const Json page = call("batch_list", {{"limit", 500}});
    for (const Json& item : page.at("items")) {
      places.push_back(attachment(item.at("object").at("leaves").at("root").get<std::string>()));
    }
    stop_nodes();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(at(""))) {
      if (entry.is_regular_file()) places.push_back(read_whole(entry.path()));
    }
    for (const std::string& place : places) {
      for (const std::string& name : names) EXPECT_EQ(place.find(name), std::string::npos);
    }
  }

  std::filesystem::path june_;
  std::filesystem::path november_;
  std::vector<std::string> books_;
  import::IdBook trees_;
};

TEST_F(Graz, TheChainSaysOfTwoSurveysWhatTheySay) {
  register_land_and_species();
  ASSERT_FALSE(HasFailure());

  // June: what stood; some of it was felled already.
  const std::string stood = import_as("inventory", quoted(june_.string()), "june");
  EXPECT_EQ(figure(stood, "rows"), 17'603u);
  EXPECT_EQ(figure(stood, "accepted"), 17'602u);
  EXPECT_EQ(figure(stood, "id_repeated"), 1u) << "number 31706 stands twice";
  ASSERT_FALSE(HasFailure());
  const std::string by_city = " --cause felled --key city/work.key";
  const std::string early =
      care("mortality", quoted(june_.string()) + " --map removal.toml" + by_city, "june.ids");
  EXPECT_EQ(figure(early, "accepted"), 313u);
  EXPECT_EQ(figure(early, "date_missing"), 17'290u);

  // November: what is gone, and what has a year of removal by now.
  const std::string gone_line =
      "gone.csv --map seen.toml --day " + std::string(kSurveyed) + by_city;
  const std::string gone = care("mortality", gone_line, "june.ids");
  EXPECT_EQ(figure(gone, "rows"), 159u);
  EXPECT_EQ(figure(gone, "tree_dead"), 41u) << "those with a year of removal in June";
  EXPECT_EQ(figure(gone, "accepted"), 118u);
  const std::string removed =
      care("mortality", "removed.csv --map removal.toml" + by_city, "june.ids");
  EXPECT_EQ(figure(removed, "accepted"), 67u);
  EXPECT_EQ(figure(removed, "refused"), 0u);
  ASSERT_FALSE(HasFailure());

  correct_position();
  // What was added: planted where the survey has a year, found standing otherwise.
  EXPECT_EQ(figure(import_as("plant", "planted.csv", "planted"), "accepted"), 68u);
  EXPECT_EQ(figure(import_as("inventory", "found.csv", "found"), "accepted"), 249u);
  ASSERT_FALSE(HasFailure());
  EXPECT_EQ(states("plant")["all"], 68u);
  EXPECT_EQ(states()["all"], 17'602u + 317u);

  verify_all();
  correct_species();
  replace_felled();
  ASSERT_FALSE(HasFailure());

  // The survey itself: every listed tree without a year of removal stood there.
  const std::string seen_line = quoted(november_.string()) + " --map seen.toml --day " + kSurveyed +
                                " --of city --key verifier/work.key";
  const std::string books = "june.ids --book planted.ids --book found.ids";
  const std::string seen = care("observations", seen_line, books);
  EXPECT_EQ(figure(seen, "rows"), 17'762u);
  EXPECT_EQ(figure(seen, "tree_dead"), 313u - 41u + 67u);
  EXPECT_EQ(figure(seen, "tree_repeated"), 2u) << "numbers 28210 and 31706 stand twice";
  EXPECT_EQ(figure(seen, "accepted"), 17'421u);

  const auto trees = states();
  EXPECT_EQ(trees.at("available"), 17'421u);
  EXPECT_EQ(trees.at("dead_replaced"), 36u);
  EXPECT_EQ(trees.at("dead_unallocated") + trees.at("dead_replaced"), 313u + 118u + 67u);
  EXPECT_EQ(corrections_of("leaf_species"), 11u);
  EXPECT_EQ(corrections_of("leaf_position"), 1u);

  // Again: nothing new.
  const Json before = ask("treeproof status").at("log_size");
  care("mortality", gone_line, "june.ids");
  const std::string again = care("observations", seen_line, books);
  EXPECT_NE(again.find("was recorded at"), std::string::npos) << again;
  EXPECT_EQ(ask("treeproof status").at("log_size"), before);
  expect_a_clean_audit();
  expect_the_same_roots_everywhere();
  expect_no_sponsor();
}

}  // namespace
}  // namespace treeproof::system_test
