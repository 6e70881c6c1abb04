// What a programme alone knows of the points that it issued: whose they are and the salts of their
// commitments. One sealed file for each issue, beside those of redemptions in one vault; and the
// tree and the proofs that follow from it. Owns what these files say, not the folder. Caller:
// points commands. One thread. Source: docs/importing.md "Points"; docs/protocol.md section 9.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consensus/proofs/points_proof.h"
#include "node/import/account_intake.h"
#include "node/import/sealed_folder.h"

namespace treeproof::import {

struct SealedAccount {
  Account account;
  crypto::Bytes salt;
  bool operator==(const SealedAccount&) const = default;
};

// One issue_points, and what opens its commitments.
struct SealedIssue {
  std::string issue;  // org/ref; the file is named by the ref
  std::vector<SealedAccount> accounts;
  bool operator==(const SealedIssue&) const = default;
};
// Each account with a salt of its own.
SealedIssue with_fresh_salts(std::string issue, const std::vector<Account>& accounts);

// Nothing where the vault holds no such issue.
cli::Result<std::optional<SealedIssue>> find_issue(const SealedFolder& vault,
                                                   const std::string& issue);
// Synced when it returns.
cli::Result<void> put_issue(const SealedFolder& vault, const SealedIssue& issue);

// The same issue, the same tree.
cli::Result<crypto::SumTree> tree_of(const SealedIssue& issue);
// Nothing where the issue has no account of this user.
std::optional<proofs::PointsProof> proof_of(const SealedIssue& issue, const crypto::SumTree& tree,
                                            const std::string& reference);

}  // namespace treeproof::import
