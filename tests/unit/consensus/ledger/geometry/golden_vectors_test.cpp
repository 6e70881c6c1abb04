#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "consensus/ledger/geometry/local_scale.h"
#include "consensus/ledger/geometry/plane_polygon.h"

namespace treeproof::geometry {
namespace {

using Json = nlohmann::json;

// Written by tests/vectors/geometry.py, a second implementation.
const Json& golden(const std::string& table) {
  static const Json vectors = [] {
    std::ifstream stream("tests/vectors/geometry.json");
    return Json::parse(stream);
  }();
  return vectors.at(table);
}

Position position_of(const Json& pair) {
  return {pair.at(0).get<std::int32_t>(), pair.at(1).get<std::int32_t>()};
}

Polygon polygon_of(const Json& rings) {
  Polygon polygon;
  for (const Json& ring : rings) {
    polygon.rings.emplace_back();
    for (const Json& pair : ring) {
      polygon.rings.back().push_back(position_of(pair));
    }
  }
  return polygon;
}

TEST(GoldenGeometry, Projection) {
  ASSERT_GE(golden("projection").size(), 90u);
  for (const Json& row : golden("projection")) {
    const PlanePoint point = project(position_of(row.at("position")));
    EXPECT_EQ(Json({point.x, point.y}), row.at("plane")) << row;
  }
}

TEST(GoldenGeometry, Scale) {
  ASSERT_GE(golden("scale").size(), 90u);
  for (const Json& row : golden("scale")) {
    const Json& difference = row.at("difference");
    const LocalVector way = LocalScale(row.at("lat").get<std::int32_t>())
                                .vector({}, {difference.at(0).get<std::int64_t>(),
                                             difference.at(1).get<std::int64_t>()});
    EXPECT_EQ(Json({way.east, way.north}), row.at("vector")) << row;
  }
}

TEST(GoldenGeometry, Areas) {
  ASSERT_GE(golden("areas").size(), 20u);
  for (const Json& row : golden("areas")) {
    const auto area = check(polygon_of(row.at("rings")));
    ASSERT_TRUE(area) << to_string(area.error());
    EXPECT_EQ(area->square_metres, row.at("m2").get<std::uint64_t>());
  }
}

TEST(GoldenGeometry, Refusals) {
  ASSERT_GE(golden("refusals").size(), 20u);
  for (const Json& row : golden("refusals")) {
    const auto area = check(polygon_of(row.at("rings")));
    ASSERT_FALSE(area) << row.at("name");
    EXPECT_EQ(to_string(area.error()), row.at("refusal").get<std::string>()) << row.at("name");
  }
}

TEST(GoldenGeometry, Reaches) {
  ASSERT_GE(golden("reaches").size(), 40u);
  for (const Json& row : golden("reaches")) {
    const PlanePolygon plot(polygon_of(row.at("rings")));
    const Position position = position_of(row.at("position"));
    const auto metres = row.at("metres").get<std::uint32_t>();
    EXPECT_TRUE(within_grown(plot, position, metres)) << row;
    EXPECT_FALSE(within_grown(plot, position, metres - 1)) << row;
  }
}

TEST(GoldenGeometry, Overlaps) {
  ASSERT_GE(golden("overlaps").size(), 70u);
  for (const Json& row : golden("overlaps")) {
    const PlanePolygon left(polygon_of(row.at("left")));
    const PlanePolygon right(polygon_of(row.at("right")));
    EXPECT_EQ(overlap_area_m2(left, right), row.at("m2").get<std::uint64_t>()) << row;
  }
}

TEST(GoldenGeometry, Squares) {
  ASSERT_GE(golden("squares").size(), 20u);
  for (const Json& row : golden("squares")) {
    const Polygon square =
        square_around(position_of(row.at("centre")), row.at("m2").get<std::uint64_t>());
    EXPECT_EQ(square, polygon_of(row.at("rings"))) << row;
    EXPECT_EQ(area_m2(square), row.at("recomputed_m2").get<std::uint64_t>()) << row;
  }
}

}  // namespace
}  // namespace treeproof::geometry
