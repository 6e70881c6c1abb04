// What the season's programme keeps of the points that it issued: the proofs of its accounts.
// Owns nothing. Callers: the season, the tests of points_proof. One thread.
// Source: docs/protocol.md section 9.
#pragma once

#include "consensus/proofs/points_proof.h"

namespace treeproof::rpc {

inline constexpr std::string_view kIssue = "platform/issue";
inline constexpr std::uint64_t kAccounts = 5;

// That the points of an account are among those issued. Requires: account < kAccounts.
proofs::PointsProof points_proof_of(std::uint64_t account);

}  // namespace treeproof::rpc
