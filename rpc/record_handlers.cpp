// record_get, record_dryRun.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "consensus/ledger/execution.h"
#include "consensus/ledger/lookups.h"
#include "rpc/json_codec.h"
#include "rpc/reading.h"
#include "rpc/warnings.h"

namespace treeproof::rpc {

namespace {

// A statement of the log; nothing where the index is that of no statement.
ledger::StatementPtr logged_statement(const Query& query, std::uint64_t log_index) {
  auto bytes = query.view->log_entry(log_index);
  if (!bytes) return nullptr;
  auto statement = ledger::parse_statement(*std::move(bytes), query.services->chain_id);
  return statement ? *std::move(statement) : nullptr;
}

// By its place in the log, or by the object that it made.
std::optional<std::uint64_t> wanted_index(const Query& query) {
  if (query.params.has("log_index")) return query.params.number_or("log_index", 0);
  const auto record = ledger::record_of(past(query), query.params.object_id("id"));
  return record ? std::optional(record->log_index) : std::nullopt;
}

// A place in the log whose block this node does not hold.
bool is_pruned(const ChainView& view, std::uint64_t log_index) {
  return log_index < view.header().log_size && !view.height_of_log_index(log_index);
}

Answer record_get(const Query& query) {
  if (query.params.has("id") == query.params.has("log_index")) {
    return invalid_params({"params", "either id or log_index is wanted"});
  }
  const auto index = wanted_index(query);
  if (index && is_pruned(*query.view, *index)) return pruned(begins_later(*query.view));
  const auto statement = index ? logged_statement(query, *index) : nullptr;
  const auto object =
      statement ? past(query).object({"object", statement->object().text}) : nullptr;
  if (!object) {
    return not_found("record", query.params.has("id")
                                   ? query.params.text("id")
                                   : std::to_string(query.params.number_or("log_index", 0)));
  }
  return Json{{"id", statement->object().text},
              {"type", ledger::type_of(statement->payload)},
              {"issuer", statement->issuer.text},
              {"ref", ledger::ref_of(statement->payload).text},
              {"issued_at", std::to_string(statement->issued_at_s)},
              {"statement_bytes", crypto::to_base64url(statement->bytes)},
              {"record", built(ledger::record_of(*object)).take()},
              {"payload", payload_to_json(statement->payload)},
              {"object", object_to_json("object", *object)}};
}

Json rule_json(const ledger::RuleResult& result) {
  static constexpr std::array<std::string_view, 3> kStates{"passed", "failed", "not_reached"};
  return {{"reason", ledger::name(result.reason)},
          {"sentence", ledger::sentence(result.reason)},
          {"state", kStates[static_cast<std::size_t>(result.state)]},
          {"numbers", to_json(result.numbers)}};
}

std::string_view would_be(const ledger::RuleResult* failed) {
  if (failed == nullptr) return "included";
  const bool waits = failed->reason == ledger::Reason::consents_missing ||
                     failed->reason == ledger::Reason::attachment_missing;
  return waits ? "waiting" : "refused";
}

const ledger::RuleResult* failed_of(std::span<const ledger::RuleResult> results) {
  const auto failed =
      std::ranges::find(results, ledger::RuleState::failed, &ledger::RuleResult::state);
  return failed == results.end() ? nullptr : &*failed;
}

// Of a statement that nothing but consents may still hold back.
Json warnings_json(const Query& query, const ledger::Payload& payload,
                   const ledger::RuleResult* failed) {
  Json warnings = Json::array();
  if (failed != nullptr && failed->reason != ledger::Reason::consents_missing) return warnings;
  for (const Warning& warning : warnings_of(payload, *query.view)) {
    warnings.push_back({{"warning", warning.name},
                        {"sentence", warning.sentence},
                        {"numbers", to_json(warning.numbers)}});
  }
  return warnings;
}

Json dry_run_answer(std::span<const ledger::RuleResult> results, Json warnings) {
  const ledger::RuleResult* refusal = failed_of(results);
  Json rules = Json::array();
  for (const auto& result : results) rules.push_back(rule_json(result));
  return {
      {"would_be", would_be(refusal)},
      {"refusal", refusal ? to_json(ledger::Refusal{refusal->reason, refusal->numbers}) : Json()},
      {"rules", std::move(rules)},
      {"warnings", std::move(warnings)}};
}

// The verified statement, or the rule of form that it breaks.
std::expected<ledger::VerifiedStatement, ledger::Refusal> verified(const Query& query,
                                                                   crypto::Bytes bytes) {
  auto statement = ledger::parse_statement(std::move(bytes), query.services->chain_id);
  if (!statement) return std::unexpected(statement.error());
  const auto key = ledger::registered_key(*query.view, (*statement)->issuer, (*statement)->kid);
  if (!key) {
    return std::unexpected(ledger::Refusal{
        ledger::Reason::key_unknown,
        {{"issuer", (*statement)->issuer.text}, {"kid", crypto::to_hex((*statement)->kid)}}});
  }
  return ledger::VerifiedStatement::verify(*std::move(statement), *key);
}

Answer record_dry_run(const Query& query) {
  auto bytes = query.params.statement("statement");
  if (!bytes) return invalid_params({"params.statement", "hex or base64url is wanted"});
  const auto statement = verified(query, *std::move(bytes));
  if (!statement) {
    const ledger::RuleResult broken{statement.error().reason, ledger::RuleState::failed,
                                    statement.error().numbers};
    return dry_run_answer(std::span(&broken, 1), Json::array());
  }
  const ledger::Header& header = query.view->header();
  const ledger::BlockContext block{
      query.services->chain_id,  header.height.next(), TimeMs{header.time.value + 1},
      query.view->header_hash(), header.log_size,      nullptr};
  const auto results = ledger::explain_statement(*statement, *query.view, block);
  return dry_run_answer(results, warnings_json(query, (*statement)->payload, failed_of(results)));
}

constexpr std::array kGet{
    ParamSpec{"id", ParamType::object_id, false, "The object that it made, org/ref."},
    ParamSpec{"log_index", ParamType::number, false, "Or its place in the log."}, kAt};
constexpr std::array kDryRun{
    ParamSpec{"statement", ParamType::statement, true, "The signed statement."}};

constexpr std::array kMethods{
    Method{.name = "record_get",
           .summary = "A record: the statement as it was signed, and its object as it is.",
           .params = kGet,
           .result = "id:text, type:text, issuer:text, ref:text, issued_at:decimal, "
                     "statement_bytes:base64url, record:object, payload:object, object:object",
           .answer = record_get},
    Method{.name = "record_dryRun",
           .summary = "What every rule says of a statement, without submitting it.",
           .params = kDryRun,
           .result = "would_be:text, refusal:object?, rules:array, warnings:array",
           .answer = record_dry_run,
           .lane = Lane::slow}};

}  // namespace

std::span<const Method> record_methods() { return kMethods; }

}  // namespace treeproof::rpc
