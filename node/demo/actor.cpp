#include "node/demo/actor.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

namespace treeproof::demo {

namespace {

constexpr std::uint32_t kWaitMs = 60'000;  // what a node waits at most
constexpr int kTries = 4;
constexpr auto kHeightLimit = std::chrono::seconds(120);
constexpr auto kHeightPoll = std::chrono::milliseconds(5);

}  // namespace

cli::Result<void> wait_for_height(cli::RpcClient& node, std::uint64_t height) {
  const auto deadline = std::chrono::steady_clock::now() + kHeightLimit;
  for (;;) {
    const auto status = node.call("chain_status", rpc::Json::object());
    if (!status) return std::unexpected(status.error());
    if (std::stoull(status->at("height").get<std::string>()) >= height) return {};
    if (std::chrono::steady_clock::now() > deadline) {
      return cli::fail("The node does not reach height " + std::to_string(height) + ".",
                       "Look into the nodes' logs.");
    }
    std::this_thread::sleep_for(kHeightPoll);
  }
}

cli::Result<Actor> Actor::open(const std::string& org, const crypto::SecretKey& key,
                               const std::string& url, std::string chain_id,
                               std::shared_ptr<Horizon> horizon) {
  auto client = cli::RpcClient::open(url);
  if (!client) return std::unexpected(client.error());
  client->set_timeout_ms(2 * kWaitMs);
  return Actor(org, key, *std::move(client), std::move(chain_id), std::move(horizon));
}

cli::Result<rpc::Json> Actor::ask(std::string_view method, const rpc::Json& params) {
  if (auto reached = wait_for_height(client_, horizon_->height); !reached) {
    return std::unexpected(reached.error());
  }
  return client_.call(method, params);
}

cli::Result<TimeMs> Actor::chain_time() {
  auto status = ask("chain_status", rpc::Json::object());
  if (!status) return std::unexpected(status.error());
  return TimeMs{std::stoull(status->at("time").get<std::string>())};
}

cli::Result<Recorded> Actor::record(const ledger::Payload& payload,
                                    const ledger::AttachmentPtr& attachment) {
  return submit(payload, attachment, Until::committed);
}

cli::Result<Recorded> Actor::propose(const ledger::Payload& payload,
                                     const ledger::AttachmentPtr& attachment) {
  return submit(payload, attachment, Until::waiting_for_consents);
}

cli::Result<void> Actor::await(const Recorded& proposed) {
  const auto deadline = std::chrono::steady_clock::now() + kHeightLimit;
  for (;;) {
    const auto status = ask("record_status", {{"id", proposed.object.text}});
    // Between the pool and the ledger a node knows it for a moment by neither name.
    const bool is_unknown = !status && status.error().reason == cli::kReasonNotFound;
    if (!status && !is_unknown) return std::unexpected(status.error());
    if (status && status->at("status") == "committed") {
      const std::uint64_t height = std::stoull(status->at("height").get<std::string>());
      horizon_->height = std::max(horizon_->height, height);
      return {};
    }
    if (std::chrono::steady_clock::now() > deadline) {
      return cli::fail(proposed.object.text + " is not recorded after its consents.",
                       "Look into the nodes' logs.");
    }
    std::this_thread::sleep_for(kHeightPoll);
  }
}

cli::Result<crypto::Bytes> Actor::sign(const ledger::Payload& payload) {
  const auto time = chain_time();
  if (!time) return std::unexpected(time.error());
  return ledger::sign_statement(payload, ledger::OrgId{org_}, chain_id_, time->seconds(), *key_);
}

cli::Result<rpc::Json> Actor::check(const ledger::Payload& payload) {
  const auto bytes = sign(payload);
  if (!bytes) return std::unexpected(bytes.error());
  return ask("record_dryRun", {{"statement", crypto::to_base64url(*bytes)}});
}

cli::Result<Recorded> Actor::submit(const ledger::Payload& payload,
                                    const ledger::AttachmentPtr& attachment, Until until) {
  const auto bytes = sign(payload);
  if (!bytes) return std::unexpected(bytes.error());
  const auto statement = ledger::parse_statement(*bytes, chain_id_);
  if (!statement) return cli::fail(ledger::to_string(statement.error()), "Report this as a bug.");
  Recorded recorded{(*statement)->object(), (*statement)->id, 0, 0};
  const rpc::Json params{{"statement", crypto::to_base64url(*bytes)}, {"wait_ms", kWaitMs}};
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const auto answer = client_.call("record_submit", params);
    if (!answer) return std::unexpected(answer.error());
    if (answer->at("status") == "committed") {
      recorded.height = std::stoull(answer->at("height").get<std::string>());
      recorded.log_index = std::stoull(answer->at("log_index").get<std::string>());
      horizon_->height = std::max(horizon_->height, recorded.height);
      return recorded;
    }
    if (answer->at("attachment_missing").get<bool>() && attachment && attempt == 0) {
      auto put = client_.put_attachment(attachment->announced().root, attachment->bytes());
      if (!put) return std::unexpected(put.error());
    }
    const bool waits = !answer->at("missing_consents").empty();
    if (waits && until == Until::waiting_for_consents) return recorded;
  }
  return cli::fail(recorded.object.text + " was not recorded in time.",
                   "Look into the nodes' logs.");
}

}  // namespace treeproof::demo
