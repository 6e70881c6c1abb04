// Small questions about a state that others than rules ask, too.
// Owns nothing. Callers: replica, rpc, cli. Pure.
// Source: docs/protocol.md sections 2, 3 and 11.
#pragma once

#include <optional>

#include "consensus/ledger/objects.h"
#include "consensus/ledger/parameters.h"
#include "consensus/ledger/state.h"
#include "crypto/signature.h"

namespace treeproof::ledger {

// The key that an organisation registered under this kid, revoked or not; it never changes.
std::optional<crypto::PublicKey> registered_key(const StateReader& state, const OrgId& org,
                                                const crypto::Kid& kid);
// The record of whatever statement made "org/ref", of any type.
std::optional<RecordInfo> record_of(const StateReader& state, const ObjectId& id);
Parameters parameters_of(const StateReader& state);

}  // namespace treeproof::ledger
