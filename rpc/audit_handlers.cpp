// audit_*: the table of reports, each behind a method of its own.
#include <nlohmann/json.hpp>

#include "rpc/audit_query.h"
#include "rpc/json_codec.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

constexpr std::size_t kFindingsMax = 500;

Json finding_json(const AuditFinding& finding) {
  return {{"invariant", finding.invariant},
          {"object", finding.object},
          {"finding", finding.finding},
          {"numbers", to_json(finding.numbers)}};
}

Json row_json(const AuditRow& row) {
  Json json = Json::object();
  for (const auto& [name, value] : row) {
    json[name] = value ? Json(*value) : Json();
    if (name == "holds") json[name] = value == "true";
  }
  return json;
}

Answer answer_report(const Query& query, const AuditReport& report) {
  const auto page = page_of(query, report);
  if (!page) return std::unexpected(page.error());
  Json rows = Json::array();
  for (const AuditRow& row : page->rows) rows.push_back(row_json(row));
  Json checked = Json::object();
  for (const auto& [name, count] : report.checked) checked[name] = std::to_string(count);
  Json findings = Json::array();
  for (const auto& finding : report.findings) {
    if (findings.size() < kFindingsMax) findings.push_back(finding_json(finding));
  }
  return Json{{"invariant", report.invariant},
              {"checked", std::move(checked)},
              {"findings_count", report.findings.size()},
              {"findings", std::move(findings)},
              {"rows", std::move(rows)},
              {"cursor", page->cursor ? Json(*page->cursor) : Json()}};
}

template <std::size_t kIndex>
Answer answer(const Query& query) {
  const auto report = audit_kinds()[kIndex].make(*query.view, query.at, audit_scope_of(query));
  if (!report) return std::unexpected(report.error());
  return answer_report(query, *report);
}

constexpr ParamSpec kProgramme{"programme", ParamType::object_id, false,
                               "Only this one; all by default."};
constexpr ParamSpec kCampaign{"campaign", ParamType::object_id, false,
                              "Only its own; all by default."};
constexpr ParamSpec kPlot{"plot", ParamType::object_id, false, "Only this one; all by default."};
constexpr ParamSpec kOrg{"org", ParamType::org, false, "Only this one; all by default."};

constexpr std::array kOfProgramme{kProgramme, kAt, kCursor, kLimit};
constexpr std::array kOfProgrammeYear{
    kProgramme,
    ParamSpec{"year", ParamType::number, false, "Only this UTC year; all by default.", kYearMax},
    kAt, kCursor, kLimit};
constexpr std::array kOfOneCampaign{
    ParamSpec{"campaign", ParamType::object_id, true, "The campaign, org/ref."}, kAt, kCursor,
    kLimit};
constexpr std::array kLinksOfCampaign{kCampaign, kCursor, kLimit};
constexpr std::array kOfCampaign{kCampaign, kAt, kCursor, kLimit};
constexpr std::array kOfOrg{kOrg, kAt, kCursor, kLimit};
constexpr std::array kOfCampaignOrOrg{kCampaign, kOrg, kAt, kCursor, kLimit};
constexpr std::array kOfPlotOrOrg{kPlot, kOrg, kAt, kCursor, kLimit};
constexpr std::array kSurvival{
    kCampaign,
    ParamSpec{"species", ParamType::text, false, "Only this code; all by default."},
    kOrg,
    ParamSpec{"year", ParamType::number, false, "The year that is told of; that of `at`.",
              kYearMax},
    kAt,
    kCursor,
    kLimit};

constexpr std::string_view kReport =
    "invariant:text, checked:object, findings_count:integer, findings:array, rows:array, "
    "cursor:text?";

// The row of the report that stands at this place of audit_kinds().
template <std::size_t kIndex>
constexpr Method report(std::string_view name, std::string_view summary,
                        std::span<const ParamSpec> params) {
  return {.name = name,
          .summary = summary,
          .params = params,
          .result = kReport,
          .answer = answer<kIndex>,
          .lane = Lane::slow};
}

constexpr std::array kMethods{
    report<0>("audit_points", "I1: recomputes the points of programmes.", kOfProgramme),
    report<1>("audit_campaign", "I4: recomputes the mass balance of a campaign.", kOfOneCampaign),
    report<2>("audit_allocations",
              "I3: recomputes every link and looks for doubled units and trees.", kLinksOfCampaign),
    report<3>("audit_overdue", "Units, pledges and visits that are late.", kOfCampaignOrOrg),
    report<4>("audit_owed", "Units that are owed a tree, by batch, and what is planted for them.",
              kOfCampaign),
    report<5>("audit_density",
              "I8: what stands on each plot, counted again; trees closer than a metre.",
              kOfPlotOrOrg),
    report<6>("audit_overlaps", "I7: the ground that plots share, measured again.", kOfPlotOrOrg),
    report<7>("audit_evidence",
              "I10: photos that prove two plantings or look alike; plantings without any.",
              kOfCampaignOrOrg),
    report<8>("audit_survival",
              "I5: alive, dead and unknown by year of planting, as visits of one year saw it.",
              kSurvival),
    report<9>("audit_verification",
              "How much was verified and visited, and in how few hands that lay.",
              kOfCampaignOrOrg),
    report<10>("audit_issuance",
               "I1: points by year against the cap; days for which two series issued.",
               kOfProgrammeYear),
    report<11>("audit_selfReported", "What rests on a planter's word alone.", kOfCampaignOrOrg),
    report<12>("audit_corrections", "I14: corrections, and who consented to them.", kOfOrg),
    report<13>("audit_disputes", "I15: disputes, what they freeze and how they ended.", kOfOrg),
    report<14>("audit_conflicts", "I12: who judged or lowered the claims of its own owner's kin.",
               kOfOrg),
    report<15>("audit_keyHistory",
               "Every key, from when until when it was good, and what it signed.", kOfOrg),
    report<16>("audit_accountability", "Proven offences of validators and what became of them.",
               kOfOrg)};

}  // namespace

AuditScope audit_scope_of(const Query& query) {
  const Params& params = query.params;
  AuditScope scope;
  if (params.has("programme")) scope.programme = params.object_id("programme");
  if (params.has("campaign")) scope.campaign = params.object_id("campaign");
  if (params.has("plot")) scope.plot = params.object_id("plot");
  if (params.has("species")) scope.species = params.text("species");
  if (params.has("org")) scope.org = params.text("org");
  if (params.has("year")) scope.year = params.number_or("year", 0);
  return scope;
}

std::expected<RowsPage, RpcError> page_of(const Query& query, const AuditReport& report) {
  const auto slice = slice_of(query, report.rows.size());
  if (!slice) return std::unexpected(slice.error());
  return RowsPage{std::span(report.rows).subspan(slice->from, slice->count), slice->cursor};
}

std::span<const Method> audit_methods() { return kMethods; }

}  // namespace treeproof::rpc
