// One organisation at work: signs with its key, submits to its own node, waits for the receipts.
// Owns its connection. Callers: the demo's season, the system tests, the load driver. One thread.
// Source: docs/api.md record_submit; docs/protocol.md section 3.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/statement.h"
#include "consensus/types/height.h"
#include "node/cli/rpc_client.h"

namespace treeproof::demo {

// A statement that was recorded.
struct Recorded {
  ledger::ObjectId object;
  crypto::Hash id{};
  std::uint64_t height = 0;
  std::uint64_t log_index = 0;
};

// The height up to which actors have told each other of their records. A record that one node
// acknowledged is on its way to the others: who builds on it first waits for it at the own node.
struct Horizon {
  std::uint64_t height = 0;
};

// Until the node has committed the height; a failure after two minutes.
cli::Result<void> wait_for_height(cli::RpcClient& node, std::uint64_t height);

class Actor {
 public:
  // Requires: the key outlives the actor.
  static cli::Result<Actor> open(const std::string& org, const crypto::SecretKey& key,
                                 const std::string& url, std::string chain_id,
                                 std::shared_ptr<Horizon> horizon = std::make_shared<Horizon>());

  const std::string& org() const noexcept { return org_; }
  // Asks the own node, once it has caught up with the horizon.
  cli::Result<rpc::Json> ask(std::string_view method, const rpc::Json& params);

  // Signs, submits, uploads the attachment where there is one, and waits for the commit.
  cli::Result<Recorded> record(const ledger::Payload& payload,
                               const ledger::AttachmentPtr& attachment = nullptr);
  // As record, but the statement waits for consents; answers with its id.
  cli::Result<Recorded> propose(const ledger::Payload& payload,
                                const ledger::AttachmentPtr& attachment = nullptr);
  // Until what was proposed is recorded, at the last consent.
  cli::Result<void> await(const Recorded& proposed);
  // What every rule would say of the statement now, as record_dryRun answers; nothing is submitted.
  cli::Result<rpc::Json> check(const ledger::Payload& payload);
  // The chain's time at the last block.
  cli::Result<TimeMs> chain_time();

 private:
  enum class Until : std::uint8_t { committed, waiting_for_consents };
  Actor(std::string org, const crypto::SecretKey& key, cli::RpcClient client, std::string chain_id,
        std::shared_ptr<Horizon> horizon)
      : org_(std::move(org)),
        key_(&key),
        client_(std::move(client)),
        chain_id_(std::move(chain_id)),
        horizon_(std::move(horizon)) {}
  cli::Result<crypto::Bytes> sign(const ledger::Payload& payload);
  cli::Result<Recorded> submit(const ledger::Payload& payload,
                               const ledger::AttachmentPtr& attachment, Until until);

  std::string org_;
  const crypto::SecretKey* key_;
  cli::RpcClient client_;
  std::string chain_id_;
  std::shared_ptr<Horizon> horizon_;
};

}  // namespace treeproof::demo
