// From the runs of an allocate to its links: which units get which trees, and the leaves that
// certificates open. Derived by every node from what it holds, never sent.
// Owns no state. Callers: rules_allocate, rpc (plans, certificates), audit. Pure.
// Source: docs/ledger.md "allocate"; docs/protocol.md section 8.
#pragma once

#include <expected>
#include <functional>
#include <span>
#include <vector>

#include "consensus/ledger/allocation_links.h"
#include "consensus/ledger/leaves.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/reason.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

// What the runs take now, in run order, then unit order: each run the first `count` free units and
// the first `count` available trees of its species, skipping others, and what earlier runs took.
// Refuses: leaf_invalid, runs_too_many, empty, links_too_many, redemption_unknown, batch_unknown,
// redemption_species_mismatch, species_not_in_batch, earlier_attachment_missing,
// units_insufficient, trees_insufficient; the numbers name the run.
std::expected<std::vector<LinkRange>, Refusal> derive_ranges(const StateReader& state,
                                                             std::span<const RunLeaf> runs);
// Strict. Refuses: leaf_invalid, runs_too_many.
std::expected<std::vector<RunLeaf>, Refusal> decode_runs(const Attachment& runs);

// Calls `visit` with the bytes of every link leaf in order, as corrections and verifications stood
// at that moment: the log index of the allocate or replace, or kNow where it is yet to come. Any
// later state gives the same leaves.
// Refuses earlier_attachment_missing where this node does not hold the leaves of a batch or
// redemption.
using VisitLeaf = std::function<void(crypto::ByteSpan leaf)>;
std::expected<void, Refusal> each_link_leaf(const StateReader& state,
                                            std::span<const LinkRange> ranges, LogMoment at,
                                            const VisitLeaf& visit);
// One of them, from its tree's leaf and its unit's: they may be all that is held of attachments
// whose other leaves were redacted. Requires: they are the leaves of the link, whose count is 1.
crypto::Bytes link_leaf(const StateReader& state, const LinkRange& link, LogMoment at,
                        crypto::ByteSpan tree, crypto::ByteSpan unit);
// All of them; the root over all (RFC 9162) with their count.
std::expected<std::vector<crypto::Bytes>, Refusal> link_leaves(const StateReader& state,
                                                               std::span<const LinkRange> ranges,
                                                               LogMoment at = kNow);
std::expected<LinksRef, Refusal> links_of(const StateReader& state,
                                          std::span<const LinkRange> ranges, LogMoment at = kNow);

}  // namespace treeproof::ledger
