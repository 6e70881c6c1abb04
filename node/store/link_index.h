// Lookups of allocations: the ranges of each, and for a tree or a unit the link that it is in.
// Owns no key of LevelDB (key_layout.h) and derives nothing: the ledger did. Callers:
// height_writer (puts), views (read). Pure but for the database given.
// Source: docs/protocol.md section 8 (link leaves in run order, then unit order).
//
//   link ranges  = those of consensus/ledger/allocation_links.h
//   member links = CBOR [from, count, link index, ...], one allocation's part of a batch or of a
//                  redemption, in link order
#pragma once

#include "consensus/ledger/allocation_links.h"
#include "node/store/database.h"
#include "rpc/ports.h"

namespace treeproof::store {

void put_links(Batch& batch, const ledger::AllocationLinks& links);
std::vector<ledger::LinkRange> links_of_allocation(const Database& database,
                                                   const Snapshot& snapshot,
                                                   const ledger::ObjectId& allocation);
// The allocations that have links of these members, by the same prefixes.
std::vector<ledger::ObjectId> allocations_of(const Database& database, const std::string& prefix);
// Every link of a member, in no order: a unit whose tree was replaced has several. `prefix` is
// batch_links_prefix or redemption_links_prefix.
std::vector<rpc::LinkPosition> links_of_member(const Database& database, const Snapshot& snapshot,
                                               const std::string& prefix, std::uint64_t index);

}  // namespace treeproof::store
