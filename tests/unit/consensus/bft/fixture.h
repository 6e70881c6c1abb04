// Validators with deterministic keys, named blocks and signed messages for the tests of bft.
// Owns no assertion. Used by the unit and conformance tests of bft. One thread.
// Source: docs/protocol.md sections 2 and 7.
#pragma once

#include <cassert>
#include <string>
#include <vector>

#include "consensus/bft/agreement.h"
#include "crypto/hash.h"

namespace treeproof::bft::testing {

inline constexpr std::string_view kChain = "test-00000000000000000000000000000000";
inline constexpr Height kHeight{7};

inline crypto::SecretKey key_of(std::string_view org) {
  return *crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes(org)));
}

inline ValidatorSet validators_of(
    const std::vector<std::pair<std::string, std::uint64_t>>& powers) {
  std::vector<Validator> validators;
  for (const auto& [org, power] : powers) {
    validators.push_back({org, power, key_of(org).public_key()});
  }
  return *ValidatorSet::make(std::move(validators));
}

// v1 to v4 with one vote each; the proposer of (kHeight, round 0) is v4, then v1, v2, v3.
inline const ValidatorSet& four() {
  static const ValidatorSet set = validators_of({{"v1", 1}, {"v2", 1}, {"v3", 1}, {"v4", 1}});
  return set;
}

// Why something was refused, or nothing where it was not.
template <typename Result>
std::optional<Refusal> refusal_of(const std::expected<Result, Refusal>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

inline BlockId block(std::string_view name) {
  const crypto::Hash hash = crypto::sha256(crypto::as_bytes(name));
  return {hash, 2 + std::uint64_t{hash[0]}, crypto::sha256(hash)};
}

inline Vote sign(Vote vote) {
  const crypto::SecretKey key = key_of(vote.org);
  vote.kid = key.public_key().kid();
  vote.signature = key.sign(sign_digest(vote, kChain));
  return vote;
}

inline Proposal sign(Proposal proposal) {
  const crypto::SecretKey key = key_of(proposal.org);
  proposal.kid = key.public_key().kid();
  proposal.signature = key.sign(sign_digest(proposal, kChain));
  return proposal;
}

// Unsigned messages: machines count verified votes and never look at signatures.
inline Vote prevote(std::string org, std::int32_t round, std::optional<BlockId> value,
                    std::int32_t valid_round = -1) {
  if (value) value = prevote_value(value->header_hash);
  const crypto::Kid kid = key_of(org).public_key().kid();
  return {VoteType::prevote, kHeight, {round}, value, {valid_round}, std::move(org), kid, {}};
}

inline Vote precommit(std::string org, std::int32_t round, std::optional<BlockId> value) {
  const crypto::Kid kid = key_of(org).public_key().kid();
  return {VoteType::precommit, kHeight, {round}, value, kNoRound, std::move(org), kid, {}};
}

inline Proposal proposal(std::int32_t round, const BlockId& value, std::int32_t valid_round = -1) {
  const Validator& proposer = four().proposer(kHeight, {round});
  return {kHeight, {round}, value.header_hash, {valid_round}, proposer.org, proposer.key.kid(), {}};
}

}  // namespace treeproof::bft::testing
