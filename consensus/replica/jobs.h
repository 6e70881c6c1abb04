// Work that never runs on the replica's thread: signature checks, as data, and the pure function
// that does one. The host gives them to a pool; the simulator runs them in place.
// Owns nothing. Callers: replica (makes jobs), host (runs them). Pure; run() from any thread.
// Source: docs/consensus.md rule 30; docs/protocol.md sections 3 and 7.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "consensus/replica/messages.h"
#include "consensus/types/validator_set.h"

namespace treeproof::replica {

using ValidatorsPtr = std::shared_ptr<const ValidatorSet>;

struct VerifyStatement {
  ledger::StatementPtr statement;
  crypto::PublicKey key;
};
// A message of agreement against the validators of its height.
struct VerifyAgreement {
  using Message = std::variant<bft::Proposal, bft::Vote, bft::CommitCertificate,
                               bft::PolkaCertificate, bft::RoundCertificate>;
  Message message;
  ValidatorsPtr validators;
  std::string peer;  // who sent it; loses its connection when it does not verify
};
// The commit of the previous block inside a body.
struct VerifyPreviousCommit {
  crypto::Hash header_hash{};  // of the body that carries it
  bft::CommitCertificate commit;
  ValidatorsPtr validators;
};
// What a peer says that this node signed, against its own key alone: who sits at the height of the
// message may not be known here. [rule 23]
struct VerifyOwn {
  OwnVoteHeld answer;  // with a message of this organisation
  crypto::PublicKey key;
  std::string peer;
};

using Job = std::variant<VerifyStatement, VerifyAgreement, VerifyPreviousCommit, VerifyOwn>;

struct JobResult {
  Job job;
  bool valid = false;
  std::optional<ledger::VerifiedStatement> verified;  // for a VerifyStatement that is valid
};

JobResult run(const Job& job, std::string_view chain_id);

}  // namespace treeproof::replica
