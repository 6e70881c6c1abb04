// Plots for the geometry tests: reproducible stars and combs, and files of real ones.
// Owns no oracle. Called by the geometry tests only. Source: none, test data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "consensus/ledger/geometry/polygon.h"

namespace treeproof::geometry {

using Random = std::mt19937_64;

std::int32_t pick(Random& random, std::int64_t least, std::int64_t most);
// A place within +-80 degrees of latitude and +-170 of longitude.
Position any_place(Random& random);
// A ring around a centre, counter-clockwise and simple unless rounding spoils it; radius in metres.
Polygon star(Random& random, Position centre, std::size_t vertices, double radius_m);
// A star that check() accepts.
Polygon good_star(Random& random, Position centre, std::size_t vertices, double radius_m);
// Teeth side by side, one position apart in every row: the slowest shape for pairs of edges.
Polygon comb(Position corner, std::size_t vertices, std::int32_t tooth_e7, bool upright);
Polygon rectangle(Position south_west, std::int32_t height_e7, std::int32_t width_e7);
Polygon moved(Polygon polygon, std::int32_t lat_e7, std::int32_t lon_e7);

struct NamedPolygon {
  std::string name;
  Polygon polygon;
};
// A file below $TREEPROOF_DATA, else ../shared/data; nothing where it is absent.
std::optional<std::filesystem::path> data_file(const std::string& name);
// The polygons of a GeoJSON file, rings turned to the right-hand rule, positions rounded to 1e-7.
std::vector<NamedPolygon> read_geojson(const std::filesystem::path& file);
// The positions of a street-tree file; rows at 0, 0 are left out.
std::vector<Position> read_street_trees(const std::filesystem::path& file);

}  // namespace treeproof::geometry
