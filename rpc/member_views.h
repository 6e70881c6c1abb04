// A single tree and a single unit, put together from its batch, its leaf, its code and its link.
// Owns nothing. Callers: tree and redemption handlers, certificates. Safe from any thread.
// Source: docs/api.md "Users"; docs/ledger.md I3.
#pragma once

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "rpc/ports.h"
#include "rpc/rpc_error.h"

namespace treeproof::rpc {

struct TreeView {
  ledger::BatchObject batch;
  ledger::PlantLeaf leaf;
  ledger::TreeCode code{};
  std::optional<bool> visited;  // nothing: not verified yet
  std::optional<LinkPosition> link;
  std::optional<ledger::MemberId> unit;
  std::vector<crypto::Hash> commitments;

  const ledger::Code& species() const { return batch.species[leaf.species].species; }
};
// Refuses: not found; pruned where this node does not hold the leaves.
std::expected<TreeView, RpcError> view_tree(const ChainView& view, const ledger::MemberId& tree);

struct UnitView {
  ledger::RedemptionObject redemption;
  ledger::RedeemLeaf leaf;
  ledger::UnitCode code{};
  std::optional<LinkPosition> link;
  std::optional<ledger::MemberId> tree;
};
std::expected<UnitView, RpcError> view_unit(const ChainView& view, const ledger::MemberId& unit);

// The leaves of an attachment, or pruned.
std::expected<ledger::AttachmentPtr, RpcError> leaves_of(const ChainView& view,
                                                         const ledger::AttachmentRef& attachment);

}  // namespace treeproof::rpc
