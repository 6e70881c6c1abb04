// Work that never runs on the replica's thread: signature checks, as data, and the pure function
// that does one. The host gives them to a pool; the simulator runs them in place.
// Owns nothing. Callers: replica (makes jobs), host (runs them). Pure; run() from any thread.
// Source: docs/consensus.md rule 30; docs/protocol.md sections 3 and 7.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "consensus/bft/evidence.h"
#include "consensus/ledger/statement.h"
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
  std::string peer;         // who sent it; loses its connection when it does not verify
  std::uint64_t check = 0;  // its number among those of this life, from 1
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

// Evidence that nobody has verified yet, with the validators of its height.
struct EvidenceClaim {
  bft::Evidence evidence;
  ValidatorsPtr validators;
};
// All that a body carries, or one piece that a peer showed or this node came upon.
struct VerifyEvidence {
  std::vector<EvidenceClaim> claims;
  std::optional<crypto::Hash> header_hash;  // of the body
  std::string peer;                         // who showed it; empty: this node itself
};

using Job =
    std::variant<VerifyStatement, VerifyAgreement, VerifyPreviousCommit, VerifyOwn, VerifyEvidence>;

struct JobResult {
  Job job;
  bool valid = false;
  std::optional<ledger::VerifiedStatement> verified;  // for a VerifyStatement that is valid
  // Of a VerifyEvidence that is valid, all; of a proposal that is refused, that it was out of turn.
  std::vector<bft::VerifiedEvidence> evidence{};
};

JobResult run(const Job& job, std::string_view chain_id);
// What VerifyEvidence does, for who replays on its own thread; nothing where one does not hold.
std::optional<std::vector<bft::VerifiedEvidence>> verify_all(std::span<const EvidenceClaim> claims,
                                                             std::string_view chain_id);

}  // namespace treeproof::replica
