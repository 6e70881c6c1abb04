#include "node/import/outlines.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/geometry/polygon_codec.h"
#include "node/import/derived_names.h"
#include "node/import/geojson_reader.h"

namespace treeproof::import {

namespace {

using geometry::Position;
using rpc::Json;

constexpr double kStepsPerDegree = 1e7;
// A shorter way from the lattice is the noise of binary fractions, not precision of the file.
constexpr double kLatticeNoise = 1e-4;
constexpr double kDegreesMax = 1e6;

// Where a polygon breaks: the reason, or the polygon and what was mended.
struct Reading {
  std::string reason;
  Repairs repairs;

  bool fail(std::string_view why) {
    if (reason.empty()) reason = why;
    return false;
  }
};

bool read_step(const Json& number, Reading& reading, std::int32_t& step, bool& rounded) {
  const double degrees = number.is_number() ? number.get<double>() : NAN;
  if (!std::isfinite(degrees)) return reading.fail("position_malformed");
  if (std::abs(degrees) > kDegreesMax) return reading.fail("position_out_of_range");
  const double steps = degrees * kStepsPerDegree;
  const std::int64_t nearest = std::llround(steps);
  if (std::abs(nearest) > geometry::kLongitudeMaxE7) return reading.fail("position_out_of_range");
  rounded = rounded || std::abs(steps - static_cast<double>(nearest)) > kLatticeNoise;
  step = static_cast<std::int32_t>(nearest);
  return true;
}

bool read_position(const Json& json, Reading& reading, Position& position) {
  if (!json.is_array() || json.size() < 2) return reading.fail("position_malformed");
  bool rounded = false;
  if (!read_step(json[0], reading, position.lon_e7, rounded) ||
      !read_step(json[1], reading, position.lat_e7, rounded)) {
    return false;
  }
  if (!geometry::in_range(position)) return reading.fail("position_out_of_range");
  reading.repairs.rounded_positions += rounded ? 1 : 0;
  reading.repairs.ignored_heights += json.size() > 2 ? 1 : 0;
  return true;
}

bool read_ring(const Json& json, Reading& reading, geometry::Ring& ring) {
  if (!json.is_array() || json.empty()) return reading.fail("geometry_too_few_positions");
  for (const Json& each : json) {
    Position position;
    if (!read_position(each, reading, position)) return false;
    if (!ring.empty() && ring.back() == position) {
      ++reading.repairs.merged_positions;
    } else {
      ring.push_back(position);
    }
  }
  return true;
}

// The outer ring counter-clockwise, holes clockwise.
void wind(geometry::Polygon& polygon, Reading& reading) {
  for (std::size_t i = 0; i < polygon.rings.size(); ++i) {
    geometry::Ring& ring = polygon.rings[i];
    const geometry::Int128 area = geometry::doubled_area(geometry::edges_of(ring));
    const bool is_wrong = i == 0 ? area < 0 : area > 0;
    if (!is_wrong) continue;
    std::ranges::reverse(ring);
    ++reading.repairs.rewound_rings;
  }
}

void judge(Outline& outline) {
  if (const auto area = geometry::check(outline.polygon)) {
    outline.area_m2 = area->square_metres;
  } else {
    outline.reason = "geometry_" + std::string(to_string(area.error()));
    return;
  }
  if (geometry::encode_shape(outline.shape()).size() > kGeometryBytesMax) {
    outline.reason = "geometry_too_large";
  }
}

// `rings` as the coordinates of a Polygon.
Outline outline_of(const Json& rings) {
  Outline outline;
  Reading reading;
  bool is_read = rings.is_array() && !rings.empty();
  if (!is_read) reading.fail("geometry_too_few_positions");
  for (std::size_t i = 0; i < rings.size() && is_read; ++i) {
    is_read = read_ring(rings[i], reading, outline.polygon.rings.emplace_back());
  }
  if (is_read) wind(outline.polygon, reading);
  outline.repairs = reading.repairs;
  outline.reason = reading.reason;
  if (is_read) judge(outline);
  return outline;
}

// A member of the feature's properties; null where there is none.
const Json* property_of(const Json& feature, const std::string& name) {
  const auto properties = feature.find("properties");
  if (properties == feature.end() || !properties->is_object()) return nullptr;
  const auto found = properties->find(name);
  return found == properties->end() ? nullptr : &*found;
}

std::string name_of(const Json& feature, const std::string& property) {
  const auto id = feature.find("id");
  const Json* name = property_of(feature, property);
  if (property.empty()) name = id == feature.end() ? nullptr : &*id;
  if (name == nullptr) return {};
  if (name->is_string()) return name->get<std::string>();
  return name->is_number_integer() ? name->dump() : std::string();
}

// The stated area in whole m2; nothing where there is none, or not even half of one.
std::optional<std::uint64_t> area_of(const Json& feature, const PropertyNames& properties) {
  const Json* area = property_of(feature, properties.area);
  if (area == nullptr || !area->is_number()) return std::nullopt;
  const double square_metres = area->get<double>() * static_cast<double>(properties.area_unit_m2);
  constexpr double kAreaMax = 1e12;  // far above what a point may have, and below any overflow
  if (!(square_metres >= 0.5)) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(std::min(square_metres, kAreaMax)));
}

// `position` as the coordinates of a Point.
Outline point_of(const Json& position, std::optional<std::uint64_t> area_m2) {
  Outline outline;
  Reading reading;
  Position point;
  const bool is_read = read_position(position, reading, point);
  if (is_read && !area_m2) reading.fail("area_missing");
  outline.repairs = reading.repairs;
  outline.reason = reading.reason;
  if (!outline.is_good()) return outline;
  outline.point = point;
  outline.area_m2 = *area_m2;
  if (!geometry::admits_area(point, *area_m2)) {
    outline.reason = "geometry_point_too_large";
    return outline;
  }
  outline.polygon = geometry::square_around(point, *area_m2);
  const auto area = geometry::check(outline.polygon);
  if (!area) outline.reason = "geometry_" + std::string(to_string(area.error()));
  return outline;
}

std::vector<Outline> refused(std::string_view reason) {
  Outline outline;
  outline.reason = reason;
  return {std::move(outline)};
}

// Of a feature's geometry, without names.
std::vector<Outline> parts_of(const Json& feature, const PropertyNames& properties) {
  if (!feature.is_object()) return refused("feature_malformed");
  const auto geometry = feature.find("geometry");
  if (geometry == feature.end() || !geometry->is_object()) return refused("geometry_missing");
  const auto type = geometry->find("type");
  const auto coordinates = geometry->find("coordinates");
  if (type == geometry->end() || coordinates == geometry->end()) return refused("geometry_missing");
  if (*type == "Polygon") return {outline_of(*coordinates)};
  if (*type == "Point") return {point_of(*coordinates, area_of(feature, properties))};
  if (*type != "MultiPolygon") return refused("geometry_unsupported");
  if (!coordinates->is_array() || coordinates->empty()) return refused("geometry_missing");
  std::vector<Outline> outlines;
  for (const Json& part : *coordinates) outlines.push_back(outline_of(part));
  return outlines;
}

}  // namespace

Repairs& Repairs::operator+=(const Repairs& other) noexcept {
  rewound_rings += other.rewound_rings;
  rounded_positions += other.rounded_positions;
  merged_positions += other.merged_positions;
  ignored_heights += other.ignored_heights;
  return *this;
}

std::size_t Outline::vertex_count() const noexcept {
  std::size_t count = 0;
  for (const geometry::Ring& ring : polygon.rings) count += ring.empty() ? 0 : ring.size() - 1;
  return count;
}

geometry::Shape Outline::shape() const {
  return point ? geometry::Shape(*point) : geometry::Shape(polygon);
}

std::vector<Outline> outlines_of(const Json& feature, const PropertyNames& properties) {
  std::vector<Outline> outlines = parts_of(feature, properties);
  const std::string name = feature.is_object() ? name_of(feature, properties.name) : std::string();
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    Outline& outline = outlines[i];
    const std::string suffix = outlines.size() > 1 ? "-" + std::to_string(i + 1) : "";
    outline.name = name;
    outline.ref = derived_code(name, kRefCharsMax - suffix.size());
    if (!outline.ref.empty()) outline.ref += suffix;
    if (outline.ref.empty() && outline.is_good()) outline.reason = "name_missing";
  }
  return outlines;
}

cli::Result<std::vector<Outline>> read_outlines(const std::filesystem::path& file,
                                                const PropertyNames& properties) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return cli::fail("\"" + file.string() + "\" could not be read: " + std::strerror(errno) + ".",
                     "Check the name and the permissions.");
  }
  std::vector<Outline> outlines;
  std::set<std::string> refs;
  auto read = for_each_feature(in, [&](const Json& feature) {
    for (Outline& outline : outlines_of(feature, properties)) {
      const bool is_repeated = outline.is_good() && !refs.insert(outline.ref).second;
      if (is_repeated) outline.reason = "name_repeated";
      outlines.push_back(std::move(outline));
    }
  });
  if (!read) return std::unexpected(read.error());
  return outlines;
}

}  // namespace treeproof::import
