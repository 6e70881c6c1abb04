#include "tests/unit/consensus/ledger/geometry/sketches.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <ostream>

namespace treeproof::geometry {
namespace {

constexpr double kMetresPerE7 = 111'319.5e-7;
// No multiple of a power of ten, so that places are as odd as real ones.
constexpr std::int32_t kAlmostADegreeE7 = 9'999'973;

// 0, -1, 1, -2, 2, ...
std::int32_t draw_signed(std::int32_t most) {
  const std::int32_t n = draw(0, 2 * most);
  return n % 2 == 0 ? n / 2 : -(n + 1) / 2;
}

std::int32_t draw_step(std::int32_t step_max_e7) {
  const auto powers = static_cast<std::int32_t>(std::lround(std::log10(step_max_e7)));
  return static_cast<std::int32_t>(std::lround(std::pow(10, draw(0, powers))));
}

void close(Ring& ring) { ring.push_back(ring.front()); }

Ring draw_ring(const Lattice& lattice, std::int32_t vertices_most, std::int32_t window) {
  const std::int32_t row = draw(0, kLatticeSide - window);
  const std::int32_t column = draw(0, kLatticeSide - window);
  Ring ring;
  for (std::int32_t left = draw(3, vertices_most); left > 0; --left) {
    ring.push_back(lattice.at(row + draw(0, window), column + draw(0, window)));
  }
  close(ring);
  return ring;
}

struct Corner {
  std::int32_t row;
  std::int32_t column;
};

// Clockwise, between the columns of `west` and the next, in rows 1 to 3.
std::vector<Corner> hole_corners(std::int32_t west, std::int32_t kind) {
  const std::int32_t east = west + 1;
  switch (kind) {
    case 0:
      return {{1, west}, {3, west}, {3, east}, {1, east}};
    case 1:
      return {{1, west}, {3, west}, {3, east}};
    case 2:
      return {{1, west}, {3, east}, {2, east}};
    default:
      return {{1, west}, {2, west}, {3, west}, {2, east}};
  }
}

std::vector<Corner> draw_outer_corners(std::int32_t columns) {
  std::vector<Corner> corners;
  const std::int32_t base_step = draw(0, 1) == 0 ? columns : 1;
  for (std::int32_t column = 0; column <= columns; column += base_step) {
    corners.push_back({0, column});
  }
  for (std::int32_t column = columns; column >= 0; --column) {
    corners.push_back({draw(4, kLatticeSide), column});
  }
  return corners;
}

// Laid on its side, a ring would wind the other way.
Ring ring_of(const Lattice& lattice, const std::vector<Corner>& corners, bool on_its_side) {
  Ring ring;
  for (const Corner& corner : corners) {
    ring.push_back(on_its_side ? lattice.at(corner.column, corner.row)
                               : lattice.at(corner.row, corner.column));
  }
  close(ring);
  if (on_its_side) std::ranges::reverse(ring);
  return ring;
}

Ring spoked_ring(Position centre, std::int32_t spokes, double radius_m) {
  const double stretch = 1 / std::cos(centre.lat_e7 * 1e-7 * std::numbers::pi / 180);
  Ring ring;
  for (std::int32_t i = 0; i < spokes; ++i) {
    const double turned = 2 * std::numbers::pi * i / spokes;
    const double reach = radius_m / kMetresPerE7 * (1'000 - draw(0, 500)) / 1e3;
    const auto north = static_cast<std::int32_t>(std::lround(reach * std::sin(turned)));
    const auto east = static_cast<std::int32_t>(std::lround(reach * stretch * std::cos(turned)));
    ring.push_back({centre.lat_e7 + north, centre.lon_e7 + east});
  }
  close(ring);
  return ring;
}

}  // namespace

Position Lattice::at(std::int32_t row, std::int32_t column) const {
  return {centre.lat_e7 + (row - kLatticeSide / 2) * lat_step_e7,
          centre.lon_e7 + (column - kLatticeSide / 2) * lon_step_e7};
}

std::int32_t draw(std::int32_t least, std::int32_t most) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(least, most + 1));
}

Position draw_place() {
  const std::int32_t lat = draw(0, 3) == 0 ? 0 : draw_signed(83);
  return {lat * kAlmostADegreeE7, draw_signed(170) * kAlmostADegreeE7};
}

Lattice draw_lattice(std::int32_t step_max_e7) {
  return {draw_place(), draw_step(step_max_e7), draw_step(step_max_e7)};
}

Polygon draw_rings(const Lattice& lattice) {
  Polygon polygon;
  polygon.rings.push_back(draw(0, 3) == 0 ? draw_ring(lattice, 7, kLatticeSide)
                                          : draw_skyline(lattice).rings.front());
  for (std::int32_t holes = draw(0, 3); holes > 0; --holes) {
    polygon.rings.push_back(draw_ring(lattice, 4, 3));
  }
  return polygon;
}

Polygon draw_skyline(const Lattice& lattice) {
  const std::int32_t columns = draw(1, kLatticeSide);
  const bool on_its_side = draw(0, 1) == 1;
  Polygon polygon{{ring_of(lattice, draw_outer_corners(columns), on_its_side)}};
  const std::int32_t room = std::max(0, (columns - 1) / 3);
  const std::int32_t holes = draw(0, room);
  for (std::int32_t hole = 0; hole < holes; ++hole) {
    const auto corners = hole_corners(3 * hole + 1, draw(0, 3));
    polygon.rings.push_back(ring_of(lattice, corners, on_its_side));
  }
  return polygon;
}

Polygon draw_spokes(Position centre, std::int32_t radius_m) {
  Polygon polygon{{spoked_ring(centre, draw(5, 24), radius_m)}};
  if (radius_m >= 30 && draw(0, 1) == 1) {
    Ring hole = spoked_ring(centre, draw(5, 12), radius_m / 5.0);
    std::ranges::reverse(hole);
    polygon.rings.push_back(std::move(hole));
  }
  return polygon;
}

std::int32_t draw_radius_m() {
  static constexpr std::int32_t kMetres[] = {2, 30, 300, 1'000, 2'500};
  return kMetres[draw(0, 4)];
}

void showValue(const Polygon& polygon, std::ostream& out) {
  for (const Ring& ring : polygon.rings) {
    out << "[";
    for (const Position& position : ring) {
      out << " (" << position.lat_e7 << ", " << position.lon_e7 << ")";
    }
    out << " ]\n";
  }
}

}  // namespace treeproof::geometry
