#include "rpc/params.h"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "consensus/proofs/certificate.h"
#include "rpc/json_input.h"

namespace treeproof::rpc {

namespace {

constexpr std::size_t kTextParamBytesMax = 4'096;

bool is_hash_text(std::string_view text) { return crypto::hash_from_hex(text).has_value(); }

// Whether a text is of the form that the type asks for; a sentence where it is not.
std::string_view form_problem(ParamType type, std::string_view text) {
  switch (type) {
    case ParamType::object_id:
      return ledger::ObjectId::check(text) ? "" : "an id of the form org/ref is wanted";
    case ParamType::member_id:
      return ledger::MemberId::check(text) ? "" : "an id of the form org/ref#index is wanted";
    case ParamType::record_id:
      return ledger::ObjectId::check(text) || is_hash_text(text)
                 ? ""
                 : "an id of the form org/ref or a statement id in hex is wanted";
    case ParamType::org:
      return ledger::OrgId::check(text) ? "" : "the id of an organisation is wanted";
    case ParamType::hash:
      return is_hash_text(text) ? "" : "32 bytes in lower-case hex are wanted";
    case ParamType::statement:
      return text.size() <= 2 * kStatementBytesMax ? "" : "a statement has at most 65,535 bytes";
    case ParamType::text:
      return text.size() <= kTextParamBytesMax ? "" : "a text that is too long";
    case ParamType::certificate:
      return text.size() <= 2 * proofs::kCertificateBytesMax ? ""
                                                             : "a certificate has at most 1 MiB";
    case ParamType::height:
      return text == "latest" ? "" : "a height or latest is wanted";
    case ParamType::number:
    case ParamType::degrees_e7:
    case ParamType::boolean:
    case ParamType::code_list:
    case ParamType::json:
      break;
  }
  return "";
}

void judge_code_list(JsonInput& in) {
  const std::size_t count = in.array(0, kSpeciesPerStatementMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    in.enter(i);
    if (!ledger::Code::check(in.text()) && in.ok()) in.fail("a species code is wanted");
    in.leave();
  }
}

void judge(JsonInput& in, const ParamSpec& spec, const Json& value) {
  switch (spec.type) {
    case ParamType::number:
      in.uint(spec.max);
      return;
    case ParamType::degrees_e7:
      in.integer(-static_cast<std::int64_t>(spec.max), static_cast<std::int64_t>(spec.max));
      return;
    case ParamType::boolean:
      in.boolean();
      return;
    case ParamType::code_list:
      return judge_code_list(in);
    case ParamType::json:
      return;
    case ParamType::height:
      if (value != "latest") in.uint();
      return;
    case ParamType::object_id:
    case ParamType::member_id:
    case ParamType::record_id:
    case ParamType::org:
    case ParamType::hash:
    case ParamType::statement:
    case ParamType::text:
    case ParamType::certificate:
      break;
  }
  const std::string_view problem = form_problem(spec.type, in.text());
  if (in.ok() && !problem.empty()) in.fail(std::string(problem));
}

// By name: the object's members; by position: the elements, in the order of the specs.
const Json* value_of(const Json& given, std::span<const ParamSpec> specs, std::size_t index) {
  if (given.is_array()) return index < given.size() ? &given[index] : nullptr;
  const auto found = given.find(std::string(specs[index].name));
  return found == given.end() ? nullptr : &*found;
}

std::optional<JsonFault> shape_fault(const Json& given, std::span<const ParamSpec> specs) {
  if (given.is_array()) {
    if (given.size() <= specs.size()) return std::nullopt;
    return JsonFault{"params", "at most " + std::to_string(specs.size()) + " values are wanted"};
  }
  if (!given.is_object()) return JsonFault{"params", "an object or an array is wanted"};
  for (const auto& [name, value] : given.items()) {
    if (std::ranges::count(specs, name, &ParamSpec::name) == 0) {
      return JsonFault{"params", "unknown parameter " + name};
    }
  }
  return std::nullopt;
}

}  // namespace

std::expected<Params, RpcError> Params::read(std::span<const ParamSpec> specs, const Json* given) {
  static const Json kNone = Json::object();
  const Json& values = given == nullptr ? kNone : *given;
  if (const auto fault = shape_fault(values, specs)) return invalid_params(*fault);
  Params params;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const ParamSpec& spec = specs[i];
    const Json* value = value_of(values, specs, i);
    if (value == nullptr || value->is_null()) {
      if (!spec.is_required) continue;
      return invalid_params({"params." + std::string(spec.name), "this parameter is missing"});
    }
    JsonInput in(*value, "params." + std::string(spec.name));
    judge(in, spec, *value);
    if (!in.ok()) return invalid_params(in.fault());
    params.given_.push_back({spec.name, value});
  }
  return params;
}

const Json* Params::find(std::string_view name) const {
  const auto found = std::ranges::find(given_, name, &Given::name);
  return found == given_.end() ? nullptr : found->value;
}

const std::string& Params::text(std::string_view name) const {
  const Json* value = find(name);
  assert(value != nullptr);
  return value->get_ref<const std::string&>();
}

std::string Params::text_or(std::string_view name, std::string_view otherwise) const {
  return has(name) ? text(name) : std::string(otherwise);
}

std::uint64_t Params::number_or(std::string_view name, std::uint64_t otherwise) const {
  const Json* value = find(name);
  return value == nullptr ? otherwise : JsonInput(*value).uint();
}

std::int32_t Params::degrees_e7(std::string_view name) const {
  const Json* value = find(name);
  assert(value != nullptr);
  return static_cast<std::int32_t>(JsonInput(*value).integer(INT32_MIN, INT32_MAX));
}

bool Params::flag(std::string_view name) const {
  const Json* value = find(name);
  return value != nullptr && value->get<bool>();
}

std::optional<Height> Params::height(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr || *value == "latest") return std::nullopt;
  return Height{JsonInput(*value).uint()};
}

crypto::Hash Params::hash(std::string_view name) const {
  const auto hash = crypto::hash_from_hex(text(name));
  assert(hash.has_value());
  return *hash;
}

std::optional<crypto::Bytes> Params::statement(std::string_view name) const {
  const std::string& given = text(name);
  auto bytes = crypto::from_hex(given);
  return bytes ? std::move(bytes) : crypto::from_base64url(given);
}

}  // namespace treeproof::rpc
