// Certificates: signatures that together prove a polka, a commit or the right to enter a round.
// Owns no counting. Callers: Agreement makes and takes them, the replica sends and verifies them,
// blocks carry the commit of their predecessor. Pure; verify may run on any thread.
// Source: docs/protocol.md sections 7 and 8; docs/consensus.md rules 7, 9, 17 and 18.
#pragma once

#include <vector>

#include "consensus/bft/messages.h"

namespace treeproof::bft {

struct CertificateSignature {
  std::string org;
  crypto::Kid kid{};
  crypto::Signature signature{};
  bool operator==(const CertificateSignature&) const = default;
};

// More than 2/3 of the power precommitted one block in one round.
struct CommitCertificate {
  Height height;
  Round round;
  BlockId block;
  std::vector<CertificateSignature> signatures;  // ascending by org
  bool operator==(const CommitCertificate&) const = default;
};

// More than 2/3 of the power prevoted one header hash with one valid round in one round.
struct PolkaCertificate {
  Height height;
  Round round;
  crypto::Hash header_hash{};
  Round valid_round = kNoRound;
  std::vector<CertificateSignature> signatures;  // ascending by org
  bool operator==(const PolkaCertificate&) const = default;
};

// Why a round may be entered: precommits of the round before by more than 2/3, or votes of this
// or later rounds by more than 1/3; one vote for each organisation, ascending.
struct RoundCertificate {
  Height height;
  Round round;
  std::vector<Vote> votes;
  bool operator==(const RoundCertificate&) const = default;
};

// The votes that a certificate stands for.
std::vector<Vote> votes_of(const CommitCertificate& certificate);
std::vector<Vote> votes_of(const PolkaCertificate& certificate);

// CBOR [height, round, header hash, log size, log root, [+ [org, kid, signature]]].
crypto::Bytes encode(const CommitCertificate& certificate);
// CBOR [height, round, header hash, valid round, [+ [org, kid, signature]]].
crypto::Bytes encode(const PolkaCertificate& certificate);
// CBOR [height, round, [+ vote]], each vote as it travels alone.
crypto::Bytes encode(const RoundCertificate& certificate, std::string_view chain_id);

// Strict in form, order and ranges; signatures are not checked.
std::expected<CommitCertificate, Refusal> decode_commit_certificate(crypto::ByteSpan bytes);
std::expected<PolkaCertificate, Refusal> decode_polka_certificate(crypto::ByteSpan bytes);
std::expected<RoundCertificate, Refusal> decode_round_certificate(crypto::ByteSpan bytes,
                                                                  std::string_view chain_id);

// Refuses an unknown or doubled signer, too little power and any invalid signature, in this order,
// so that nothing is paid for a certificate that cannot hold. [rules 7, 9]
std::expected<void, Refusal> verify(const CommitCertificate& certificate, std::string_view chain_id,
                                    const ValidatorSet& validators);
std::expected<void, Refusal> verify(const PolkaCertificate& certificate, std::string_view chain_id,
                                    const ValidatorSet& validators);
std::expected<void, Refusal> verify(const RoundCertificate& certificate, std::string_view chain_id,
                                    const ValidatorSet& validators);

}  // namespace treeproof::bft
