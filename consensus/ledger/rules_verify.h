// Who verified a batch, and what of the drawn sample was visited. Owns nothing. Callers:
// rules_verify, rules_assign, rules_revive, rules_handover. Pure. Source: docs/ledger.md "How a
// verifier's sample is drawn".
#pragma once

#include <vector>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

// The longest beginning of the drawn order that was visited: the sample that counts.
std::uint64_t visited_sample(const crypto::Hash& header_hash, const Verify& verify,
                             std::uint64_t members);
// All verifications of a batch, the last one first: of more than one where disputes asked for it.
std::vector<ObjectId> verifications_of(const StateReader& state, const BatchObject& batch);

}  // namespace treeproof::ledger
