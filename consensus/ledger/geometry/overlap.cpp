#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <span>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/geometry/plane_rounding.h"

namespace treeproof::geometry {
namespace {

constexpr int kTermFractionBits = 8;

// A non-vertical edge read from west to east. sign is +1 where the polygon lies below it, else -1.
struct Roof {
  PlanePoint west;
  PlanePoint east;
  int sign;

  std::int64_t run() const noexcept { return east.x - west.x; }
  // run() times the height at x.
  Int128 height_by_run(std::int64_t x) const noexcept {
    return static_cast<Int128>(west.y) * run() +
           static_cast<Int128>(east.y - west.y) * (x - west.x);
  }
};

std::vector<Roof> roofs_over(const PlanePolygon& polygon, const PlaneBox& box) {
  std::vector<Roof> roofs;
  for (const PlaneEdge& edge : polygon.edges()) {
    const bool westward = edge.to.x < edge.from.x;
    const PlanePoint west = westward ? edge.to : edge.from;
    const PlanePoint east = westward ? edge.from : edge.to;
    if (west.x != east.x && west.x < box.max_x && east.x > box.min_x) {
      roofs.push_back({west, east, westward ? 1 : -1});
    }
  }
  return roofs;
}

Int128 floor_quotient(Int128 dividend, std::int64_t divisor) noexcept {
  const Int128 quotient = dividend / divisor;
  return quotient - (quotient * divisor > dividend ? 1 : 0);
}

// Twice the integral of the roof's height over [west, east], floored to 2^-8.
Int128 doubled_integral(const Roof& roof, std::int64_t west, std::int64_t east) noexcept {
  const Int128 heights_by_run = roof.height_by_run(west) + roof.height_by_run(east);
  return floor_quotient((heights_by_run * (east - west)) * (Int128{1} << kTermFractionBits),
                        roof.run());
}

// Two crossing roofs enclose two triangles. Twice the eastern one, floored to 2^-8; the roofs' gaps
// at the ends of the common width are given times the product of their runs.
Int128 doubled_triangle(Int128 west_gap, Int128 east_gap, std::int64_t width, Int128 runs) {
  using Wide = boost::multiprecision::int512_t;
  const Wide numerator = (Wide(east_gap) * Wide(east_gap) * width) << kTermFractionBits;
  return static_cast<Int128>(Wide(numerator / (Wide(west_gap + east_gap) * Wide(runs))));
}

// Twice the integral of the lower of two roofs over their common width, with 8 fraction bits.
Int128 doubled_minimum(const Roof& first, const Roof& second) {
  const std::int64_t west = std::max(first.west.x, second.west.x);
  const std::int64_t east = std::min(first.east.x, second.east.x);
  if (west >= east) {
    return 0;
  }
  const auto gap = [&](std::int64_t x) {
    return first.height_by_run(x) * second.run() - second.height_by_run(x) * first.run();
  };
  const Int128 west_gap = gap(west);
  const Int128 east_gap = gap(east);
  const Int128 runs = static_cast<Int128>(first.run()) * second.run();
  const bool first_is_lower = west_gap < 0 || (west_gap == 0 && east_gap <= 0);
  const Int128 integral = doubled_integral(first_is_lower ? first : second, west, east);
  if (west_gap < 0 && east_gap > 0) {
    return integral - doubled_triangle(-west_gap, east_gap, east - west, runs);
  }
  if (west_gap > 0 && east_gap < 0) {
    return integral - doubled_triangle(west_gap, -east_gap, east - west, runs);
  }
  return integral;
}

}  // namespace

// A polygon is the signed sum of the regions below its edges, so a common area is the signed sum,
// over pairs of edges, of the region below both: no intersection is ever constructed.
std::uint64_t overlap_area_m2(const PlanePolygon& left, const PlanePolygon& right) {
  if (!left.box().meets(right.box())) {
    return 0;
  }
  const std::vector<Roof> left_roofs = roofs_over(left, right.box());
  const std::vector<Roof> right_roofs = roofs_over(right, left.box());
  Int128 doubled = 0;
  for (const Roof& first : left_roofs) {
    for (const Roof& second : right_roofs) {
      const Int128 term = doubled_minimum(first, second);
      doubled += first.sign == second.sign ? term : -term;
    }
  }
  return whole_square_metres(doubled, kTermFractionBits);
}

}  // namespace treeproof::geometry
