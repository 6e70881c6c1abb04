// What a verification visited of the drawn sample. Owns nothing. Callers: rules_verify,
// rules_assign. Pure. Source: docs/ledger.md "How a verifier's sample is drawn".
#pragma once

#include "consensus/ledger/batch.h"

namespace treeproof::ledger {

// The longest beginning of the drawn order that was visited: the sample that counts.
std::uint64_t visited_sample(const crypto::Hash& header_hash, const Verify& verify,
                             std::uint64_t members);

}  // namespace treeproof::ledger
