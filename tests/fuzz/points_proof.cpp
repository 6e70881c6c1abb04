#include "consensus/proofs/points_proof.h"

#include <cassert>

#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

// Judged against the record that it would make itself, which is the nearest that it can come.
int fuzz_points_proof(crypto::ByteSpan input) {
  const auto proof = proofs::decode_points_proof(input);
  if (!proof) return kRefused;
  assert(crypto::equal(proofs::encode(*proof), input));
  const proofs::PointsClaim claim = proofs::claim_of(*proof);
  const auto reached =
      crypto::sum_root_from_path(claim.leaf, claim.index, claim.accounts, claim.path);
  ledger::IssuePoints issue;
  issue.accounts = claim.accounts;
  if (reached) {
    assert(reached->sum >= claim.leaf.amount + claim.path.size());
    issue.grams = reached->sum;
    issue.root = reached->hash;
  }
  const proofs::PointsVerdict verdict = proofs::check_points(claim, issue);
  assert(verdict.checks.size() == proofs::kPointsCheckCount);
  assert(verdict.holds == reached.has_value());
  return kTaken;
}

}  // namespace treeproof::fuzz
