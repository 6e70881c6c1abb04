#include "node/import/recorder.h"

#include <nlohmann/json.hpp>

#include "node/cli/answers.h"

namespace treeproof::import {

namespace {

using rpc::Json;

constexpr std::uint32_t kWaitMs = 60'000;
constexpr std::uint64_t kMillisecondsPerDay = 86'400'000;

}  // namespace

cli::Result<Recorder> Recorder::open(const std::filesystem::path& key_file,
                                     const std::string& url) {
  auto key = cli::read_key_file(key_file);
  if (!key) return std::unexpected(key.error());
  auto client = cli::RpcClient::open(url);
  if (!client) return std::unexpected(client.error());
  const auto terms = cli::signing_terms(*client);
  if (!terms) return std::unexpected(terms.error());
  return Recorder(*std::move(client), *std::move(key), terms->chain_id);
}

cli::Result<std::int32_t> Recorder::chain_day() {
  const auto status = client_.call("chain_status", Json::object());
  if (!status) return std::unexpected(status.error());
  return static_cast<std::int32_t>(cli::number_at(*status, "time") / kMillisecondsPerDay);
}

cli::Result<std::optional<Recorder::Found>> Recorder::look_up(const std::string& ref) {
  const std::string id = ledger::ObjectId::of({key_.org}, {ref}).text;
  const auto answer = client_.call("record_get", Json{{"id", id}});
  if (!answer) {
    const bool is_unknown = answer.error().reason == cli::kReasonNotFound;
    return is_unknown ? cli::Result<std::optional<Found>>(std::nullopt)
                      : std::unexpected(answer.error());
  }
  auto statement = ledger::parse_statement(cli::proof_at(*answer, "statement_bytes"), chain_id_);
  if (!statement) {
    return cli::fail("The node's record of " + id + " is not as it must be.", "Ask another node.");
  }
  const std::uint64_t height = cli::number_at(answer->at("record"), "height");
  return Found{{id, (*statement)->id, height, true}, *std::move(statement)};
}

cli::Result<std::optional<RecordedOnce>> Recorder::find(const std::string& ref) {
  const auto found = look_up(ref);
  if (!found) return std::unexpected(found.error());
  return *found ? std::optional((*found)->record) : std::nullopt;
}

cli::Result<RecordedOnce> Recorder::record(const ledger::Payload& payload,
                                           const ledger::AttachmentPtr& attachment) {
  const auto found = look_up(ledger::ref_of(payload).text);
  if (!found) return std::unexpected(found.error());
  if (*found) {
    if ((*found)->statement->payload == payload) return (*found)->record;
    return std::unexpected(cli::Failure{
        "Another statement is recorded as " + (*found)->record.object + ".",
        "Choose other refs with --ref, or leave out what is recorded.", cli::ExitCode::negative,
        std::string(ledger::name(ledger::Reason::ref_reused))});
  }
  const std::span<const ledger::AttachmentPtr> attachments(&attachment, attachment ? 1 : 0);
  const auto submitted = cli::submit_payload(client_, payload, key_, attachments, kWaitMs);
  if (!submitted) return std::unexpected(submitted.error());
  return RecordedOnce{submitted->object, submitted->id, submitted->height, false};
}

}  // namespace treeproof::import
