#include "tests/mutants/hunt.h"

#include <algorithm>
#include <sstream>

namespace treeproof::mutants {

namespace {

constexpr std::uint64_t kOffsetSeeds = 1'000;
constexpr std::string_view kBegin = "<!-- measured -->\n";
constexpr std::string_view kEnd = "<!-- end -->\n";

void note(Sighting& sighting, const std::string& what, const Ending& ending) {
  if (!sighting.first.empty()) return;
  sighting.first = what;
  sighting.how = ending.how;
}

// A mutant that the first two series miss is missed.
void measure_seeds(Sighting& sighting, const Mutant& mutant, std::uint64_t seeds_max) {
  const simulation::Profile profile = *simulation::profile_named(mutant.profile);
  for (std::uint64_t series = 0; series < kOffsets; ++series) {
    if (sighting.seeds.empty() && sighting.seeds_missed == 2) return;
    const Ending ending = run_seeds(mutant.number, profile, 1 + series * kOffsetSeeds, seeds_max);
    if (!ending.caught) {
      ++sighting.seeds_missed;
      continue;
    }
    sighting.seeds.push_back(ending.steps);
    note(sighting, "seeds " + mutant.profile, ending);
  }
}

bool is_tried_before(const std::string& test) {
  return test.starts_with("Files/Scenarios.") || test.starts_with("Twins.") ||
         test.starts_with("Simulation/Seeds.");
}

void try_the_rest(Sighting& sighting, const Mutant& mutant) {
  std::vector<std::string> tests = tests_named("Files/WorldScenarios.");
  std::ranges::copy(tests_named(""), std::back_inserter(tests));
  for (const std::string& test : tests) {
    if (is_tried_before(test)) continue;
    const Ending ending = run_test(mutant.number, test);
    if (ending.caught) return note(sighting, test, ending);
  }
}

std::string range_of(const Sighting& sighting, std::uint64_t seeds_max) {
  const auto middle = median_seeds(sighting);
  std::ostringstream out;
  if (!middle) {
    out << "over " << seeds_max;
    return out.str();
  }
  const auto [least, most] = std::ranges::minmax(sighting.seeds);
  out << *middle << " (" << least << " to ";
  if (sighting.seeds_missed > 0) {
    out << "over " << seeds_max << ")";
  } else {
    out << most << ")";
  }
  return out.str();
}

}  // namespace

Sighting hunt(const Mutant& mutant, std::uint64_t seeds_max) {
  Sighting sighting;
  sighting.mutant = mutant.number;
  for (const std::string& scenario : tests_named("Files/Scenarios.")) {
    const Ending ending = run_test(mutant.number, scenario);
    if (!ending.caught) continue;
    ++sighting.scenarios;
    note(sighting, scenario, ending);
  }
  const std::string twins = "Twins.NeverDisagreeNeverAccuseAlwaysDecide";
  const Ending ending = run_test(mutant.number, twins);
  sighting.twins = ending.caught;
  if (ending.caught) note(sighting, twins, ending);
  measure_seeds(sighting, mutant, seeds_max);
  if (sighting.first.empty()) try_the_rest(sighting, mutant);
  return sighting;
}

std::optional<std::uint64_t> median_seeds(const Sighting& sighting) {
  std::vector<std::uint64_t> seeds = sighting.seeds;
  std::ranges::sort(seeds);
  const std::size_t middle = (seeds.size() + sighting.seeds_missed) / 2;
  if (middle >= seeds.size()) return std::nullopt;
  return seeds[middle];
}

std::string table_of(const std::vector<Mutant>& mutants, const std::vector<Sighting>& sightings,
                     std::uint64_t seeds_max) {
  std::ostringstream out;
  out << "| mutant | rule | what it does | seen in | scenarios | twins | seeds | caught first by "
         "|\n"
      << "|---|---|---|---|---|---|---|---|\n";
  for (const Sighting& sighting : sightings) {
    const Mutant& mutant = mutants.at(static_cast<std::size_t>(sighting.mutant) - 1);
    out << "| `" << mutant.name << "` | ";
    for (std::size_t i = 0; i < mutant.rules.size(); ++i) {
      out << (i == 0 ? "" : ", ") << mutant.rules[i];
    }
    out << " | " << mutant.does << " | ";
    for (std::size_t i = 0; i < mutant.seen.size(); ++i) {
      const std::string& address = mutant.seen[i];
      const std::string_view github = "https://github.com/";
      const std::string shown =
          address.starts_with(github) ? address.substr(github.size()) : address;
      out << (i == 0 ? "" : ", ") << "[" << shown << "](" << address << ")";
    }
    out << " | " << sighting.scenarios << " | " << (sighting.twins ? "yes" : "no") << " | "
        << range_of(sighting, seeds_max) << " " << mutant.profile << " | " << sighting.first << ", "
        << sighting.how << " |\n";
  }
  return out.str();
}

std::expected<std::string, std::string> page_with(const std::string& page,
                                                  const std::string& table) {
  const std::size_t begin = page.find(kBegin);
  const std::size_t end = page.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return std::unexpected("the page has no place for the table");
  }
  const std::size_t after = begin + kBegin.size();
  return page.substr(0, after) + "\n" + table + "\n" + page.substr(end);
}

}  // namespace treeproof::mutants
