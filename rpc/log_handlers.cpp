// log_proof, log_consistency, state_proof.
#include <nlohmann/json.hpp>

#include "crypto/merkle.h"
#include "crypto/state_map.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

crypto::HashSource subtrees(const Query& query) {
  return [&query](std::uint32_t level, std::uint64_t index) {
    return query.view->log_subtree(level, index);
  };
}

std::unexpected<RpcError> out_of_log(std::string_view name, std::uint64_t log_size) {
  return invalid_params(
      {"params." + std::string(name), "the log has " + std::to_string(log_size) + " entries"});
}

Answer log_proof(const Query& query) {
  const std::uint64_t log_size = query.view->header().log_size;
  const std::uint64_t size = query.params.number_or("size", log_size);
  const std::uint64_t index = query.params.number_or("index", 0);
  if (size > log_size) return out_of_log("size", log_size);
  if (index >= size) return out_of_log("index", size);
  return Json{{"index", std::to_string(index)},
              {"size", std::to_string(size)},
              {"leaf_hash", crypto::to_hex(query.view->log_subtree(0, index))},
              {"path", to_json(crypto::inclusion_path(index, size, subtrees(query)))}};
}

Answer log_consistency(const Query& query) {
  const std::uint64_t log_size = query.view->header().log_size;
  const std::uint64_t from = query.params.number_or("from", 0);
  const std::uint64_t to = query.params.number_or("to", log_size);
  if (to > log_size) return out_of_log("to", log_size);
  if (from == 0 || from > to) return invalid_params({"params.from", "from 1 to `to` is wanted"});
  return Json{{"from", std::to_string(from)},
              {"to", std::to_string(to)},
              {"path", to_json(crypto::consistency_path(from, to, subtrees(query)))}};
}

Answer state_proof(const Query& query) {
  const ledger::ObjectKey key{query.params.text("namespace"), query.params.text("id")};
  const auto proof = query.services->chain.state_proof(key, query.at);
  if (!proof) {
    return pruned(
        "State proofs are served for the last heights only: ask without `at`, or prove "
        "the object's record by log_proof.");
  }
  return Json{{"namespace", key.name_space},
              {"id", key.id},
              {"key", crypto::to_hex(crypto::state_key(key.name_space, key.id))},
              {"exists", proof->value != nullptr},
              {"value", proof->value ? Json(crypto::to_base64url(*proof->value)) : Json()},
              {"proof", crypto::to_base64url(proof->ics23)}};
}

constexpr std::array kProof{
    ParamSpec{"index", ParamType::number, true, "The entry, from 0."},
    ParamSpec{"size", ParamType::number, false, "The size of the log; the latest by default."}};
constexpr std::array kConsistency{
    ParamSpec{"from", ParamType::number, true, "The smaller size, at least 1."},
    ParamSpec{"to", ParamType::number, false, "The larger size; the latest by default."}};
constexpr std::array kState{
    ParamSpec{"namespace", ParamType::text, true, "Such as object, org, campaign_tally."},
    ParamSpec{"id", ParamType::text, true, "The id in that namespace."}, kAt};

constexpr std::array kMethods{
    Method{.name = "log_proof",
           .summary = "The RFC 9162 inclusion path of an entry of the log.",
           .params = kProof,
           .result = "index:decimal, size:decimal, leaf_hash:hex, path:array",
           .answer = log_proof},
    Method{.name = "log_consistency",
           .summary = "The RFC 9162 consistency path between two sizes of the log.",
           .params = kConsistency,
           .result = "from:decimal, to:decimal, path:array",
           .answer = log_consistency},
    Method{.name = "state_proof",
           .summary = "An ICS-23 proof that an object is in the state, or that none is.",
           .params = kState,
           .result = "namespace:text, id:text, key:hex, exists:boolean, value:base64url?, "
                     "proof:base64url",
           .answer = state_proof}};

}  // namespace

std::span<const Method> log_methods() { return kMethods; }

}  // namespace treeproof::rpc
