#include "node/cli/answers.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace treeproof::cli {

namespace {

using rpc::Json;

[[noreturn]] void refuse(const char* key) {
  throw std::runtime_error("the field \"" + std::string(key) + "\" is not as it must be");
}

}  // namespace

std::string text_at(const Json& object, const char* key) {
  const Json& value = object.at(key);
  return value.is_null() ? std::string() : value.get<std::string>();
}

std::uint64_t number_at(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  const std::string text = value.get<std::string>();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) refuse(key);
  return number;
}

std::string shown_at(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

crypto::Hash hash_at(const Json& object, const char* key) {
  const auto hash = crypto::hash_from_hex(object.at(key).get<std::string>());
  if (!hash) refuse(key);
  return *hash;
}

crypto::Bytes proof_at(const Json& object, const char* key) {
  auto bytes = crypto::from_base64url(object.at(key).get<std::string>());
  if (!bytes) refuse(key);
  return *std::move(bytes);
}

}  // namespace treeproof::cli
