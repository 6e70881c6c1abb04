// Proposals and votes: what is signed, how it travels, how a signature is checked.
// Owns no counting and no rule of agreement. Callers: the tally, the replica, the verify pool
// (every function is pure and safe from any thread).
// Source: docs/protocol.md section 7; docs/consensus.md rules 12 and 13; RFC 9052, RFC 9942.
#pragma once

#include <compare>
#include <expected>
#include <optional>
#include <string>

#include "consensus/bft/refusal.h"
#include "consensus/types/height.h"
#include "consensus/types/validator_set.h"
#include "crypto/bytes.h"
#include "crypto/signature.h"

namespace treeproof::bft {

// What is agreed on. The header fixes log size and root; a precommit signs all three.
struct BlockId {
  crypto::Hash header_hash{};
  std::uint64_t log_size = 0;
  crypto::Hash log_root{};
  auto operator<=>(const BlockId&) const = default;
};

// The value of a prevote: the header hash alone is signed, size and root stay zero.
BlockId prevote_value(const crypto::Hash& header_hash) noexcept;

enum class VoteType : std::uint8_t { prevote, precommit };

// A vote for a block or, without a value, for nil. The valid round is that of the answered
// proposal in a prevote for a block, else kNoRound.
struct Vote {
  VoteType type = VoteType::prevote;
  Height height;
  Round round;
  std::optional<BlockId> value;
  Round valid_round = kNoRound;
  std::string org;
  crypto::Kid kid{};
  crypto::Signature signature{};
  bool operator==(const Vote&) const = default;
};
// Equal in all but the signature.
bool same_statement(const Vote& left, const Vote& right) noexcept;

struct Proposal {
  Height height;
  Round round;
  crypto::Hash header_hash{};
  Round valid_round = kNoRound;
  std::string org;
  crypto::Kid kid{};
  crypto::Signature signature{};
  bool operator==(const Proposal&) const = default;
};

// SHA-256 of the Sig_structure to be signed; org and kid must be set. [rule 13]
crypto::Hash sign_digest(const Vote& vote, std::string_view chain_id);
crypto::Hash sign_digest(const Proposal& proposal, std::string_view chain_id);

// A proposal, a prevote and a nil precommit travel as COSE_Sign1; a precommit for a block as the
// array [COSE_Sign1 with detached payload, log root].
crypto::Bytes encode(const Vote& vote, std::string_view chain_id);
crypto::Bytes encode(const Proposal& proposal, std::string_view chain_id);
// Strict; at most kMessageBytesMax; checks form, chain and ranges, not the signature.
inline constexpr std::size_t kMessageBytesMax = 1'024;
std::expected<Vote, Refusal> decode_vote(crypto::ByteSpan bytes, std::string_view chain_id);
std::expected<Proposal, Refusal> decode_proposal(crypto::ByteSpan bytes, std::string_view chain_id);

// Cheap checks first, the signature last. The caller knows the validators of the message's height.
std::expected<void, Refusal> verify(const Vote& vote, std::string_view chain_id,
                                    const ValidatorSet& validators);
// As above; whoever signed it, in turn or not.
std::expected<void, Refusal> verify_signature(const Proposal& proposal, std::string_view chain_id,
                                              const ValidatorSet& validators);
// And the signer is ValidatorSet::proposer of height and round; asked first. [rules 11, 12]
std::expected<void, Refusal> verify(const Proposal& proposal, std::string_view chain_id,
                                    const ValidatorSet& validators);

}  // namespace treeproof::bft
