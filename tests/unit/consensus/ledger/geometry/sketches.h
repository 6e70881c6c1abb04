// Polygons for properties: RapidCheck draws them from small numbers, so that what fails shrinks to
// few vertices, round steps and the equator. Owns no oracle. Called by the geometry tests only.
// Source: none, test data.
#pragma once

#include <rapidcheck.h>

#include <iosfwd>

#include "consensus/ledger/geometry/polygon.h"

namespace treeproof::geometry {

inline constexpr std::int32_t kLatticeSide = 12;  // steps

// Positions around a centre, in steps of its own along both axes. On the equator the plane is odd
// in latitude, so that diagonals through the centre pass exactly through lattice points.
struct Lattice {
  Position centre;
  std::int32_t lat_step_e7 = 1;
  std::int32_t lon_step_e7 = 1;
  // Rows go north and columns east, both from 0 to kLatticeSide, the centre being in the middle.
  Position at(std::int32_t row, std::int32_t column) const;
};

// Uniform over [least, most] whatever the size of the test; shrinks towards `least`.
std::int32_t draw(std::int32_t least, std::int32_t most);
// Between 83 degrees south and north, and 170 west and east; one in four on the equator.
Position draw_place();
// Each step one of 1, 10, ... up to `step_max_e7`.
Lattice draw_lattice(std::int32_t step_max_e7);

// Up to three holes in an outer ring, each ring any vertices of the lattice: most are refused, for
// any of the reasons of a shape.
Polygon draw_rings(const Lattice& lattice);
// Right by construction: a straight base, a skyline above it, up to three holes between them; edges
// on one line, slivers and vertices in the middle of nothing among them. Lies on either side.
Polygon draw_skyline(const Lattice& lattice);
// Right by construction but for the rounding of tiny ones: 5 to 24 corners around a place, at 0.5
// to 1 of the radius, and, from 30 m on, perhaps a hole of a fifth of it.
Polygon draw_spokes(Position centre, std::int32_t radius_m);
// Of 2 m to 2,500 m: 2,000 ha are a disc of 2,523 m.
std::int32_t draw_radius_m();

void showValue(const Polygon& polygon, std::ostream& out);

}  // namespace treeproof::geometry
