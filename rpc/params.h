// The parameters of one call, judged against the table of its method before its handler runs, so
// that a handler reads values that are of their type and form.
// Owns no tree: the request outlives it. Callers: dispatcher (makes them), handlers. One thread.
// Source: JSON-RPC 2.0 section 4.2; docs/api.md "Conventions".
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "consensus/ledger/leaves.h"
#include "consensus/types/height.h"
#include "rpc/rpc_error.h"

namespace treeproof::rpc {

enum class ParamType : std::uint8_t {
  height,  // or the text "latest"
  number,  // 64 bits
  boolean,
  object_id,  // org/ref
  member_id,  // org/ref#index
  record_id,  // org/ref, or a statement id
  org,
  code_list,
  hash,       // 32 bytes in hex
  statement,  // hex or base64url of its bytes
  text,
  certificate,  // base64url or TP1: text
  json,         // judged by the handler
  degrees_e7,   // of either sign, at most `max`
};

struct ParamSpec {
  std::string_view name;
  ParamType type{};
  bool is_required = false;
  std::string_view help;
  std::uint64_t max = UINT64_MAX;  // of a number; of degrees their magnitude
};

class Params {
 public:
  // `given` is the request's member "params": an object, an array in the order of the specs, or
  // null. A null value is the same as none. Refuses -32602 with the path.
  static std::expected<Params, RpcError> read(std::span<const ParamSpec> specs, const Json* given);

  bool has(std::string_view name) const { return find(name) != nullptr; }
  // Requires: the value is there, and a text.
  const std::string& text(std::string_view name) const;
  std::string text_or(std::string_view name, std::string_view otherwise) const;
  std::uint64_t number_or(std::string_view name, std::uint64_t otherwise) const;
  // Requires: the value is there.
  std::int32_t degrees_e7(std::string_view name) const;
  bool flag(std::string_view name) const;                     // false where there is none
  std::optional<Height> height(std::string_view name) const;  // nothing: the latest
  ledger::ObjectId object_id(std::string_view name) const { return {text(name)}; }
  ledger::MemberId member_id(std::string_view name) const { return {text(name)}; }
  crypto::Hash hash(std::string_view name) const;
  // Nothing where neither hex nor base64url decodes.
  std::optional<crypto::Bytes> statement(std::string_view name) const;
  const Json* find(std::string_view name) const;

 private:
  struct Given {
    std::string_view name;
    const Json* value;
  };
  std::vector<Given> given_;
};

}  // namespace treeproof::rpc
