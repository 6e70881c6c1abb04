// Evidence: two signed messages of one validator that no correct validator signs together.
// Owns no punishment and no expiry: the ledger judges those. Callers: tally and Agreement make it,
// the replica stores it, blocks carry it. Pure.
// Source: docs/protocol.md section 7; docs/consensus.md rules 19 and 25.
#pragma once

#include <variant>

#include "consensus/bft/certificates.h"

namespace treeproof::bft {

// Two different votes of one type in one round.
struct DoubleVote {
  Vote first;
  Vote second;
  bool operator==(const DoubleVote&) const = default;
};

// Two different proposals of one round.
struct DoubleProposal {
  Proposal first;
  Proposal second;
  bool operator==(const DoubleProposal&) const = default;
};

// A precommit of another log size or root under the header hash that a quorum committed.
struct ForgedRoot {
  Vote precommit;
  CommitCertificate committed;
  bool operator==(const ForgedRoot&) const = default;
};

using Evidence = std::variant<DoubleVote, DoubleProposal, ForgedRoot>;

const std::string& accused_org(const Evidence& evidence) noexcept;
Height height_of(const Evidence& evidence) noexcept;

// CBOR [1, vote, vote], [2, proposal, proposal] or [3, vote, commit certificate].
crypto::Bytes encode(const Evidence& evidence, std::string_view chain_id);
std::expected<Evidence, Refusal> decode_evidence(crypto::ByteSpan bytes, std::string_view chain_id);
// The parts contradict each other, are of one height and validator, and every signature holds.
std::expected<void, Refusal> verify(const Evidence& evidence, std::string_view chain_id,
                                    const ValidatorSet& validators);

}  // namespace treeproof::bft
