// Outlines of plots out of GeoJSON features: mended where the meaning is plain, judged by the very
// function that the ledger uses, refused with its reasons otherwise.
// Owns no rule of the ledger. Callers: plots command; trees command (areas without a node).
// Source: RFC 7946 section 3.1; docs/importing.md "Plots"; docs/geometry.md section 4.
#pragma once

#include <cstdint>
#include <filesystem>
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

struct Outline {
  std::string ref;     // derived from the name; each part of several has "-1", "-2", ...
  std::string name;    // as the file has it
  std::string reason;  // why it is refused; empty where it is not
  geometry::Polygon polygon;
  std::uint64_t area_m2 = 0;
  Repairs repairs;

  bool is_good() const noexcept { return reason.empty(); }
  std::size_t vertex_count() const noexcept;  // of all rings, closing positions apart
};

// The outlines of one feature: one for a Polygon, one for each part of a MultiPolygon. At least
// one, refused where nothing can be made of it: feature_malformed, name_missing, geometry_missing,
// geometry_unsupported (no area), position_malformed, position_out_of_range, geometry_too_large,
// and geometry_ with every PolygonRefusal. `name_property` empty: the feature's id is its name.
std::vector<Outline> outlines_of(const rpc::Json& feature, const std::string& name_property);

// Those of a whole file; of outlines with the same ref all but the first are refused
// (name_repeated).
cli::Result<std::vector<Outline>> read_outlines(const std::filesystem::path& file,
                                                const std::string& name_property);

}  // namespace treeproof::import
