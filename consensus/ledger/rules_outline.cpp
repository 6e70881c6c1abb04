// I6 and I7: an outline that closes, covers what is stated and lies on nobody else's land.
#include "consensus/ledger/rules_outline.h"

#include <algorithm>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/geometry/wide_integer.h"
#include "consensus/ledger/plot_index.h"
#include "consensus/ledger/plot_outline.h"
#include "consensus/ledger/plot_overlaps.h"

namespace treeproof::ledger {

namespace {

using geometry::UInt128;

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::uint64_t kAreaTolerancePpm = 1'000;  // 0.1 %

Reason reason_of(geometry::PolygonRefusal refusal) {
  using enum geometry::PolygonRefusal;
  switch (refusal) {
    case too_many_holes:  // no more rings than that decode
      return Reason::geometry_invalid;
    case too_few_positions:
      return Reason::geometry_too_few_positions;
    case too_many_vertices:
      return Reason::geometry_too_many_vertices;
    case not_closed:
      return Reason::geometry_not_closed;
    case near_pole:
      return Reason::geometry_near_pole;
    case crosses_antimeridian:
      return Reason::geometry_crosses_antimeridian;
    case repeated_vertex:
      return Reason::geometry_repeated_vertex;
    case zero_area:
      return Reason::geometry_zero_area;
    case self_intersection:
      return Reason::geometry_self_intersection;
    case wrong_winding:
      return Reason::geometry_wrong_winding;
    case hole_outside:
      return Reason::geometry_hole_outside;
    case holes_cross:
      return Reason::geometry_holes_cross;
  }
  assert(false);
  return Reason::geometry_invalid;
}

// Whether part / whole <= limit, in parts per million, without a division.
bool within_ppm(std::uint64_t part, std::uint64_t whole, std::uint64_t limit_ppm) {
  return UInt128{part} * kMillion <= UInt128{whole} * limit_ppm;
}

// The polygon as which the attachment counts.
std::optional<geometry::Polygon> judge_shape(Judgement& judgement, const StatedOutline& stated) {
  const AttachmentPtr attachment = judgement.state().attachment(stated.geometry.root);
  const std::size_t bytes = attachment->bytes().size();
  if (!judgement.require(bytes <= kGeometryBytesMax, Reason::geometry_too_large,
                         [&] { return Numbers{{"bytes", std::to_string(bytes)}}; })) {
    return std::nullopt;
  }
  auto shape = geometry::decode_shape(attachment->bytes());
  if (!judgement.require(shape.has_value(), Reason::geometry_invalid, [&] {
        const auto error = shape ? crypto::CborError::none : shape.error();
        return Numbers{{"cbor", std::string(crypto::to_string(error))}};
      })) {
    return std::nullopt;
  }
  if (!judgement.require(
          geometry::admits_area(*shape, stated.area_m2), Reason::geometry_point_too_large, [&] {
            return Numbers{{"area_m2", std::to_string(stated.area_m2)},
                           {"limit_m2", std::to_string(geometry::kPointPlotAreaMaxM2)}};
          })) {
    return std::nullopt;
  }
  return geometry::counted_polygon(*std::move(shape), stated.area_m2);
}

std::optional<Outline> judge_form(Judgement& judgement, const StatedOutline& stated) {
  auto polygon = judge_shape(judgement, stated);
  if (!polygon) return std::nullopt;
  const auto area = geometry::check(*polygon);
  for (std::size_t i = 0; i <= static_cast<std::size_t>(geometry::PolygonRefusal::holes_cross);
       ++i) {
    const auto refusal = static_cast<geometry::PolygonRefusal>(i);
    const bool broken = !area && area.error() == refusal;
    if (!judgement.require(!broken, reason_of(refusal))) return std::nullopt;
  }
  const geometry::BoundingBox box = geometry::bounding_box(*polygon);
  return Outline{
      *std::move(polygon),
      area->square_metres,
      {box.south_west.lat_e7, box.south_west.lon_e7, box.north_east.lat_e7, box.north_east.lon_e7}};
}

// I6, the size.
bool judge_area(Judgement& judgement, std::uint64_t stated, const Outline& outline) {
  const std::uint64_t found = outline.area_m2;
  const std::uint64_t difference = std::max(stated, found) - std::min(stated, found);
  const std::uint64_t area_max = judgement.parameters().plot_area_max_m2;
  const std::uint64_t cells = cell_count(outline.box);
  return judgement.require(within_ppm(difference, found, kAreaTolerancePpm),
                           Reason::plot_area_mismatch,
                           [&] {
                             return Numbers{{"stated_m2", std::to_string(stated)},
                                            {"recomputed_m2", std::to_string(found)}};
                           }) &&
         judgement.require(found <= area_max, Reason::plot_too_large,
                           [&] {
                             return Numbers{{"area_m2", std::to_string(found)},
                                            {"limit_m2", std::to_string(area_max)}};
                           }) &&
         judgement.require(cells <= kCellsPerPlotMax, Reason::plot_too_wide, [&] {
           return Numbers{{"cells", std::to_string(cells)},
                          {"limit", std::to_string(kCellsPerPlotMax)}};
         });
}

bool judge_sum(Judgement& judgement, const ObjectId& plot, std::uint64_t overlap_m2,
               std::uint64_t area_m2) {
  const std::uint64_t limit_ppm = judgement.parameters().overlap_sum_max_ppm;
  return judgement.require(within_ppm(overlap_m2, area_m2, limit_ppm),
                           Reason::plot_overlaps_neighbours, [&] {
                             return Numbers{{"plot", plot.text},
                                            {"overlap_m2", std::to_string(overlap_m2)},
                                            {"area_m2", std::to_string(area_m2)},
                                            {"limit_ppm", std::to_string(limit_ppm)}};
                           });
}

}  // namespace

std::optional<Outline> judge_outline(Judgement& judgement, const StatedOutline& stated) {
  auto outline = judge_form(judgement, stated);
  if (!outline || !judge_area(judgement, stated.area_m2, *outline)) return std::nullopt;
  return outline;
}

std::optional<std::vector<Neighbour>> judge_shared(Judgement& judgement,
                                                   std::span<const ObjectId> plots,
                                                   const Outline& outline) {
  const State& state = judgement.state();
  const geometry::PlanePolygon plane(outline.polygon);
  std::vector<Neighbour> found;
  for (const ObjectId& id : plots) {
    const auto plot = state.find<PlotObject>(id);
    assert(plot.has_value());
    const crypto::Hash& root = plot->payload.geometry.root;
    const AttachmentPtr attachment = state.attachment(root);
    if (!judgement.require(attachment != nullptr, Reason::earlier_attachment_missing,
                           [&] { return Numbers{{"root", crypto::to_hex(root)}}; })) {
      return std::nullopt;
    }
    const geometry::PlanePolygon other(outline_of(plot->payload, *attachment));
    const std::uint64_t overlap_m2 = geometry::overlap_area_m2(plane, other);
    if (overlap_m2 > 0) found.push_back({id, plot->area_m2, overlap_m2});
  }
  return found;
}

std::optional<std::vector<Neighbour>> judge_neighbours(Judgement& judgement, const ObjectId& own,
                                                       Layer layer, const Outline& outline) {
  std::vector<ObjectId> plots;
  for (const PlacedObject& candidate : plots_meeting(judgement.state(), layer, outline.box)) {
    const auto plot = judgement.state().find<PlotObject>(candidate.id);
    assert(plot.has_value());
    if (candidate.id != own && plot->holds_land()) plots.push_back(candidate.id);
  }
  return judge_shared(judgement, plots, outline);
}

bool is_sliver(const Judgement& judgement, std::uint64_t area_m2, const Neighbour& neighbour) {
  return within_ppm(neighbour.overlap_m2, std::min(area_m2, neighbour.area_m2),
                    judgement.parameters().overlap_pair_max_ppm);
}

bool judge_overlaps(Judgement& judgement, const ObjectId& own, const Outline& outline,
                    std::span<const Neighbour> neighbours) {
  const std::uint64_t limit_ppm = judgement.parameters().overlap_pair_max_ppm;
  std::uint64_t sum = 0;
  for (const Neighbour& neighbour : neighbours) {
    const std::uint64_t smaller = std::min(outline.area_m2, neighbour.area_m2);
    const auto numbers = [&] {
      return Numbers{{"conflicting_plot", neighbour.id.text},
                     {"overlap_m2", std::to_string(neighbour.overlap_m2)},
                     {"smaller_m2", std::to_string(smaller)},
                     {"limit_ppm", std::to_string(limit_ppm)}};
    };
    if (!judgement.require(is_sliver(judgement, outline.area_m2, neighbour), Reason::plot_overlaps,
                           numbers)) {
      return false;
    }
    sum += neighbour.overlap_m2;
  }
  return judge_sum(judgement, own, sum, outline.area_m2) &&
         std::ranges::all_of(neighbours, [&](const Neighbour& neighbour) {
           auto overlaps = overlaps_of(judgement.state(), neighbour.id);
           overlaps[own] = neighbour.overlap_m2;
           return judge_sum(judgement, neighbour.id, sum_of(overlaps), neighbour.area_m2);
         });
}

}  // namespace treeproof::ledger
