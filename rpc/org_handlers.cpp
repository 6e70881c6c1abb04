// org_get, org_list, species_list, governance_proposals, parameters_get.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "consensus/ledger/lookups.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::OrgObject;
using ledger::ProposalObject;

Json org_json(const std::string& id, const OrgObject& org) {
  Json json{{"id", id}};
  json.update(built(org).take());
  return json;
}

Answer org_get(const Query& query) {
  const std::string& id = query.params.text("org");
  const auto org = get_object<OrgObject>(query, id);
  if (!org) return not_found("organisation", id);
  return org_json(id, *org);
}

Answer org_list(const Query& query) {
  const AddItem add = [](Json& items, const std::string& id, const crypto::Bytes& bytes) {
    items.push_back(org_json(id, ledger::decode_stored<OrgObject>(bytes)));
  };
  return list_of_namespace(query, OrgObject::kNamespace, add);
}

Answer species_list(const Query& query) {
  const AddItem add = [](Json& items, const std::string&, const crypto::Bytes& bytes) {
    items.push_back(built(ledger::decode_stored<ledger::Species>(bytes)).take());
  };
  const Json* codes = query.params.find("codes");
  if (codes == nullptr) return list_of_namespace(query, ledger::Species::kNamespace, add);
  Json items = Json::array();
  for (const Json& code : *codes) {
    const auto species = get_object<ledger::Species>(query, code.get<std::string>());
    if (species) items.push_back(built(*species).take());
  }
  return Json{{"items", std::move(items)}, {"cursor", nullptr}};
}

Answer governance_proposals(const Query& query) {
  const bool only_open = query.params.flag("open");
  const auto is_wanted = [&](const ProposalObject& proposal) {
    return !only_open || !proposal.carried_out;
  };
  return list_of_type(query, ProposalObject::kType, "", items_where<ProposalObject>(is_wanted));
}

Answer parameters_get(const Query& query) {
  const ledger::Parameters parameters = ledger::parameters_of(past(query));
  Json rows = Json::array();
  for (const ledger::ParameterRow& row : ledger::parameter_rows()) {
    rows.push_back({{"name", row.name},
                    {"value", std::to_string(parameters.*row.value)},
                    {"min", std::to_string(row.min)},
                    {"max", std::to_string(row.max)},
                    {"help", row.help}});
  }
  return Json{{"parameters", built(parameters).take()}, {"rows", std::move(rows)}};
}

constexpr std::array kOrg{ParamSpec{"org", ParamType::org, true, "The organisation's id."}, kAt};
constexpr std::array kOrgs{kAt, kCursor, kLimit};
constexpr std::array kSpecies{
    ParamSpec{"codes", ParamType::code_list, false, "Only these; all by default."}, kAt, kCursor,
    kLimit};
constexpr std::array kProposals{
    ParamSpec{"open", ParamType::boolean, false, "Only those that are not carried out."}, kAt,
    kCursor, kLimit};
constexpr std::array kParameters{kAt};

constexpr std::array kMethods{
    Method{.name = "org_get",
           .summary = "An organisation with its roles and keys.",
           .params = kOrg,
           .result = "id:text, keys:array, name:text, roles:array, suspended:boolean, "
                     "conflict_group:text",
           .answer = org_get},
    Method{.name = "org_list",
           .summary = "Organisations in the order of their ids.",
           .params = kOrgs,
           .result = "items:array, cursor:text?",
           .answer = org_list},
    Method{.name = "species_list",
           .summary = "Registered species in the order of their codes.",
           .params = kSpecies,
           .result = "items:array, cursor:text?",
           .answer = species_list},
    Method{.name = "governance_proposals",
           .summary = "Proposals with their approvals.",
           .params = kProposals,
           .result = "items:array, cursor:text?",
           .answer = governance_proposals},
    Method{.name = "parameters_get",
           .summary = "The parameters in force, with their bounds.",
           .params = kParameters,
           .result = "parameters:object, rows:array",
           .answer = parameters_get}};

}  // namespace

std::span<const Method> org_methods() { return kMethods; }

}  // namespace treeproof::rpc
