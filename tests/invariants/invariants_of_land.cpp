// I6 to I9: plots, what grows on them and where.
#include <algorithm>
#include <set>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/plot_outline.h"
#include "tests/invariants/inventory.h"

namespace treeproof::invariants {

using namespace ledger;

void outlines_measured(const Inventory& all, Verdict& verdict) {
  const Parameters parameters = parameters_of(all.reader);
  for (const auto& [id, plot] : all.plots) {
    const AttachmentPtr geometry = all.reader.attachment(plot.payload.geometry.root);
    if (!geometry) continue;  // redacted
    const auto area = geometry::check(outline_of(plot.payload, *geometry));
    const std::uint64_t counted = area ? area->square_metres : 0;
    const std::uint64_t stated = plot.payload.area;
    const std::uint64_t off = std::max(stated, counted) - std::min(stated, counted);
    const bool is_point = outline_of(plot.payload, *geometry).rings.size() == 1 &&
                          geometry->leaf(0).size() < 16;  // one position: a square of its area
    verdict.require(
        is_point || (area && plot.area_m2 == counted && off * 1'000 <= counted &&
                     counted <= parameters.plot_area_max_m2),
        [&, of = std::string_view(id)] {
          return told(
              of, {{"stated m2", stated}, {"kept m2", plot.area_m2}, {"recomputed m2", counted}});
        });
  }
}

void plots_apart(const Inventory& all, Verdict& verdict) {
  const Parameters parameters = parameters_of(all.reader);
  for (auto left = all.plots.begin(); left != all.plots.end(); ++left) {
    for (auto right = std::next(left); right != all.plots.end(); ++right) {
      const PlotObject& one = left->second;
      const PlotObject& other = right->second;
      const bool may_meet = one.payload.layer == other.payload.layer && one.holds_land() &&
                            other.holds_land() && one.box.meets(other.box);
      if (!may_meet) continue;
      const AttachmentPtr first = all.reader.attachment(one.payload.geometry.root);
      const AttachmentPtr second = all.reader.attachment(other.payload.geometry.root);
      if (!first || !second) continue;
      const std::uint64_t common = geometry::overlap_area_m2(outline_of(one.payload, *first),
                                                             outline_of(other.payload, *second));
      const std::uint64_t smaller = std::min(one.area_m2, other.area_m2);
      verdict.require(common * 1'000'000 <= smaller * parameters.overlap_pair_max_ppm, [&] {
        return told(left->first + " and " + right->first,
                    {{"overlap m2", common}, {"smaller m2", smaller}});
      });
    }
  }
}

void plots_not_overfull(const Inventory& all, Verdict& verdict) {
  const Parameters parameters = parameters_of(all.reader);
  for (const auto& [id, plot] : all.plots) {
    std::uint64_t live = 0;
    std::uint64_t occupied = 0;
    std::uint64_t pledged = 0;
    std::set<geometry::Position> places;
    for (const auto& [name, batch] : all.batches) {
      if (!batch.plot || batch.plot->text != id) continue;
      live += batch.trees().live();
      for (const BatchSpecies& part : batch.species) {
        if (batch.unit != Unit::m2) occupied += part.trees.live() * part.space_mm2;
      }
      const AttachmentPtr leaves = all.reader.attachment(batch.leaves.root);
      if (!leaves || batch.positions != Positions::measured) continue;
      const CountedTrees trees(all.reader, {name}, batch, leaves);
      const auto& facts = leaves->trees();
      for (std::uint64_t i = 0; facts && i < batch.size(); ++i) {
        if (!is_live(all.trees.at(name)[i]) || trees.leaf(i).exact) continue;
        const std::string tree = name + "#" + std::to_string(i);
        verdict.require(places.insert(trees.position(i)).second,
                        [&] { return tree + " stands where another does"; });
      }
    }
    for (const auto& [name, pledge] : all.pledges) {
      if (pledge.payload.plot.text == id) pledged += pledge.unplanted();
    }
    const std::uint64_t room = plot.area_m2 * (1'000'000 + parameters.density_slack_ppm);
    verdict.require(live == plot.live && occupied == plot.occupied_mm2 && pledged == plot.pledged &&
                        live <= plot.confirmed_capacity && occupied <= room &&
                        plot.confirmed_capacity <= plot.payload.capacity,
                    [&, of = std::string_view(id)] {
                      return told(of, {{"live", plot.live},
                                       {"live counted", live},
                                       {"occupied mm2", plot.occupied_mm2},
                                       {"occupied counted", occupied},
                                       {"pledged", plot.pledged},
                                       {"pledged counted", pledged},
                                       {"confirmed", plot.confirmed_capacity},
                                       {"capacity", plot.payload.capacity},
                                       {"room mm2", room}});
                    });
  }
}

void trees_in_plots(const Inventory& all, Verdict& verdict) {
  for (const auto& [id, plot] : all.plots) {
    const AttachmentPtr geometry = all.reader.attachment(plot.payload.geometry.root);
    if (!geometry) continue;  // redacted
    const geometry::PlanePolygon outline(outline_of(plot.payload, *geometry));
    for (const auto& [name, batch] : all.batches) {
      if (!batch.plot || batch.plot->text != id || batch.positions != Positions::measured) continue;
      const AttachmentPtr leaves = all.reader.attachment(batch.leaves.root);
      if (!leaves) continue;
      const CountedTrees trees(all.reader, {name}, batch, leaves);
      const std::uint32_t grow = plot.payload.uncertainty_m + batch.precision_m;
      for (std::uint64_t i = 0; i < batch.size(); ++i) {
        if (!is_live(all.trees.at(name)[i])) continue;
        const geometry::Position at = trees.position(i);
        const std::string tree = name + "#" + std::to_string(i);
        verdict.require(geometry::within_grown(outline, at, grow),
                        [&] { return tree + " stands outside " + id; });
      }
    }
  }
}

}  // namespace treeproof::invariants
