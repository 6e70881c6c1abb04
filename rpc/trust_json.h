// The trust file: JSON text to proofs::Trust and back; the one that a chain's genesis gives.
// Owns no judgement (proofs::verify) and no file. Callers: tree_verify, /trust.json, cli. Pure;
// safe from any thread. Source: docs/protocol.md section 8; docs/api.md "The trust file".
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "consensus/ledger/genesis.h"
#include "consensus/proofs/verify.h"
#include "rpc/json_reader.h"

namespace treeproof::rpc {

inline constexpr std::size_t kTrustBytesMax = 65'536;

// As strict as explorer/verifier/trust.ts: every field there, none else, the chain id bears the
// genesis hash, distinct organisations and keys.
std::expected<proofs::Trust, JsonFault> parse_trust(std::string_view text);
std::expected<proofs::Trust, JsonFault> trust_from_json(const Json& json, std::string name = {});
// For people: indented, one newline at the end.
std::string trust_to_text(const proofs::Trust& trust);

// From the first height on, with the validators of the genesis.
proofs::Trust trust_of(const ledger::Genesis& genesis);

}  // namespace treeproof::rpc
