#include "rpc/openrpc.h"

#include <nlohmann/json.hpp>

namespace treeproof::rpc {

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Json text_schema(std::string_view pattern) { return {{"type", "string"}, {"pattern", pattern}}; }

Json result_schema(std::string_view type) {
  if (type == "text") return {{"type", "string"}};
  if (type == "decimal") return text_schema("^(0|[1-9][0-9]*)$");
  if (type == "hex") return text_schema("^([0-9a-f]{2})*$");
  if (type == "base64url") return text_schema("^[A-Za-z0-9_-]*$");
  return {{"type", type}};
}

Json integer_schema(std::uint64_t max) {
  Json number{{"type", "integer"}, {"minimum", 0}};
  if (max != UINT64_MAX) number["maximum"] = max;
  return {{"oneOf", Json::array({number, text_schema("^(0|[1-9][0-9]*)$")})}};
}

Json degrees_schema(std::uint64_t max) {
  const auto bound = static_cast<std::int64_t>(max);
  Json number{{"type", "integer"}, {"minimum", -bound}, {"maximum", bound}};
  return {{"oneOf", Json::array({std::move(number), text_schema("^(0|-?[1-9][0-9]*)$")})}};
}

Json param_schema(const ParamSpec& spec) {
  switch (spec.type) {
    case ParamType::height:
      return {{"oneOf", Json::array({Json{{"const", "latest"}}, integer_schema(UINT64_MAX)})}};
    case ParamType::number:
      return integer_schema(spec.max);
    case ParamType::degrees_e7:
      return degrees_schema(spec.max);
    case ParamType::boolean:
      return {{"type", "boolean"}};
    case ParamType::object_id:
      return text_schema("^[a-z0-9-]{1,16}/[a-z0-9._-]{1,48}$");
    case ParamType::member_id:
      return text_schema("^[a-z0-9-]{1,16}/[a-z0-9._-]{1,48}#[0-9]{1,6}$");
    case ParamType::org:
      return text_schema("^[a-z0-9-]{1,16}$");
    case ParamType::hash:
      return text_schema("^[0-9a-f]{64}$");
    case ParamType::code_list:
      return {{"type", "array"}, {"items", text_schema("^[a-z0-9._-]{1,48}$")}};
    case ParamType::record_id:
    case ParamType::statement:
    case ParamType::certificate:
    case ParamType::text:
      return {{"type", "string"}};
    case ParamType::json:
      break;
  }
  return Json::object();
}

Json member_schema(const ResultMember& member) {
  Json schema = result_schema(member.type);
  if (!member.may_be_null) return schema;
  return {{"oneOf", Json::array({std::move(schema), Json{{"type", "null"}}})}};
}

Json object_schema(const Method& method) {
  Json properties = Json::object();
  for (const ResultMember& member : result_members(method.result)) {
    properties[std::string(member.name)] = member_schema(member);
  }
  if (method.envelope == Envelope::snapshot) {
    for (const std::string_view name : {"height", "time"}) {
      properties[std::string(name)] = result_schema("decimal");
    }
    properties["state_root"] = result_schema("hex");
    properties["test_clock"] = result_schema("boolean");
  }
  return {{"type", "object"}, {"properties", std::move(properties)}};
}

Json method_entry(const Method& method) {
  Json params = Json::array();
  for (const ParamSpec& spec : method.params) {
    params.push_back({{"name", spec.name},
                      {"description", spec.help},
                      {"required", spec.is_required},
                      {"schema", param_schema(spec)}});
  }
  return {{"name", method.name},
          {"summary", method.summary},
          {"paramStructure", "either"},
          {"params", std::move(params)},
          {"result",
           {{"name", std::string(method.name) + "_result"}, {"schema", object_schema(method)}}}};
}

std::string document() {
  Json entries = Json::array();
  for (const Method* method : methods()) entries.push_back(method_entry(*method));
  return to_text({{"openrpc", "1.3.2"},
                  {"info",
                   {{"title", "Treeproof"},
                    {"version", "1"},
                    {"description", "Records that tie green points to trees. See docs/api.md."},
                    {"license", {{"name", "Apache-2.0"}}}}},
                  {"methods", std::move(entries)}});
}

void discover(const Query&, const WaiterPtr& waiter) {
  waiter->resolve([]() -> TextAnswer { return openrpc_text(); });
}

constexpr std::array kMethods{Method{.name = "rpc.discover",
                                     .summary = "This document.",
                                     .params = {},
                                     .result = "openrpc:text, info:object, methods:array",
                                     .start = discover,
                                     .envelope = Envelope::none}};

}  // namespace

std::vector<ResultMember> result_members(std::string_view result) {
  std::vector<ResultMember> members;
  while (!result.empty()) {
    const std::size_t comma = result.find(',');
    const std::string_view entry = trimmed(result.substr(0, comma));
    result = comma == std::string_view::npos ? "" : result.substr(comma + 1);
    const std::size_t colon = entry.find(':');
    const bool may_be_null = entry.ends_with('?');
    const std::string_view type = entry.substr(colon + 1);
    members.push_back({entry.substr(0, colon), may_be_null ? type.substr(0, type.size() - 1) : type,
                       may_be_null});
  }
  return members;
}

const std::string& openrpc_text() {
  static const std::string kText = document();
  return kText;
}

std::span<const Method> discovery_methods() { return kMethods; }

}  // namespace treeproof::rpc
