// What is measured of one mutant, and the page that says it of all.
// Owns no test. Caller: the runner. One thread. Source: docs/mutants.md.
#pragma once

#include <optional>
#include <vector>

#include "tests/mutants/catchers.h"
#include "tests/mutants/table.h"

namespace treeproof::mutants {

inline constexpr std::uint64_t kOffsets = 5;  // series of seeds for a median, each of its own

struct Sighting {
  int mutant = 0;
  std::size_t scenarios = 0;         // that fail
  bool twins = false;                // the sample finds it
  std::vector<std::uint64_t> seeds;  // until the first violation, one for each series
  std::uint64_t seeds_missed = 0;    // series without one
  std::string first;                 // what caught it, in the order in which it is tried
  std::string how;
};

// Scenarios, twins, seeds; where none of them catches it, whole nodes' scenarios and then every
// other test.
Sighting hunt(const Mutant& mutant, std::uint64_t seeds_max);
// The middle of all series, those without a violation counted as longer than any; nothing where
// that is one of them.
std::optional<std::uint64_t> median_seeds(const Sighting& sighting);

// The table in Markdown.
std::string table_of(const std::vector<Mutant>& mutants, const std::vector<Sighting>& sightings,
                     std::uint64_t seeds_max);
// The page with the table in the place of the one between the marks.
std::expected<std::string, std::string> page_with(const std::string& page,
                                                  const std::string& table);

}  // namespace treeproof::mutants
