#include "node/import/outlines.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "node/import/geojson_reader.h"
#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

using rpc::Json;

constexpr const char* kSquare = "[[10,50],[10.01,50],[10.01,50.01],[10,50.01],[10,50]]";

Json feature(const std::string& type, const std::string& coordinates) {
  return Json::parse(R"({"type": "Feature", "properties": {"name": "North Field"}, "geometry":
      {"type": ")" + type +
                     R"(", "coordinates": )" + coordinates + "}}");
}

Outline only_outline(const std::string& coordinates) {
  const auto outlines = outlines_of(feature("Polygon", coordinates), {});
  EXPECT_EQ(outlines.size(), 1u);
  return outlines.front();
}

TEST(Outlines, TakeAPolygonAsItIs) {
  const Outline outline = only_outline("[" + std::string(kSquare) + "]");
  EXPECT_EQ(outline.reason, "");
  EXPECT_EQ(outline.ref, "north-field");
  EXPECT_EQ(outline.vertex_count(), 4u);
  EXPECT_GT(outline.area_m2, 700'000u);
  EXPECT_EQ(outline.repairs, Repairs{});
  EXPECT_EQ(outline.polygon.rings[0][1], (geometry::Position{500'000'000, 100'100'000}));
}

TEST(Outlines, TurnRingsToTheRightHandRule) {
  const std::string hole =
      "[[10.002,50.002],[10.004,50.002],[10.004,50.004],[10.002,50.004],[10.002,50.002]]";
  const Outline outline =
      only_outline("[[[10,50],[10,50.01],[10.01,50.01],[10.01,50],[10,50]]," + hole + "]");
  EXPECT_EQ(outline.reason, "");
  EXPECT_EQ(outline.repairs.rewound_rings, 2u);
}

TEST(Outlines, RoundExcessPrecisionAndIgnoreHeights) {
  const Outline outline = only_outline(
      "[[[10.00000001,50,3],[10.00000002,50,3],[10.01,50],[10.01,50.0100000049],"
      "[10,50.01],[10,50]]]");
  EXPECT_EQ(outline.reason, "");
  EXPECT_EQ(outline.repairs.rounded_positions, 3u);
  EXPECT_EQ(outline.repairs.merged_positions, 1u);
  EXPECT_EQ(outline.repairs.ignored_heights, 2u);
  EXPECT_EQ(outline.vertex_count(), 4u);
}

TEST(Outlines, SplitAMultiPolygonIntoParts) {
  const std::string second = "[[11,50],[11.01,50],[11.01,50.01],[11,50.01],[11,50]]";
  const auto outlines =
      outlines_of(feature("MultiPolygon", "[[" + std::string(kSquare) + "],[" + second + "]]"), {});
  ASSERT_EQ(outlines.size(), 2u);
  EXPECT_EQ(outlines[0].ref, "north-field-1");
  EXPECT_EQ(outlines[1].ref, "north-field-2");
  EXPECT_TRUE(outlines[0].is_good() && outlines[1].is_good());
}

TEST(Outlines, KeepTheNameOfAMultiPolygonWithOnePart) {
  const auto outlines =
      outlines_of(feature("MultiPolygon", "[[" + std::string(kSquare) + "]]"), {});
  ASSERT_EQ(outlines.size(), 1u);
  EXPECT_EQ(outlines[0].ref, "north-field");
}

TEST(Outlines, SayWhyTheyAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "geometry_too_few_positions"},
      {"[[[10,50],[10.01,50],[10,50]]]", "geometry_too_few_positions"},
      {"[[[10,50],[10.01,50],[10.01,50.01],[10,50.01]]]", "geometry_not_closed"},
      {"[[[10,50],[10.01,50.01],[10.01,50],[10,50.01],[10,50]]]", "geometry_self_intersection"},
      {"[[[10,89],[10.01,89],[10.01,89.01],[10,89]]]", "geometry_near_pole"},
      {"[[[10,91],[10.01,91],[10.01,91.01],[10,91]]]", "position_out_of_range"},
      {"[[[10,1e300],[10.01,91],[10.01,91.01],[10,91]]]", "position_out_of_range"},
      {"[[[10],[10.01,50],[10.01,50.01],[10,50]]]", "position_malformed"},
      {"[[[\"10\",50],[10.01,50],[10.01,50.01],[10,50]]]", "position_malformed"},
      {"[10,50]", "geometry_too_few_positions"},
  };
  for (const auto& [coordinates, reason] : cases) {
    EXPECT_EQ(only_outline(coordinates).reason, reason) << coordinates;
  }
}

TEST(Outlines, NeedAnAreaAndAName) {
  EXPECT_EQ(outlines_of(feature("LineString", "[[10,50],[11,50]]"), {})[0].reason,
            "geometry_unsupported");
  EXPECT_EQ(outlines_of(Json{{"geometry", nullptr}}, {})[0].reason, "geometry_missing");
  EXPECT_EQ(outlines_of(Json::array(), {})[0].reason, "feature_malformed");
  const Json square = feature("Polygon", "[" + std::string(kSquare) + "]");
  EXPECT_EQ(outlines_of(square, {.name = "title"})[0].reason, "name_missing");
  Json numbered = square;
  numbered["id"] = 277;
  EXPECT_EQ(outlines_of(numbered, {.name = ""})[0].ref, "277");
}

Outline point(const Json& area, const std::string& coordinates = "[10,50]") {
  Json json = feature("Point", coordinates);
  json["properties"]["area_m2"] = area;
  return outlines_of(json, {}).at(0);
}

TEST(Outlines, TakeAPointWithItsAreaAsTheSquareThatItCountsAs) {
  const Outline outline = point(2'500);
  EXPECT_EQ(outline.reason, "");
  EXPECT_EQ(outline.ref, "north-field");
  EXPECT_EQ(outline.point, (geometry::Position{500'000'000, 100'000'000}));
  EXPECT_EQ(outline.polygon, geometry::square_around(*outline.point, 2'500));
  EXPECT_EQ(outline.area_m2, 2'500u);
  EXPECT_TRUE(std::holds_alternative<geometry::Position>(outline.shape()));
}

TEST(Outlines, ReadTheAreaOfAPointInItsUnit) {
  EXPECT_EQ(point(2'499.5).area_m2, 2'500u);
  Json json = feature("Point", "[10,50]");
  json["properties"]["Area"] = 1.25;
  const PropertyNames hectares{.name = "name", .area = "Area", .area_unit_m2 = 10'000};
  EXPECT_EQ(outlines_of(json, hectares)[0].area_m2, 12'500u);
}

TEST(Outlines, SayWhyPointsAreRefused) {
  EXPECT_EQ(point(nullptr).reason, "area_missing");
  EXPECT_EQ(point("2500").reason, "area_missing");
  EXPECT_EQ(point(0).reason, "area_missing");
  EXPECT_EQ(point(-3).reason, "area_missing");
  EXPECT_EQ(outlines_of(feature("Point", "[10,50]"), {})[0].reason, "area_missing");
  EXPECT_EQ(point(40'000).reason, "");
  EXPECT_EQ(point(40'001).reason, "geometry_point_too_large");
  EXPECT_EQ(point(1e300).reason, "geometry_point_too_large");
  EXPECT_EQ(point(100, "[10,86]").reason, "geometry_near_pole");
  EXPECT_EQ(point(100, "[180,5]").reason, "geometry_crosses_antimeridian");
  EXPECT_EQ(point(100, "[181,5]").reason, "position_out_of_range");
  EXPECT_EQ(point(100, "[[10,50]]").reason, "position_malformed");
}

TEST(Outlines, RefuseTheSecondOfAName) {
  const TestFolder folder;
  const std::string one = feature("Polygon", "[" + std::string(kSquare) + "]").dump();
  const auto outlines =
      read_outlines(folder.write("two.geojson", R"({"type": "FeatureCollection", "features": [)" +
                                                    one + "," + one + "]}"),
                    {});
  ASSERT_TRUE(outlines.has_value());
  ASSERT_EQ(outlines->size(), 2u);
  EXPECT_TRUE((*outlines)[0].is_good());
  EXPECT_EQ((*outlines)[1].reason, "name_repeated");
}

std::size_t features_in(const std::string& text) {
  std::istringstream in(text);
  std::size_t count = 0;
  const auto read = for_each_feature(in, [&](const Json&) { ++count; });
  return read ? count : SIZE_MAX;
}

TEST(GeoJson, IsReadFeatureByFeature) {
  EXPECT_EQ(features_in(R"({"type": "FeatureCollection", "features": []})"), 0u);
  EXPECT_EQ(features_in(R"({"features": [{"a": [1, {"b": 2}]}, {}, {}],
                            "type": "FeatureCollection", "bbox": [1, 2]})"),
            3u);
  EXPECT_EQ(features_in(R"({"type": "Feature", "geometry": null})"), 1u);
  EXPECT_EQ(features_in(R"({"type": "Polygon", "coordinates": []})"), 1u);
}

TEST(GeoJson, IsRefusedWhereItIsNone) {
  for (const char* text :
       {"", "[]", "{", "{}", R"({"type": "Topology"})", R"({"type": "FeatureCollection"})",
        R"({"type": "FeatureCollection", "type": "Feature", "features": []})",
        R"({"type": "FeatureCollection", "features": [],
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}})"}) {
    EXPECT_EQ(features_in(text), SIZE_MAX) << text;
  }
  const std::string bomb(100'000, '[');
  EXPECT_EQ(features_in(R"({"type": "FeatureCollection", "features": )" + bomb), SIZE_MAX);
}

TEST(GeoJson, TakesTheOldNamesOfWgs84) {
  EXPECT_EQ(features_in(R"({"type": "FeatureCollection", "features": [],
      "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}})"),
            0u);
}

}  // namespace
}  // namespace treeproof::import
