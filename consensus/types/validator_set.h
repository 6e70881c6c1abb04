// The validators of one height: organisations in ascending order, their power and node keys.
// Owns no votes. Callers: bft (tally, proposer), ledger (governance), certificates. Pure.
// Source: docs/protocol.md sections 6 and 7; docs/consensus.md rules 7 and 11.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "consensus/types/height.h"
#include "crypto/cbor.h"
#include "crypto/signature.h"

namespace treeproof {

struct Validator {
  std::string org;
  std::uint64_t power = 1;
  crypto::PublicKey key;
  bool operator==(const Validator&) const = default;
};

class ValidatorSet {
 public:
  // Refuses: empty, more than kValidatorsMax, doubled organisation or key, zero power, a total
  // power whose triple overflows 64 bits. Sorts by organisation.
  static std::optional<ValidatorSet> make(std::vector<Validator> validators);
  // Strict: CBOR [[org, power, key], ...] ascending by org.
  static std::expected<ValidatorSet, crypto::CborError> decode(crypto::ByteSpan bytes);
  crypto::Bytes encode() const;

  // SHA-256("treeproof/validators/v1" || 0x00 || encode()).
  const crypto::Hash& hash() const noexcept { return hash_; }
  std::span<const Validator> all() const noexcept { return validators_; }
  std::size_t size() const noexcept { return validators_.size(); }
  const Validator& at(std::size_t index) const { return validators_.at(index); }
  std::optional<std::size_t> index_of(std::string_view org) const noexcept;
  const Validator* find(std::string_view org) const noexcept;
  std::uint64_t total_power() const noexcept { return total_power_; }

  // Strictly more than two thirds: 3 * power > 2 * total.
  bool is_quorum(std::uint64_t power) const noexcept;
  // Strictly more than one third: at least one correct validator is among them.
  bool is_honest(std::uint64_t power) const noexcept;
  // Number (height + round) mod n of the organisations in order. Requires: round exists.
  const Validator& proposer(Height height, Round round) const;

  bool operator==(const ValidatorSet& other) const { return hash_ == other.hash_; }

 private:
  ValidatorSet() = default;
  std::vector<Validator> validators_;
  std::uint64_t total_power_ = 0;
  crypto::Hash hash_{};
};

}  // namespace treeproof
