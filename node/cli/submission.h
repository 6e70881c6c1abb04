// From a payload to a record: the moment to sign for, the signature, the submission with its
// attachments, the wait for receipts.
// Owns no file. Callers: record and allocate commands, import, demo. One thread per client.
// Source: docs/api.md "record_submit"; docs/protocol.md section 3.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/statement.h"
#include "node/cli/console.h"
#include "node/cli/key_file.h"
#include "node/cli/rpc_client.h"

namespace treeproof::cli {

// What a signer needs to know of the chain.
struct SigningTerms {
  std::string chain_id;
  std::uint64_t issued_at_s = 0;
};
// The system's clock; on a chain with a clock of its own, the time of its last block.
Result<SigningTerms> signing_terms(RpcClient& client);
std::uint64_t system_seconds();

// Signed in the name of the key's organisation.
crypto::Bytes sign(const ledger::Payload& payload, const KeyFile& key, const SigningTerms& terms);

struct Submitted {
  crypto::Hash id{};  // of the statement
  std::string object;
  bool is_committed = false;
  std::uint64_t height = 0;                   // where committed
  std::uint64_t log_index = 0;                // where committed
  std::vector<std::string> missing_consents;  // while pending
};
// Submits, uploads what the statement announces, waits at most `wait_ms` for the commit. A refusal
// is a failure with exit code 1. Pending for consents is an answer, pending for time a failure.
Result<Submitted> submit(RpcClient& client, const ledger::SignedStatement& statement,
                         std::span<const ledger::AttachmentPtr> attachments, std::uint32_t wait_ms);
// Signs and submits in one go.
Result<Submitted> submit_payload(RpcClient& client, const ledger::Payload& payload,
                                 const KeyFile& key,
                                 std::span<const ledger::AttachmentPtr> attachments,
                                 std::uint32_t wait_ms);

// One submission, as JSON or in words: where it stands, or whom it waits for.
rpc::Json to_json(const Submitted& submitted);
void print_submitted(const Submitted& submitted, Console& console);

inline constexpr std::uint32_t kDefaultWaitMs = 10'000;

}  // namespace treeproof::cli
