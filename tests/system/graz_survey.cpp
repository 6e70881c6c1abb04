#include "tests/system/graz_survey.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>
#include <set>

#include "node/import/csv_reader.h"
#include "rpc/json.h"

namespace treeproof::system_test {

namespace {

using rpc::Json;

double metres_between(const Change& left, const Change& right) {
  constexpr double kMetresPerDegree = 111'194;
  const double north = (left.lat - right.lat) * kMetresPerDegree;
  const double east =
      (left.lon - right.lon) * kMetresPerDegree * std::cos(left.lat * std::numbers::pi / 180);
  return std::hypot(north, east);
}

}  // namespace

std::vector<Change> read_changes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  auto reader = import::CsvReader::open(in, ',');
  const auto slots = reader->choose({"number", "species_botanical", "lat", "lon"});
  std::vector<Change> changes;
  import::CsvRow row;
  while (reader->next(row)) {
    changes.push_back({row.cells[(*slots)[0]], row.cells[(*slots)[1]],
                       std::stod(row.cells[(*slots)[2]]), std::stod(row.cells[(*slots)[3]])});
  }
  return changes;
}

std::vector<Pair> pairs_within(double metres, const std::vector<Change>& gone,
                               const std::vector<Change>& added) {
  std::vector<Pair> pairs;
  for (const Change& left : gone) {
    for (const Change& right : added) {
      const double between = metres_between(left, right);
      if (between <= metres) pairs.push_back({between, left.number, right.number});
    }
  }
  std::ranges::sort(pairs, {}, &Pair::metres);
  return pairs;
}

std::vector<Pair> one_to_one(const std::vector<Pair>& pairs) {
  std::set<std::string> taken;
  std::vector<Pair> matched;
  for (const Pair& pair : pairs) {
    if (taken.contains("gone " + pair.gone) || taken.contains("added " + pair.added)) continue;
    taken.insert("gone " + pair.gone);
    taken.insert("added " + pair.added);
    matched.push_back(pair);
  }
  return matched;
}

std::string cells_around(const std::vector<std::filesystem::path>& surveys) {
  constexpr std::int32_t kSouth = 470'010'000;
  constexpr std::int32_t kWest = 153'000'000;
  constexpr std::int32_t kHigh = 200'000;
  constexpr std::int32_t kWide = 300'000;
  std::set<std::pair<int, int>> cells;
  for (const auto& survey : surveys) {
    std::ifstream in(survey, std::ios::binary);
    auto reader = import::CsvReader::open(in, ',');
    const auto slots = reader->choose({"lat", "lon"});
    import::CsvRow row;
    while (reader->next(row)) {
      const double lat = std::stod(row.cells[(*slots)[0]]) * 1e7;
      const double lon = std::stod(row.cells[(*slots)[1]]) * 1e7;
      cells.emplace(static_cast<int>((lat - kSouth) / kHigh),
                    static_cast<int>((lon - kWest) / kWide));
    }
  }
  Json features = Json::array();
  for (const auto& [row, column] : cells) {
    const double south = (kSouth + row * kHigh) / 1e7;
    const double north = (kSouth + (row + 1) * kHigh) / 1e7;
    const double west = (kWest + column * kWide) / 1e7;
    const double east = (kWest + (column + 1) * kWide) / 1e7;
    const Json ring = {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
    features.push_back(
        {{"type", "Feature"},
         {"properties", {{"name", "cell " + std::to_string(row) + "-" + std::to_string(column)}}},
         {"geometry", {{"type", "Polygon"}, {"coordinates", Json::array({ring})}}}});
  }
  return Json{{"type", "FeatureCollection"}, {"features", features}}.dump();
}

}  // namespace treeproof::system_test
