// Outlines of plots out of GeoJSON features: mended where the meaning is plain, judged by the very
// function that the ledger uses, refused with its reasons otherwise.
// Owns no rule of the ledger. Callers: plots command; trees command (areas without a node).
// Source: RFC 7946 section 3.1; docs/importing.md "Plots"; docs/geometry.md section 4.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/geometry/polygon.h"
#include "node/cli/outcome.h"
#include "rpc/json.h"

namespace treeproof::import {

// What was done to an outline so that it can be recorded.
struct Repairs {
  std::uint64_t rewound_rings = 0;      // turned to the right-hand rule
  std::uint64_t rounded_positions = 0;  // finer than 1e-7 degrees
  std::uint64_t merged_positions = 0;   // the same as their predecessor once rounded
  std::uint64_t ignored_heights = 0;    // positions with a third number
  Repairs& operator+=(const Repairs& other) noexcept;
  bool operator==(const Repairs&) const = default;
};

// Where a feature says what it is called, and how large it is where it is a mere point.
struct PropertyNames {
  std::string name = "name";  // empty: the feature's id
  std::string area = "area_m2";
  std::uint64_t area_unit_m2 = 1;  // 10,000: the property is in hectares
};

struct Outline {
  std::string ref;            // derived from the name; each part of several has "-1", "-2", ...
  std::string name;           // as the file has it
  std::string reason;         // why it is refused; empty where it is not
  geometry::Polygon polygon;  // of a point the square that it counts as
  std::optional<geometry::Position> point;  // where that is what was drawn
  std::uint64_t area_m2 = 0;                // of a point as its property says
  Repairs repairs;

  bool is_good() const noexcept { return reason.empty(); }
  geometry::Shape shape() const;
  std::size_t vertex_count() const noexcept;  // of all rings, closing positions apart
};

// The outlines of one feature: one for a Polygon, one for each part of a MultiPolygon, the square
// of a Point. At least one, refused where nothing can be made of it: feature_malformed,
// name_missing, geometry_missing, geometry_unsupported (neither area nor point), area_missing (a
// point without), geometry_point_too_large, position_malformed, position_out_of_range,
// geometry_too_large, and geometry_ with every PolygonRefusal.
std::vector<Outline> outlines_of(const rpc::Json& feature, const PropertyNames& properties);

// Those of a whole file; of outlines with the same ref all but the first are refused
// (name_repeated).
cli::Result<std::vector<Outline>> read_outlines(const std::filesystem::path& file,
                                                const PropertyNames& properties);

}  // namespace treeproof::import
