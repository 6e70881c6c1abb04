// What every outline of a plot is asked, when it is registered and when it is revised (I6, I7).
// Owns no object. Callers: rules_plot, rules_plot_revision, rules_layers. Pure.
// Source: docs/ledger.md I6, I7.
#pragma once

#include "consensus/ledger/geometry/polygon.h"
#include "consensus/ledger/plot_overlaps.h"
#include "consensus/ledger/rules.h"

namespace treeproof::ledger {

struct StatedOutline {
  const AttachmentRef& geometry;
  std::uint64_t area_m2 = 0;
};

// The polygon as which the attachment counts, and its recomputed area.
struct Outline {
  geometry::Polygon polygon;
  std::uint64_t area_m2 = 0;
  Box box;
};
// I6: geometry_*, plot_area_mismatch, plot_too_large, plot_too_wide; nothing after a refusal.
std::optional<Outline> judge_outline(Judgement& judgement, const StatedOutline& stated);

// The plots of the layer that hold land and share ground with the outline, `own` left out,
// ascending by id; nothing after a refusal (earlier_attachment_missing).
std::optional<std::vector<Neighbour>> judge_neighbours(Judgement& judgement, const ObjectId& own,
                                                       Layer layer, const Outline& outline);
// The same of these plots only. Requires: each holds land.
std::optional<std::vector<Neighbour>> judge_shared(Judgement& judgement,
                                                   std::span<const ObjectId> plots,
                                                   const Outline& outline);
// Whether two plots share no more than overlap_pair_max_ppm of the smaller: surveys are not
// perfect.
bool is_sliver(const Judgement& judgement, std::uint64_t area_m2, const Neighbour& neighbour);
// I7: plot_overlaps with each neighbour, then plot_overlaps_neighbours with all together, for the
// plot and for each neighbour.
bool judge_overlaps(Judgement& judgement, const ObjectId& own, const Outline& outline,
                    std::span<const Neighbour> neighbours);

}  // namespace treeproof::ledger
