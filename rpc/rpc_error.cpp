#include "rpc/rpc_error.h"

#include <nlohmann/json.hpp>

#include "rpc/json_codec.h"

namespace treeproof::rpc {

namespace {

std::unexpected<RpcError> error(ErrorCode code, std::string message, const Json& data) {
  return std::unexpected(RpcError{code, std::move(message), to_text(data)});
}

}  // namespace

std::unexpected<RpcError> invalid_params(const JsonFault& fault) {
  return error(ErrorCode::invalid_params, to_string(fault), {{"path", fault.path}});
}

std::unexpected<RpcError> not_found(std::string_view what, std::string_view id) {
  return error(ErrorCode::not_found, "There is no " + std::string(what) + " " + std::string(id),
               {{"what", what}, {"id", id}});
}

std::unexpected<RpcError> refused(const ledger::Refusal& refusal) {
  auto answer = error(ErrorCode::refused, ledger::to_string(refusal), to_json(refusal));
  answer.error().reason = refusal.reason;
  return answer;
}

std::unexpected<RpcError> pruned(std::string_view sentence) {
  return error(ErrorCode::pruned, "pruned", {{"reason", "pruned"}, {"sentence", sentence}});
}

std::unexpected<RpcError> limit_exceeded(std::string_view limit, std::string_view sentence) {
  return error(ErrorCode::limit_exceeded, std::string(sentence), {{"limit", limit}});
}

std::string to_json_text(const RpcError& error) {
  std::string text = R"({"code":)" + std::to_string(static_cast<int>(error.code)) +
                     R"(,"message":)" + to_text(Json(error.message));
  if (!error.data.empty()) text += R"(,"data":)" + error.data;
  return text + "}";
}

}  // namespace treeproof::rpc
