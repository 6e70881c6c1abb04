// Why a message of agreement is refused: one name per cause, with a stable text.
// Owns no message. Callers: every decoder and verifier of this folder, the replica's log. Pure.
// Source: docs/protocol.md sections 1, 6 and 7; docs/consensus.md rules 9 and 12.
#pragma once

#include <cstdint>
#include <string_view>

namespace treeproof::bft {

enum class Refusal : std::uint8_t {
  malformed,          // not the strict CBOR or COSE form
  wrong_chain,        // signed for another chain
  wrong_type,         // another typ than the place asks for
  out_of_range,       // a height, round, size or valid round that cannot be
  wrong_height,       // another height than the one in question
  wrong_round,        // a vote that does not justify the round it is shown for
  unknown_validator,  // the signer is no validator of the height
  wrong_key,          // the kid is not that of the validator's key
  doubled_validator,  // one signer twice
  unsorted,           // signers not ascending by organisation
  wrong_proposer,     // the round belongs to another validator
  bad_signature,
  no_quorum,    // too little power for what it claims
  no_conflict,  // evidence whose two parts do not contradict each other
  bad_checksum  // a guard record that was torn or altered
};

// The stable name, such as "bft_wrong_proposer".
std::string_view to_string(Refusal refusal) noexcept;

}  // namespace treeproof::bft
