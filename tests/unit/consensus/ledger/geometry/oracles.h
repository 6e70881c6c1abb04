// What GEOS and S2 say about the same polygons.
// GEOS answers in the integer plane, whose coordinates a double holds exactly; S2 on the sphere of
// equal area, at authalic latitudes. Called by the geometry tests only. Source: none, test oracle.
#pragma once

#include "consensus/ledger/geometry/polygon.h"

namespace treeproof::geometry {

bool geos_is_valid(const Polygon& polygon);
// Requires: valid polygons.
double geos_overlap_m2(const Polygon& left, const Polygon& right);
bool geos_covers(const Polygon& polygon, Position position);
// In metres, for a position outside; plane distances scaled at the position's latitude.
double geos_distance_m(const Polygon& polygon, Position position);

bool s2_is_valid(const Polygon& polygon);
double s2_area_m2(const Polygon& polygon);
double s2_overlap_m2(const Polygon& left, const Polygon& right);
bool s2_contains(const Polygon& polygon, Position position);

// The authalic sine, and metres per radian along the parallel, by the textbook's formulas.
double authalic_sine(double lat_degrees);
double parallel_radius_m(double lat_degrees);

}  // namespace treeproof::geometry
