// The genesis of a chain: what its one JSON file says, and the state that follows from it.
// Owns no JSON (rpc/genesis_json reads the file). Callers: replica, cli. Pure.
// Source: docs/protocol.md sections 4, 5 and 11.
#pragma once

#include <string>
#include <vector>

#include "consensus/ledger/governance.h"
#include "consensus/ledger/parameters.h"
#include "consensus/ledger/state.h"
#include "consensus/types/height.h"
#include "consensus/types/validator_set.h"

namespace treeproof::ledger {

struct GenesisKey {
  crypto::PublicKeyBytes public_key{};
  KeyRoles roles;
};
struct GenesisOrg {
  OrgPut org;
  std::vector<GenesisKey> keys;
};
// A test chain's clock: chain time = start + (real - first start) * rate, until `until`.
struct GenesisClock {
  TimeMs start;
  std::uint64_t rate = 1;
  TimeMs until;
};
struct Genesis {
  std::string chain_name;  // [a-z0-9-]; a clock needs a name that starts with "test-"
  TimeMs time;
  Parameters parameters;
  std::vector<GenesisOrg> orgs;
  std::vector<OrgId> validators;  // each has one key with role node
  std::vector<Species> species;
  std::optional<GenesisClock> clock;
  crypto::Hash file_hash{};  // SHA-256 of the file's bytes
};

// name + "-" + the first 32 hex digits of the file's hash.
std::string chain_id(const Genesis& genesis);
// Refuses a clock on a chain that is not a test, parameters out of bounds, doubled organisations,
// keys or species, organisations without an admin key, fewer validators than the minimum.
std::expected<void, Refusal> check_genesis(const Genesis& genesis);
// Requires: check_genesis held.
ValidatorSet genesis_validators(const Genesis& genesis);
StateChanges genesis_state(const Genesis& genesis);  // the sentinel key among them
// Log entries 0 and 1: CBOR ["genesis", file hash], CBOR of the validator set.
std::vector<crypto::Bytes> genesis_log_entries(const crypto::Hash& file_hash,
                                               const ValidatorSet& validators);
std::vector<crypto::Bytes> genesis_log_entries(const Genesis& genesis);

// The validators of the next block, as the state holds them.
ValidatorSet validators_of(const StateReader& state);

}  // namespace treeproof::ledger
