// plot_get with its outline, plot_list, pledge_get, evidence_get.
#include <nlohmann/json.hpp>

#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/plot_outline.h"
#include "rpc/reading.h"

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
