// plot_get with its outline, plot_list, plot_overlaps, pledge_get, evidence_get.
#include <nlohmann/json.hpp>

#include "consensus/ledger/lookups.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/plot_outline.h"
#include "consensus/ledger/plot_overlaps.h"
#include "rpc/reading.h"
#include "rpc/share_ppm.h"

namespace treeproof::rpc {

namespace {

using ledger::PlotObject;

// The rings as arrays of [lat, lon] in 1e-7 degrees, of a point plot those of its square; null
// where this node lacks the outline.
Json rings_of(const ChainView& view, const PlotObject& plot) {
  const auto outline = view.attachment(plot.payload.geometry.root);
  if (!outline) return nullptr;
  const geometry::Polygon polygon = ledger::outline_of(plot.payload, *outline);
  Json rings = Json::array();
  for (const geometry::Ring& ring : polygon.rings) {
    Json positions = Json::array();
    for (const geometry::Position& at : ring) positions.push_back({at.lat_e7, at.lon_e7});
    rings.push_back(std::move(positions));
  }
  return rings;
}

Answer plot_get(const Query& query) {
  const ledger::ObjectId id = query.params.object_id("plot");
  const auto plot = find_object<PlotObject>(query, id);
  if (!plot) return not_found("plot", id.text);
  Json answer = identified(id.text, built(*plot));
  answer["rings"] = rings_of(*query.view, *plot);
  return answer;
}

Answer plot_list(const Query& query) {
  const auto any = [](const PlotObject&) { return true; };
  return list_of_type(query, "plot", org_prefix(query), items_where<PlotObject>(any));
}

// The ground that a plot shares with one neighbour.
Json overlap_json(const PlotObject& plot, const ledger::Neighbour& with) {
  const std::uint64_t smaller = std::min(plot.area_m2, with.area_m2);
  return {{"plot", with.id.text},
          {"area_m2", std::to_string(with.area_m2)},
          {"shared_m2", std::to_string(with.overlap_m2)},
          {"ppm_of_smaller", std::to_string(share_ppm(with.overlap_m2, smaller))}};
}

// As the rule measured it (I7) when one of the two was registered or revised.
Answer plot_overlaps(const Query& query) {
  const ledger::ObjectId id = query.params.object_id("plot");
  const auto plot = find_object<PlotObject>(query, id);
  if (!plot) return not_found("plot", id.text);
  const auto shared =
      plot->holds_land() ? ledger::overlaps_of(past(query), id) : ledger::Overlaps{};
  const auto slice = slice_of(query, shared.size());
  if (!slice) return std::unexpected(slice.error());
  Json items = Json::array();
  auto with = std::next(shared.begin(), static_cast<std::ptrdiff_t>(slice->from));
  for (std::size_t i = 0; i < slice->count; ++i, ++with) {
    const auto neighbour = find_object<PlotObject>(query, with->first);
    items.push_back(overlap_json(*plot, {with->first, neighbour->area_m2, with->second}));
  }
  const std::uint64_t sum_m2 = ledger::sum_of(shared);
  const ledger::Parameters limits = ledger::parameters_of(past(query));
  return Json{{"plot", id.text},
              {"layer", ledger::name(plot->payload.layer)},
              {"area_m2", std::to_string(plot->area_m2)},
              {"shared_m2", std::to_string(sum_m2)},
              {"ppm_of_plot", std::to_string(share_ppm(sum_m2, plot->area_m2))},
              {"pair_max_ppm", std::to_string(limits.overlap_pair_max_ppm)},
              {"sum_max_ppm", std::to_string(limits.overlap_sum_max_ppm)},
              {"items", std::move(items)},
              {"cursor", slice->cursor ? Json(*slice->cursor) : Json()}};
}

Answer pledge_get(const Query& query) {
  return answer_object<ledger::PledgeObject>(query, "pledge");
}

Answer evidence_get(const Query& query) {
  return answer_object<ledger::EvidenceObject>(query, "evidence");
}

constexpr std::array kPlot{ParamSpec{"plot", ParamType::object_id, true, "The plot, org/ref."},
                           kAt};
constexpr std::array kPlots{ParamSpec{"org", ParamType::org, false, "Only those of this planter."},
                            kAt, kCursor, kLimit};
constexpr std::array kOverlaps{ParamSpec{"plot", ParamType::object_id, true, "The plot, org/ref."},
                               kAt, kCursor, kLimit};
constexpr std::array kPledge{
    ParamSpec{"pledge", ParamType::object_id, true, "The pledge, org/ref."}, kAt};
constexpr std::array kEvidence{
    ParamSpec{"evidence", ParamType::object_id, true, "The evidence, org/ref."}, kAt};

constexpr std::array kMethods{
    Method{.name = "plot_get",
           .summary = "A plot with its outline.",
           .params = kPlot,
           .result = "id:text, object:object, rings:array?",
           .answer = plot_get},
    Method{.name = "plot_list",
           .summary = "Plots in the order of their ids.",
           .params = kPlots,
           .result = "items:array, cursor:text?",
           .answer = plot_list},
    Method{.name = "plot_overlaps",
           .summary = "The plots that share ground with a plot, and how much, against the limits.",
           .params = kOverlaps,
           .result = "plot:text, layer:text, area_m2:decimal, shared_m2:decimal, "
                     "ppm_of_plot:decimal, pair_max_ppm:decimal, sum_max_ppm:decimal, items:array, "
                     "cursor:text?",
           .answer = plot_overlaps,
           .lane = Lane::slow},
    Method{.name = "pledge_get",
           .summary = "A pledge and what became of it.",
           .params = kPledge,
           .result = "id:text, object:object",
           .answer = pledge_get},
    Method{.name = "evidence_get",
           .summary = "A piece of evidence: its hash, kind, day and place.",
           .params = kEvidence,
           .result = "id:text, object:object",
           .answer = evidence_get}};

}  // namespace

std::span<const Method> land_methods() { return kMethods; }

}  // namespace treeproof::rpc
