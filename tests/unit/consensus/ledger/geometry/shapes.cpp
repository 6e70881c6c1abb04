#include "tests/unit/consensus/ledger/geometry/shapes.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>
#include <sstream>

#include "consensus/ledger/geometry/plane.h"

namespace treeproof::geometry {
namespace {

constexpr double kMetresPerDegree = 111'319.5;

std::int32_t e7(double degrees) { return static_cast<std::int32_t>(std::llround(degrees * 1e7)); }

Ring read_ring(const nlohmann::json& positions, bool counter_clockwise) {
  Ring ring;
  for (const auto& position : positions) {
    ring.push_back({e7(position[1].get<double>()), e7(position[0].get<double>())});
  }
  Int128 doubled = 0;
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const PlanePoint a = project(ring[i - 1]);
    const PlanePoint b = project(ring[i]);
    doubled += static_cast<Int128>(a.x) * b.y - static_cast<Int128>(b.x) * a.y;
  }
  if ((doubled > 0) != counter_clockwise) {
    std::ranges::reverse(ring);
  }
  return ring;
}

Polygon read_polygon(const nlohmann::json& rings) {
  Polygon polygon;
  for (const auto& ring : rings) {
    polygon.rings.push_back(read_ring(ring, polygon.rings.empty()));
  }
  return polygon;
}

}  // namespace

std::int32_t pick(Random& random, std::int64_t least, std::int64_t most) {
  return static_cast<std::int32_t>(std::uniform_int_distribution(least, most)(random));
}

Position any_place(Random& random) {
  return {pick(random, -800'000'000, 800'000'000), pick(random, -1'700'000'000, 1'700'000'000)};
}

Polygon star(Random& random, Position centre, std::size_t vertices, double radius_m) {
  const double lat_degrees = centre.lat_e7 / 1e7;
  const double stretch = 1 / std::cos(lat_degrees * std::numbers::pi / 180);
  Ring ring;
  for (std::size_t i = 0; i < vertices; ++i) {
    const double turned = (static_cast<double>(i) + pick(random, 0, 800) / 1e3) * 2 *
                          std::numbers::pi / static_cast<double>(vertices);
    const double reach = radius_m / kMetresPerDegree * pick(random, 300, 1'000) / 1e3;
    ring.push_back({centre.lat_e7 + e7(reach * std::sin(turned)),
                    centre.lon_e7 + e7(reach * stretch * std::cos(turned))});
  }
  ring.push_back(ring.front());
  return {{ring}};
}

Polygon good_star(Random& random, Position centre, std::size_t vertices, double radius_m) {
  Polygon polygon = star(random, centre, vertices, radius_m);
  while (!check(polygon)) {
    polygon = star(random, centre, vertices, radius_m);
  }
  return polygon;
}

Polygon comb(Position corner, std::size_t vertices, std::int32_t tooth_e7, bool upright) {
  const auto teeth = static_cast<std::int32_t>(vertices / 4);
  const std::int32_t length = teeth * 4 * tooth_e7;
  Ring ring;
  const auto add = [&](std::int32_t across, std::int32_t along) {
    ring.push_back(upright ? Position{corner.lat_e7 + along, corner.lon_e7 + across}
                           : Position{corner.lat_e7 + across, corner.lon_e7 + along});
  };
  for (std::int32_t tooth = 0; tooth < teeth; ++tooth) {
    const std::int32_t start = tooth * 4 * tooth_e7;
    add(start, tooth == 0 ? -tooth_e7 : 0);
    add(start + tooth_e7, length);
    add(start + 2 * tooth_e7, length + tooth_e7);
    add(start + 3 * tooth_e7, tooth + 1 == teeth ? -tooth_e7 : 0);
  }
  ring.push_back(ring.front());
  if (upright) {
    std::ranges::reverse(ring);
  }
  return {{ring}};
}

Polygon rectangle(Position south_west, std::int32_t height_e7, std::int32_t width_e7) {
  const std::int32_t south = south_west.lat_e7;
  const std::int32_t west = south_west.lon_e7;
  const std::int32_t north = south + height_e7;
  const std::int32_t east = west + width_e7;
  return {{{{south, west}, {south, east}, {north, east}, {north, west}, {south, west}}}};
}

Polygon moved(Polygon polygon, std::int32_t lat_e7, std::int32_t lon_e7) {
  for (Ring& ring : polygon.rings) {
    for (Position& position : ring) {
      position.lat_e7 += lat_e7;
      position.lon_e7 += lon_e7;
    }
  }
  return polygon;
}

std::optional<std::filesystem::path> data_file(const std::string& name) {
  const char* folder = std::getenv("TREEPROOF_DATA");
  const auto file = std::filesystem::path(folder != nullptr ? folder : "../shared/data") / name;
  return std::filesystem::exists(file) ? std::optional(file) : std::nullopt;
}

std::vector<NamedPolygon> read_geojson(const std::filesystem::path& file) {
  std::ifstream stream(file);
  const auto collection = nlohmann::json::parse(stream);
  std::vector<NamedPolygon> polygons;
  for (const auto& feature : collection.at("features")) {
    const auto& properties = feature.at("properties");
    const std::string name = properties.contains("name") ? properties.at("name").get<std::string>()
                                                         : std::to_string(polygons.size() + 1);
    const auto& coordinates = feature.at("geometry").at("coordinates");
    if (feature.at("geometry").at("type") == "Polygon") {
      polygons.push_back({name, read_polygon(coordinates)});
      continue;
    }
    for (const auto& part : coordinates) {
      polygons.push_back({name, read_polygon(part)});
    }
  }
  return polygons;
}

std::vector<Position> read_street_trees(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::vector<Position> positions;
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) {
    const std::size_t lon_at = line.rfind(',');
    const std::size_t lat_at = line.rfind(',', lon_at - 1);
    const double lat = std::strtod(line.c_str() + lat_at + 1, nullptr);
    const double lon = std::strtod(line.c_str() + lon_at + 1, nullptr);
    if (lat != 0) {
      positions.push_back({e7(lat), e7(lon)});
    }
  }
  return positions;
}

}  // namespace treeproof::geometry
