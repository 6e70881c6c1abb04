// tree_get, tree_lineage, tree_history, tree_near, tree_certificate, tree_verify.
#include <nlohmann/json.hpp>

#include "rpc/certificate_builder.h"
#include "rpc/member_views.h"
#include "rpc/reading.h"
#include "rpc/tree_history.h"
#include "rpc/tree_lineage.h"
#include "rpc/trees_near.h"
#include "rpc/trust_json.h"

namespace treeproof::rpc {

namespace {

template <class T>
Json optional_text(const std::optional<T>& value) {
  return value ? Json(value->text) : Json();
}
template <class T>
Json optional_number(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Answer tree_get(const Query& query) {
  const ledger::MemberId id = query.params.member_id("tree");
  const auto tree = view_tree(*query.view, id);
  if (!tree) return std::unexpected(tree.error());
  Json commitments = Json::array();
  for (const auto& commitment : tree->commitments) {
    commitments.push_back(crypto::to_hex(commitment));
  }
  return Json{{"tree", id.text},
              {"batch", id.batch().text},
              {"index", std::to_string(id.index())},
              {"species", tree->species().text},
              {"state", ledger::name(tree->code)},
              {"lat", optional_number(tree->leaf.lat)},
              {"lon", optional_number(tree->leaf.lon)},
              {"day", optional_number(tree->leaf.day)},
              {"size_mm", optional_number(tree->leaf.size_mm)},
              {"plot", optional_text(tree->batch.plot)},
              {"campaign", optional_text(tree->batch.campaign)},
              {"positions", ledger::name(tree->batch.positions)},
              {"precision_m", tree->batch.precision_m},
              {"visited", optional_number(tree->visited)},
              {"unit", optional_text(tree->unit)},
              {"commitments", std::move(commitments)},
              {"allocation", tree->link ? Json(tree->link->allocation.text) : Json()}};
}

Answer tree_lineage(const Query& query) {
  const ledger::MemberId id = query.params.member_id("tree");
  const auto lineage = lineage_of(*query.view, id);
  if (!lineage) return std::unexpected(lineage.error());
  Json told = Json::array();
  for (const LineageTree& tree : *lineage) {
    Json losses = Json::array();
    for (const ledger::ObjectId& record : tree.losses) losses.push_back(record.text);
    told.push_back({{"tree", tree.tree.text},
                    {"state", ledger::name(tree.code)},
                    {"losses", std::move(losses)},
                    {"replacement", optional_text(tree.replacement)}});
  }
  return Json{{"tree", id.text}, {"lineage", std::move(told)}};
}

Json to_json(const HistoryItem& item) {
  return {{"record", item.id.text},
          {"type", item.type},
          {"org", item.id.org().text},
          {"height", std::to_string(item.record.height)},
          {"log_index", std::to_string(item.record.log_index)},
          {"time_s", std::to_string(item.record.time_s)},
          {"day", optional_number(item.day)},
          {"event", name(item.event)},
          {"witness", item.witness ? Json(ledger::name(*item.witness)) : Json()},
          {"about", item.about.empty() ? Json() : Json(item.about)}};
}

Answer tree_history(const Query& query) {
  const ledger::MemberId id = query.params.member_id("tree");
  const auto history = history_of(*query.view, query.at, id);
  if (!history) return std::unexpected(history.error());
  const auto slice = slice_of(query, history->size());
  if (!slice) return std::unexpected(slice.error());
  Json items = Json::array();
  for (const HistoryItem& item : std::span(*history).subspan(slice->from, slice->count)) {
    items.push_back(to_json(item));
  }
  return Json{{"tree", id.text},
              {"items", std::move(items)},
              {"cursor", slice->cursor ? Json(*slice->cursor) : Json()}};
}

Json to_json(const NearTree& near) {
  return {{"tree", near.tree.text},         {"distance_cm", near.distance_cm},
          {"lat", near.position.lat_e7},    {"lon", near.position.lon_e7},
          {"species", near.species.text},   {"state", ledger::name(near.code)},
          {"plot", near.plot.text},         {"positions", ledger::name(near.positions)},
          {"precision_m", near.precision_m}};
}

constexpr std::uint64_t kNearMetres = 100;  // where none is named
constexpr std::uint64_t kNearTrees = 20;
constexpr std::uint64_t kNearTreesMax = 100;

Answer tree_near(const Query& query) {
  NearPlace place;
  place.at = {query.params.degrees_e7("lat"), query.params.degrees_e7("lon")};
  place.radius_m = static_cast<std::uint32_t>(query.params.number_or("radius_m", kNearMetres));
  place.limit = query.params.number_or("limit", kNearTrees);
  if (place.limit == 0) return invalid_params({"params.limit", "at least 1 is wanted"});
  const NearTrees found = trees_near(*query.view, place);
  Json trees = Json::array();
  for (const NearTree& near : found.trees) trees.push_back(to_json(near));
  Json plots = Json::array();
  for (const NearPlot& near : found.plots) {
    plots.push_back({{"plot", near.plot.text},
                     {"layer", ledger::name(near.layer)},
                     {"trees", std::to_string(near.trees)}});
  }
  return Json{{"trees", std::move(trees)},
              {"plots", std::move(plots)},
              {"found", std::to_string(found.found)},
              {"complete", found.skipped_plots + found.skipped_batches == 0},
              {"skipped_plots", std::to_string(found.skipped_plots)},
              {"skipped_batches", std::to_string(found.skipped_batches)}};
}

Answer tree_certificate(const Query& query) {
  CertificateRequest request{query.params.member_id("tree")};
  request.from_height = {query.params.number_or("from_height", 1)};
  if (request.from_height.value == 0) {
    return invalid_params({"params.from_height", "at least 1 is wanted"});
  }
  if (query.params.flag("status")) request.status = StatusPart::included;
  const auto certificate = build_certificate(*query.services, *query.view, request);
  if (!certificate) return std::unexpected(certificate.error());
  const crypto::Bytes bytes = proofs::encode(*certificate);
  const auto link = query.view->link_of_tree(request.tree.batch(), request.tree.index());
  return Json{{"tree", request.tree.text},
              {"certificate", crypto::to_base64url(bytes)},
              {"text", proofs::to_text(bytes)},
              {"bytes", bytes.size()},
              {"allocation", link->allocation.text},
              {"log_index", std::to_string(certificate->log_path.index)}};
}

std::optional<crypto::Bytes> certificate_bytes(std::string_view text) {
  if (text.starts_with("TP1:")) return proofs::from_text(text);
  return crypto::from_base64url(text);
}

Json to_json(const proofs::Check& check) {
  return {{"check", proofs::name(check.name)},
          {"state", proofs::name(check.state)},
          {"detail", check.detail}};
}

Json to_json(const proofs::Facts& facts) {
  Json json = built(facts.link).take();
  json["issuer"] = facts.issuer;
  json["ref"] = facts.statement_ref;
  json["statement"] = crypto::to_hex(facts.statement_id);
  json["issued_at"] = std::to_string(facts.issued_at_s);
  json["log_index"] = std::to_string(facts.log_index);
  json["as_of_height"] = std::to_string(facts.bind.height);
  json["signers"] = facts.signers;
  json["user_reference"] = facts.user_reference ? Json(*facts.user_reference) : Json();
  json["time"] = facts.time ? Json(std::to_string(facts.time->value)) : Json();
  return json;
}

Answer tree_verify(const Query& query) {
  const auto bytes = certificate_bytes(query.params.text("certificate"));
  if (!bytes) {
    return invalid_params({"params.certificate", "base64url or TP1: text is wanted"});
  }
  const Json* given = query.params.find("trust");
  const auto trust = given == nullptr ? own_trust(*query.services, *query.view)
                                      : trust_from_json(*given, "params.trust");
  if (!trust) return invalid_params(trust.error());
  const proofs::Verdict verdict = proofs::verify(*bytes, *trust);
  Json checks = Json::array();
  for (const proofs::Check& check : verdict.checks) checks.push_back(to_json(check));
  return Json{{"valid", verdict.valid},
              {"checks", std::move(checks)},
              {"facts", verdict.facts ? to_json(*verdict.facts) : Json()}};
}

constexpr ParamSpec kTree{"tree", ParamType::member_id, true, "The tree, org/ref#index."};
constexpr std::array kTreeOnly{kTree};
constexpr std::array kTreeHistory{kTree, kAt, kCursor, kLimit};
constexpr std::array kTreeNear{
    ParamSpec{"lat", ParamType::degrees_e7, true, "Latitude in 1e-7 degrees.",
              geometry::kLatitudeMaxE7},
    ParamSpec{"lon", ParamType::degrees_e7, true, "Longitude in 1e-7 degrees.",
              geometry::kLongitudeMaxE7},
    ParamSpec{"radius_m", ParamType::number, false, "At most 1,000; 100 by default.",
              kNearMetresMax},
    ParamSpec{"limit", ParamType::number, false, "Trees that are told: 1 to 100, 20 by default.",
              kNearTreesMax}};
constexpr std::array kTreeCertificate{
    kTree,
    ParamSpec{"status", ParamType::boolean, false,
              "Add proofs of the batch, the plot and the issuer as of this height."},
    ParamSpec{"from_height", ParamType::number, false,
              "The first height of the trust file: changes of validators since then are carried "
              "along; 1 by default."}};
constexpr std::array kTreeVerify{
    ParamSpec{"certificate", ParamType::certificate, true, "base64url, or the TP1: text of a QR."},
    ParamSpec{"trust", ParamType::json, false, "A trust file; this chain's own by default."}};

constexpr std::array kMethods{
    Method{.name = "tree_get",
           .summary = "A tree: where it stands, how it is, whose unit it is.",
           .params = kTreeOnly,
           .result =
               "tree:text, batch:text, index:decimal, species:text, state:text, lat:integer?, "
               "lon:integer?, day:integer?, size_mm:integer?, plot:text?, campaign:text?, "
               "positions:text, precision_m:integer, visited:boolean?, unit:text?, "
               "commitments:array, allocation:text?",
           .answer = tree_get},
    Method{
        .name = "tree_lineage",
        .summary = "The trees whose place it took and those that took its own, the oldest first.",
        .params = kTreeOnly,
        .result = "tree:text, lineage:array",
        .answer = tree_lineage},
    Method{.name = "tree_history",
           .summary = "Every record that says something of a tree, the oldest first.",
           .params = kTreeHistory,
           .result = "tree:text, items:array, cursor:text?",
           .answer = tree_history,
           .lane = Lane::slow},
    Method{.name = "tree_near",
           .summary = "Living trees near a place, the nearest first.",
           .params = kTreeNear,
           .result = "trees:array, plots:array, found:decimal, complete:boolean, "
                     "skipped_plots:decimal, skipped_batches:decimal",
           .answer = tree_near,
           .lane = Lane::slow},
    Method{.name = "tree_certificate",
           .summary = "The certificate by which anyone checks the tree offline.",
           .params = kTreeCertificate,
           .result = "tree:text, certificate:base64url, text:text, bytes:integer, allocation:text, "
                     "log_index:decimal",
           .answer = tree_certificate,
           .lane = Lane::slow},
    Method{.name = "tree_verify",
           .summary = "What an offline verifier says of a certificate, check by check.",
           .params = kTreeVerify,
           .result = "valid:boolean, checks:array, facts:object?",
           .answer = tree_verify}};

}  // namespace

std::span<const Method> tree_methods() { return kMethods; }

}  // namespace treeproof::rpc
