// export_geojson, export_darwinCore, export_csv: a page of a document. The document is head, all
// items of all pages with the separator between them, and tail.
#include <nlohmann/json.hpp>

#include "rpc/audit_query.h"
#include "rpc/exports.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::ObservationObject;
using ledger::PlotObject;

struct Form {
  std::string_view media_type;
  std::string head;
  std::string_view separator;
  std::string_view tail;
};

Form geojson_form() {
  return {"application/geo+json", R"({"type":"FeatureCollection","features":[)", ",\n", "]}\n"};
}

Form meta_form() { return {"application/xml", darwin_core_meta(), "", ""}; }

Form csv_form(std::string titles) { return {"text/csv", std::move(titles), "", ""}; }

Answer page(const Form& form, Answer list) {
  if (!list) return list;
  return Json{{"media_type", form.media_type},
              {"head", form.head},
              {"items", std::move((*list)["items"])},
              {"separator", form.separator},
              {"tail", form.tail},
              {"cursor", std::move((*list)["cursor"])}};
}

// What stands on each plot; of one campaign only, where one is asked for.
std::map<std::string, Grown> grown_by_plot(const Query& query, const AuditScope& scope) {
  std::map<std::string, Grown> plots;
  each_object<BatchObject>(*query.view, query.at, [&](const auto&, const auto& batch) {
    const bool is_wanted = !scope.campaign || batch.campaign == *scope.campaign;
    if (is_wanted && batch.plot) plots[batch.plot->text].add(batch);
  });
  return plots;
}

Answer export_geojson(const Query& query) {
  const AuditScope scope = audit_scope_of(query);
  const auto grown = grown_by_plot(query, scope);
  const PastState state = past(query);
  const AddItem add = [&](Json& items, const std::string& id, const crypto::Bytes& bytes) {
    const auto plot = ledger::decode_stored<PlotObject>(bytes);
    const auto found = grown.find(id);
    const bool of_org = !scope.org || plot.holder.text == *scope.org;
    const bool of_plot = !scope.plot || scope.plot->text == id;
    const bool of_campaign = !scope.campaign || found != grown.end();
    if (!of_org || !of_plot || !of_campaign) return;
    items.push_back(
        plot_feature(state, {id}, plot, found == grown.end() ? Grown{} : found->second));
  };
  return page(geojson_form(), list_of_type(query, PlotObject::kType, "", add));
}

bool is_wanted(const AuditScope& scope, const BatchObject& batch) {
  const bool of_campaign = !scope.campaign || batch.campaign == *scope.campaign;
  return of_campaign && (!scope.org || batch.holder.text == *scope.org);
}

Answer export_darwin_core(const Query& query) {
  const AuditScope scope = audit_scope_of(query);
  const std::string_view core_name = query.params.text("core");
  const std::string of = query.params.text_or("of", "plantings");
  if (core_name != "event" && core_name != "occurrence" && core_name != "meta") {
    return invalid_params({"params.core", "not event, occurrence or meta"});
  }
  if (of != "plantings" && of != "visits") {
    return invalid_params({"params.of", "neither plantings nor visits"});
  }
  if (core_name == "meta") {
    return page(meta_form(), Json{{"items", Json::array()}, {"cursor", nullptr}});
  }
  const DarwinCore core = core_name == "event" ? DarwinCore::event : DarwinCore::occurrence;
  const PastState state = past(query);
  const auto put = [&](Json& items, const auto& id, const auto& object) {
    for (const AuditRow& row : darwin_core(state, core, ledger::ObjectId{id}, object)) {
      items.push_back(csv_line(row));
    }
  };
  const AddItem add_planting = [&](Json& items, const std::string& id, const auto& bytes) {
    const auto batch = ledger::decode_stored<BatchObject>(bytes);
    if (is_wanted(scope, batch)) put(items, id, batch);
  };
  const AddItem add_visit = [&](Json& items, const std::string& id, const auto& bytes) {
    const auto visit = ledger::decode_stored<ObservationObject>(bytes);
    const auto batch = ledger::find<BatchObject>(state, visit.payload.plant);
    if (batch && is_wanted(scope, *batch)) put(items, id, visit);
  };
  const bool is_planting = of == "plantings";
  return page(csv_form(darwin_core_titles(core)),
              list_of_type(query, is_planting ? BatchObject::kType : ObservationObject::kType, "",
                           is_planting ? add_planting : add_visit));
}

Answer export_csv(const Query& query) {
  const std::string& name = query.params.text("report");
  const AuditKind* kind = find_audit_kind(name);
  if (kind == nullptr) return invalid_params({"params.report", "no such report"});
  if (kind->latest_only && !query.is_latest()) {
    return invalid_params({"params.at", "this report is of the latest height only"});
  }
  const auto report = kind->make(*query.view, query.at, audit_scope_of(query));
  if (!report) return std::unexpected(report.error());
  const auto rows = page_of(query, *report);
  if (!rows) return std::unexpected(rows.error());
  Json lines = Json::array();
  for (const AuditRow& row : rows->rows) lines.push_back(csv_line(row));
  const std::string titles = report->rows.empty() ? "" : csv_titles(report->rows.front());
  return page(csv_form(titles), Json{{"items", std::move(lines)},
                                     {"cursor", rows->cursor ? Json(*rows->cursor) : Json()}});
}

constexpr ParamSpec kOrg{"org", ParamType::org, false, "Only of this holder; all by default."};
constexpr ParamSpec kCampaign{"campaign", ParamType::object_id, false,
                              "Only of this campaign; all by default."};
constexpr ParamSpec kPlot{"plot", ParamType::object_id, false, "Only this plot; all by default."};

constexpr std::array kGeoJsonParams{kOrg, kCampaign, kPlot, kAt, kCursor, kLimit};
constexpr std::array kDarwinCoreParams{
    ParamSpec{"core", ParamType::text, true, "event, occurrence, or meta: the meta.xml of both."},
    ParamSpec{"of", ParamType::text, false, "plantings, the default, or visits."},
    kOrg,
    kCampaign,
    kAt,
    kCursor,
    kLimit};
constexpr std::array kCsvParams{
    ParamSpec{"report", ParamType::text, true, "The name of a report: survival of audit_survival."},
    ParamSpec{"programme", ParamType::object_id, false, "Where the report takes it."},
    ParamSpec{"campaign", ParamType::object_id, false, "Where the report takes it."},
    ParamSpec{"plot", ParamType::object_id, false, "Where the report takes it."},
    ParamSpec{"species", ParamType::text, false, "Where the report takes it."},
    ParamSpec{"org", ParamType::org, false, "Where the report takes it."},
    ParamSpec{"year", ParamType::number, false, "Where the report takes it.", kYearMax},
    kAt,
    kCursor,
    kLimit};

constexpr std::string_view kPage =
    "media_type:text, head:text, items:array, separator:text, tail:text, cursor:text?";

constexpr std::array kMethods{
    Method{.name = "export_geojson",
           .summary = "Plots as GeoJSON features in EUDR form.",
           .params = kGeoJsonParams,
           .result = kPage,
           .answer = export_geojson,
           .lane = Lane::slow},
    Method{.name = "export_darwinCore",
           .summary = "Plantings or visits as Darwin Core events or occurrences.",
           .params = kDarwinCoreParams,
           .result = kPage,
           .answer = export_darwin_core,
           .lane = Lane::slow},
    Method{.name = "export_csv",
           .summary = "The rows of an audit report as CSV.",
           .params = kCsvParams,
           .result = kPage,
           .answer = export_csv,
           .lane = Lane::slow}};

}  // namespace

std::span<const Method> export_methods() { return kMethods; }

}  // namespace treeproof::rpc
