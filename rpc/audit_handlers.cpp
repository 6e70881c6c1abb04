// audit_points, audit_campaign, audit_allocations, audit_accountability, audit_disputes,
// audit_owed, audit_corrections.
#include <nlohmann/json.hpp>

#include "rpc/audit.h"
#include "rpc/json_codec.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

constexpr std::size_t kRowsDefault = 100;
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
    json[name] = name == "holds" ? Json(value == "true") : Json(value);
  }
  return json;
}

// The cursor of a report is the number of rows that were shown.
Answer answer_report(const Query& query, const AuditReport& report) {
  const std::string cursor = query.params.text_or("cursor", "0");
  const std::size_t limit = query.params.number_or("limit", kRowsDefault);
  const bool is_number = cursor.size() <= 9 &&
                         std::ranges::all_of(cursor, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number || cursor.empty()) {
    return invalid_params({"params.cursor", "not a cursor of this list"});
  }
  if (limit == 0) return invalid_params({"params.limit", "at least 1 is wanted"});
  std::size_t at = std::stoull(cursor);
  Json rows = Json::array();
  for (; at < report.rows.size() && rows.size() < limit; ++at) {
    rows.push_back(row_json(report.rows[at]));
  }
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
              {"cursor", at < report.rows.size() ? Json(std::to_string(at)) : Json()}};
}

std::optional<ledger::ObjectId> optional_id(const Query& query, std::string_view name) {
  if (!query.params.has(name)) return std::nullopt;
  return query.params.object_id(name);
}

Answer points(const Query& query) {
  return answer_report(query, audit_points(*query.view, query.at, optional_id(query, "programme")));
}

Answer campaign(const Query& query) {
  const ledger::ObjectId id = query.params.object_id("campaign");
  const auto report = audit_campaign(*query.view, query.at, id);
  if (!report) return not_found("campaign", id.text);
  return answer_report(query, *report);
}

Answer allocations(const Query& query) {
  return answer_report(query, audit_allocations(*query.view, optional_id(query, "campaign")));
}

std::optional<std::string> optional_org(const Query& query) {
  if (!query.params.has("org")) return std::nullopt;
  return query.params.text("org");
}

Answer accountability(const Query& query) {
  return answer_report(query, audit_accountability(*query.view, query.at, optional_org(query)));
}

Answer disputes(const Query& query) {
  return answer_report(query, audit_disputes(*query.view, query.at, optional_org(query)));
}

Answer owed(const Query& query) {
  return answer_report(query, audit_owed(*query.view, query.at, optional_id(query, "campaign")));
}

Answer corrections(const Query& query) {
  return answer_report(query, audit_corrections(*query.view, query.at, optional_org(query)));
}

constexpr std::array kPoints{
    ParamSpec{"programme", ParamType::object_id, false, "Only this one; all by default."}, kAt,
    kCursor, kLimit};
constexpr std::array kCampaign{
    ParamSpec{"campaign", ParamType::object_id, true, "The campaign, org/ref."}, kAt, kCursor,
    kLimit};
constexpr std::array kAllocations{
    ParamSpec{"campaign", ParamType::object_id, false, "Only its own; all by default."}, kCursor,
    kLimit};

constexpr std::array kAccountability{
    ParamSpec{"org", ParamType::org, false, "Only this one; all by default."}, kAt, kCursor,
    kLimit};

constexpr std::array kOwed{
    ParamSpec{"campaign", ParamType::object_id, false, "Only its own; all by default."}, kAt,
    kCursor, kLimit};

constexpr std::string_view kReport =
    "invariant:text, checked:object, findings_count:integer, findings:array, rows:array, "
    "cursor:text?";

constexpr std::array kMethods{
    Method{.name = "audit_points",
           .summary = "I1: recomputes the points of programmes.",
           .params = kPoints,
           .result = kReport,
           .answer = points,
           .lane = Lane::slow},
    Method{.name = "audit_campaign",
           .summary = "I4: recomputes the mass balance of a campaign.",
           .params = kCampaign,
           .result = kReport,
           .answer = campaign,
           .lane = Lane::slow},
    Method{.name = "audit_allocations",
           .summary = "I3: recomputes every link and looks for doubled units and trees.",
           .params = kAllocations,
           .result = kReport,
           .answer = allocations,
           .lane = Lane::slow},
    Method{.name = "audit_accountability",
           .summary = "Proven offences of validators and what became of them.",
           .params = kAccountability,
           .result = kReport,
           .answer = accountability,
           .lane = Lane::slow},
    Method{.name = "audit_disputes",
           .summary = "I15: disputes, what they freeze and how they ended.",
           .params = kAccountability,
           .result = kReport,
           .answer = disputes,
           .lane = Lane::slow},
    Method{.name = "audit_owed",
           .summary = "Units that are owed a tree, by batch, and what is planted for them.",
           .params = kOwed,
           .result = kReport,
           .answer = owed,
           .lane = Lane::slow},
    Method{.name = "audit_corrections",
           .summary = "I14: corrections, and who consented to them.",
           .params = kAccountability,
           .result = kReport,
           .answer = corrections,
           .lane = Lane::slow}};

}  // namespace

std::span<const Method> audit_methods() { return kMethods; }

}  // namespace treeproof::rpc
