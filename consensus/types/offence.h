// Where a validator broke a rule of agreement: one message that it may sign once.
// Owns no evidence and no punishment. Callers: bft names it, the ledger keeps it, the replica tells
// by it whether two pieces of evidence are of one offence. Pure.
// Source: docs/consensus.md rule 25; docs/protocol.md section 6.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "consensus/types/height.h"
#include "crypto/bytes.h"

namespace treeproof {

enum class SignedStep : std::uint8_t { proposal, prevote, precommit };
std::span<const std::string_view> names_of(SignedStep) noexcept;

struct Offence {
  std::string org;
  Height height;
  Round round;
  SignedStep step{};
  bool operator==(const Offence&) const = default;
};
// SHA-256(CBOR [org, height, round, name of the step]). Whatever shows an offence, in whatever
// order and with however many signatures: it is the same one.
crypto::Hash offence_id(const Offence& offence);

}  // namespace treeproof
