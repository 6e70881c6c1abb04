// The features of a GeoJSON file, one after the other: a file of any length, one feature in memory.
// Owns no meaning of a feature (outlines.h). Callers: plots, trees command. One thread.
// Source: RFC 7946.
#pragma once

#include <functional>
#include <iosfwd>

#include "node/cli/outcome.h"
#include "rpc/json.h"

namespace treeproof::import {

inline constexpr std::size_t kFeatureValuesMax = 4'000'000;

// A FeatureCollection's features in their order; a single Feature or geometry is visited alone.
// Refuses what is not such a file, a feature above kFeatureValuesMax values or nested too deeply,
// and coordinates that are not WGS84 degrees (a `crs` of before RFC 7946 that says otherwise; it
// may stand after the features, so nothing is to be signed before this returns).
cli::Result<void> for_each_feature(std::istream& in,
                                   const std::function<void(const rpc::Json&)>& visit);

}  // namespace treeproof::import
