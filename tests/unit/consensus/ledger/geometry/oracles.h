// What GEOS, S2 and the ellipsoid in space say about the same polygons.
// GEOS answers in the integer plane, whose coordinates a double holds exactly; S2 on the sphere of
// equal area, at authalic latitudes. Called by the geometry tests only. Source: none, test oracle.
#pragma once

#include <optional>

#include "consensus/ledger/geometry/polygon.h"

namespace treeproof::geometry {

bool geos_is_valid(const Polygon& polygon);
// Why the shape of the rings is refused, by GEOS's predicates in the order of docs/geometry.md;
// nothing where it is not. Requires: closed rings of four positions or more.
std::optional<PolygonRefusal> geos_refusal(const Polygon& polygon);
// Requires: valid polygons.
double geos_area_m2(const Polygon& polygon);
double geos_overlap_m2(const Polygon& left, const Polygon& right);
bool geos_covers(const Polygon& polygon, Position position);
// In metres, for a position outside; plane distances scaled at the position's latitude.
double geos_distance_m(const Polygon& polygon, Position position);
// The same to the nearest edge, from inside, too.
double geos_outline_distance_m(const Polygon& polygon, Position position);

bool s2_is_valid(const Polygon& polygon);
double s2_area_m2(const Polygon& polygon);
double s2_overlap_m2(const Polygon& left, const Polygon& right);
bool s2_contains(const Polygon& polygon, Position position);
// Whether the plot reaches over the antimeridian, or around a pole.
bool s2_wraps(const Polygon& polygon);

// The area as it lies on the plane that touches the ellipsoid in the middle of its box: by
// coordinates in space, so neither an authalic latitude nor a sphere is asked. Up to 10 km wide it
// is less by at most 10^-6: the cosine of the angle between the normals of middle and rim.
double ellipsoid_area_m2(const Polygon& polygon);
// By how much an area may differ because edges are straight in the plane, and not geodesic. Such an
// edge bends by at most tan(lat) / R (its geodesic curvature is tan(lat) sin(a) (1 - 2 cos^2(a)) /
// R at the azimuth a), and an arc of curvature k and length L encloses k L^3 / 12 with its chord.
double bending_m2(const Polygon& polygon);

// The authalic sine, and metres per radian along the parallel, by the textbook's formulas.
double authalic_sine(double lat_degrees);
double parallel_radius_m(double lat_degrees);

}  // namespace treeproof::geometry
