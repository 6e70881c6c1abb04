// Why a call has no result: the code of JSON-RPC, a sentence, and data for programs.
// Owns no text of rules (ledger::Reason). Callers: handlers, dispatcher, site. Plain values.
// Source: JSON-RPC 2.0 section 5.1; docs/api.md "Conventions".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "consensus/ledger/reason.h"
#include "rpc/json_reader.h"

namespace treeproof::rpc {

enum class ErrorCode : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  not_found = -32001,
  refused = -32002,
  pruned = -32004,
  limit_exceeded = -32005,
};

struct RpcError {
  ErrorCode code{};
  std::string message;
  std::string data;                           // JSON text; empty: none
  std::optional<ledger::Reason> reason = {};  // where a rule refused
};

// The two sides of a handler's answer: a tree, or why there is none.
using Answer = std::expected<Json, RpcError>;

std::unexpected<RpcError> invalid_params(const JsonFault& fault);
std::unexpected<RpcError> not_found(std::string_view what, std::string_view id);
std::unexpected<RpcError> refused(const ledger::Refusal& refusal);
std::unexpected<RpcError> pruned(std::string_view sentence);
// `limit` is its stable name, such as "batch_calls".
std::unexpected<RpcError> limit_exceeded(std::string_view limit, std::string_view sentence);

// {"code", "message", "data"} as text.
std::string to_json_text(const RpcError& error);

}  // namespace treeproof::rpc
