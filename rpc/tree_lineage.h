// The lineage of a tree: those whose place it took, and those that took its own.
// Owns nothing. Caller: tree_lineage. Safe from any thread.
// Source: docs/ledger.md "When trees die"; docs/api.md "Users".
#pragma once

#include <vector>

#include "consensus/ledger/batch_lists.h"
#include "rpc/ports.h"
#include "rpc/rpc_error.h"

namespace treeproof::rpc {

struct LineageTree {
  ledger::MemberId tree;
  ledger::TreeCode code{};
  std::vector<ledger::ObjectId> losses;         // the statements that said it is dead or was never
                                                // there: several where it was revived in between
  std::optional<ledger::ObjectId> replacement;  // the replace by which the next took its place
};

// The oldest first; at most kLineageMax before the tree and as many behind it. Refuses: not found.
inline constexpr std::size_t kLineageMax = 100;
std::expected<std::vector<LineageTree>, RpcError> lineage_of(const ChainView& view,
                                                             const ledger::MemberId& tree);

}  // namespace treeproof::rpc
