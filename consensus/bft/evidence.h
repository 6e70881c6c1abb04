// Evidence: what a validator signed and no correct validator signs. Messages that contradict one
// another, or one out of turn.
// Owns no punishment and no expiry: the ledger judges those. Callers: tally and Agreement make it,
// the replica shows and stores it, blocks carry it. Pure.
// Source: docs/protocol.md sections 6 and 7; docs/consensus.md rules 12, 19 and 25; docs/adr/0022.
#pragma once

#include <variant>

#include "consensus/bft/certificates.h"
#include "consensus/types/offence.h"

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

// A proposal of a round that belongs to another validator.
struct WrongProposer {
  Proposal proposal;
  bool operator==(const WrongProposer&) const = default;
};

// A precommit for a block, which locked it; none for a block in any round since; then a prevote
// for another block, whose valid round is before the lock.
struct Amnesia {
  std::vector<Vote> precommits;  // of one round after the other, for nil from the second on
  Vote prevote;                  // of the round after the last
  bool operator==(const Amnesia&) const = default;
};

using Evidence = std::variant<DoubleVote, DoubleProposal, ForgedRoot, WrongProposer, Amnesia>;

Offence offence_of(const Evidence& evidence);

// CBOR [1, vote, vote], [2, proposal, proposal], [3, vote, commit certificate], [4, proposal] or
// [5, [+ vote], vote].
// Two of a kind stand in the order of their bytes, whichever came first.
crypto::Bytes encode(const Evidence& evidence, std::string_view chain_id);
// Strict; at most kEvidenceBytesMax; signatures are not checked.
std::expected<Evidence, Refusal> decode_evidence(crypto::ByteSpan bytes, std::string_view chain_id);

// Evidence whose parts contradict each other and whose signatures all hold; only verify makes it.
class VerifiedEvidence {
 public:
  // `validators` are those of the height of the offence.
  static std::expected<VerifiedEvidence, Refusal> verify(const Evidence& evidence,
                                                         std::string_view chain_id,
                                                         const ValidatorSet& validators);

  const Evidence& evidence() const noexcept { return evidence_; }
  const crypto::Bytes& bytes() const noexcept { return bytes_; }
  // Of the set by which it was verified.
  const crypto::Hash& validators_hash() const noexcept { return validators_hash_; }
  bool operator==(const VerifiedEvidence& other) const { return bytes_ == other.bytes_; }

 private:
  VerifiedEvidence(Evidence evidence, crypto::Bytes bytes, const crypto::Hash& validators_hash)
      : evidence_(std::move(evidence)),
        bytes_(std::move(bytes)),
        validators_hash_(validators_hash) {}
  Evidence evidence_;
  crypto::Bytes bytes_;
  crypto::Hash validators_hash_{};
};

}  // namespace treeproof::bft
