// Two surveys of one city as files: rows of their changes, trees of one pit, and squares of land.
// Owns no file. Callers: graz_test. Pure but for the files that it reads. One thread.
// Source: docs/importing.md "The example: two surveys of Graz".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace treeproof::system_test {

// A row of the file of changes.
struct Change {
  std::string number;
  std::string species;
  double lat = 0;
  double lon = 0;
};
std::vector<Change> read_changes(const std::filesystem::path& file);

struct Pair {
  double metres = 0;
  std::string gone;
  std::string added;
};
// The nearest first.
std::vector<Pair> pairs_within(double metres, const std::vector<Change>& gone,
                               const std::vector<Change>& added);
// The nearest first; each tree once.
std::vector<Pair> one_to_one(const std::vector<Pair>& pairs);

// GeoJSON of cells of some 5 km2 that hold a tree: the city is larger than the largest plot.
std::string cells_around(const std::vector<std::filesystem::path>& surveys);

}  // namespace treeproof::system_test
