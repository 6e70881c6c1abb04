// Evidence as a block carries it, and as the ledger is told of it: where bft's proofs meet the
// ledger's convictions.
// Owns nothing. Callers: chain, evidence pool, rpc. Pure.
// Source: docs/protocol.md section 6; docs/consensus.md rule 25.
#pragma once

#include <expected>
#include <span>
#include <vector>

#include "consensus/bft/evidence.h"
#include "consensus/ledger/block.h"
#include "consensus/ledger/conviction.h"

namespace treeproof::replica {

ledger::OffenceKind offence_kind(const bft::Evidence& evidence);
// As the ledger records it.
ledger::Conviction conviction_of(const bft::VerifiedEvidence& evidence);
std::vector<ledger::Conviction> convictions_of(std::span<const bft::VerifiedEvidence> evidence);

// CBOR [* evidence]. Requires: strictly ascending by offence_id, within the limits of a block.
crypto::Bytes encode_evidence(std::span<const bft::VerifiedEvidence> evidence);

enum class EvidenceFault : std::uint8_t { malformed, too_much };
// Strict, bounded, strictly ascending by offence_id; signatures are not checked.
std::expected<std::vector<bft::Evidence>, EvidenceFault> evidence_of(const ledger::Block& block,
                                                                     std::string_view chain_id);

}  // namespace treeproof::replica
