// chain_status, chain_getHeader, chain_getBlock, chain_getCommit, chain_getValidators.
#include <nlohmann/json.hpp>

#include "consensus/ledger/statement.h"
#include "consensus/replica/block_evidence.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

// The height that is asked for; the latest by default.
Height wanted_height(const Query& query) {
  return query.params.height("height").value_or(query.view->height());
}

Json clock_json(const Services& services) {
  if (!services.clock) return nullptr;
  return {{"start", std::to_string(services.clock->start.value)},
          {"rate", std::to_string(services.clock->rate)},
          {"until", std::to_string(services.clock->until.value)}};
}

Answer chain_status(const Query& query) {
  const NodeStatus status = query.services->chain.status();
  const ledger::Header& header = query.view->header();
  return Json{{"chain", query.services->chain_id},
              {"genesis", crypto::to_hex(query.services->genesis_hash)},
              {"org", status.org},
              {"is_validator", status.validator},
              {"highest_seen", std::to_string(status.highest_seen.value)},
              {"validators", status.validators},
              {"peers", status.connected},
              {"version", status.version},
              {"rules_version", ledger::kRulesVersion},
              {"base", std::to_string(query.view->base().value)},
              {"log_size", std::to_string(header.log_size)},
              {"log_root", crypto::to_hex(header.log_root)},
              {"header_hash", crypto::to_hex(query.view->header_hash())},
              {"clock", clock_json(*query.services)}};
}

Json header_answer(const ledger::Header& header, const crypto::Bytes& header_bytes) {
  return {{"header", to_json(header)},
          {"header_hash", crypto::to_hex(ledger::header_hash(header_bytes))},
          {"header_bytes", crypto::to_base64url(header_bytes)}};
}

Answer chain_get_header(const Query& query) {
  const Height height = wanted_height(query);
  const auto bytes = query.view->header_bytes(height);
  const auto header = header_of(*query.view, height);
  if (!bytes || !header) return not_held(*query.view, height);
  return header_answer(*header, *bytes);
}

Json statement_row(const crypto::Bytes& bytes, const std::string& chain_id,
                   std::uint64_t log_index) {
  const auto statement = ledger::parse_statement(bytes, chain_id);
  assert(statement.has_value());
  return {{"id", crypto::to_hex((*statement)->id)},
          {"type", ledger::type_of((*statement)->payload)},
          {"issuer", (*statement)->issuer.text},
          {"ref", ledger::ref_of((*statement)->payload).text},
          {"log_index", std::to_string(log_index)}};
}

// What a block convicts of, in its order.
Json offence_rows(const ledger::Block& block, const std::string& chain_id) {
  const auto pieces = replica::evidence_of(block, chain_id);
  assert(pieces.has_value());
  Json rows = Json::array();
  for (const bft::Evidence& evidence : *pieces) {
    const Offence offence = bft::offence_of(evidence);
    rows.push_back({{"offence", crypto::to_hex(offence_id(offence))},
                    {"org", offence.org},
                    {"kind", ledger::name(replica::offence_kind(evidence))},
                    {"height", std::to_string(offence.height.value)},
                    {"round", offence.round.value},
                    {"step", ledger::name(offence.step)},
                    {"bytes", crypto::to_base64url(bft::encode(evidence, chain_id))}});
  }
  return rows;
}

Answer chain_get_block(const Query& query) {
  const Height height = wanted_height(query);
  const auto block = query.view->block(height);
  const auto header = header_of(*query.view, height);
  if (!block || !header) return not_held(*query.view, height);
  Json answer = header_answer(*header, block->header_bytes);
  std::uint64_t log_index = header->log_size - block->statements.size();
  Json rows = Json::array();
  for (const crypto::Bytes& bytes : block->statements) {
    Json row = statement_row(bytes, query.services->chain_id, log_index++);
    if (query.params.flag("statement_bytes")) row["bytes"] = crypto::to_base64url(bytes);
    rows.push_back(std::move(row));
  }
  answer["statements"] = std::move(rows);
  answer["offences"] = offence_rows(*block, query.services->chain_id);
  answer["evidence"] = crypto::to_base64url(block->evidence);
  answer["previous_commit"] = crypto::to_base64url(block->previous_commit);
  return answer;
}

Answer chain_get_commit(const Query& query) {
  const Height height = wanted_height(query);
  const auto certificate = query.view->certificate(height);
  if (!certificate) return not_held(*query.view, height);
  const crypto::ReceiptBind bind = bind_of(*certificate);
  Json receipts = Json::array();
  for (const auto& signature : certificate->signatures) {
    receipts.push_back({{"org", signature.org},
                        {"kid", crypto::to_hex(signature.kid)},
                        {"signature", crypto::to_hex(signature.signature)}});
  }
  return Json{{"bind",
               {{"height", std::to_string(bind.height)},
                {"round", bind.round},
                {"log_size", std::to_string(bind.log_size)},
                {"header_hash", crypto::to_hex(bind.header_hash)}}},
              {"log_root", crypto::to_hex(certificate->block.log_root)},
              {"receipts", std::move(receipts)}};
}

Answer chain_get_validators(const Query& query) {
  const Height height = wanted_height(query);
  const bool is_known = height.value >= 1 && height <= query.view->height().next();
  const auto set = is_known ? query.view->validators(height) : nullptr;
  if (!set) return not_held(*query.view, height);
  Json rows = Json::array();
  for (const Validator& validator : set->all()) {
    rows.push_back({{"org", validator.org},
                    {"power", std::to_string(validator.power)},
                    {"public_key", crypto::to_hex(validator.key.bytes())}});
  }
  return Json{{"validators_hash", crypto::to_hex(set->hash())}, {"validators", std::move(rows)}};
}

constexpr ParamSpec kHeight{"height", ParamType::height, false, "The height; latest by default."};
constexpr std::array kByHeight{kHeight};
constexpr std::array kBlock{
    kHeight, ParamSpec{"statement_bytes", ParamType::boolean, false, "With their exact bytes."}};

constexpr std::array kMethods{
    Method{.name = "chain_status",
           .summary = "Where the chain and this node stand.",
           .params = {},
           .result = "chain:text, genesis:hex, org:text, is_validator:boolean, "
                     "highest_seen:decimal, validators:integer, peers:array, version:text, "
                     "rules_version:integer, base:decimal, log_size:decimal, log_root:hex, "
                     "header_hash:hex, clock:object?",
           .answer = chain_status},
    Method{.name = "chain_getHeader",
           .summary = "The header of a height.",
           .params = kByHeight,
           .result = "header:object, header_hash:hex, header_bytes:base64url",
           .answer = chain_get_header},
    Method{.name = "chain_getBlock",
           .summary = "The block of a height.",
           .params = kBlock,
           .result = "header:object, header_hash:hex, header_bytes:base64url, statements:array, "
                     "offences:array, evidence:base64url, previous_commit:base64url",
           .answer = chain_get_block,
           .lane = Lane::slow},
    Method{.name = "chain_getCommit",
           .summary = "The receipts that decided a height.",
           .params = kByHeight,
           .result = "bind:object, log_root:hex, receipts:array",
           .answer = chain_get_commit},
    Method{.name = "chain_getValidators",
           .summary = "The validators that certify a height.",
           .params = kByHeight,
           .result = "validators_hash:hex, validators:array",
           .answer = chain_get_validators}};

}  // namespace

std::span<const Method> chain_methods() { return kMethods; }

}  // namespace treeproof::rpc
