// Writes the snapshot of a view, record by record, as snapshot_reader.h reads it: the same bytes on
// every node, where the certificate is the one that the next block carries.
// Owns nothing: the view does. Callers: store. Any thread.
// Source: docs/consensus.md rule 28; docs/protocol.md section 12.
#pragma once

#include "node/store/store.h"
#include "node/store/store_view.h"

namespace treeproof::store {

// Requires: the view has a block, and this certificate is of it.
std::expected<void, std::string> write_snapshot(const StoreView& view,
                                                const bft::CommitCertificate& certificate,
                                                SnapshotContent content, const SnapshotOut& out);

// The certificate of a height below `tip` as the block after it carries it, the same on every node;
// nothing where that block is not held.
std::optional<bft::CommitCertificate> carried_certificate(const StoreView& view, Height height);

}  // namespace treeproof::store
