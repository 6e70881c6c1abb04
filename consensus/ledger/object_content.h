// What an object commits to beside its own bytes: the attachment that it names, the pages of its
// members, the links that it derived. The state root covers all of them through the object.
// Owns none of them and no rule. Callers: snapshots, store check. Pure.
// Source: docs/protocol.md sections 4, 5 and 12; docs/consensus.md rule 28.
#pragma once

#include <array>
#include <expected>
#include <optional>
#include <span>

#include "consensus/ledger/allocation_links.h"
#include "consensus/ledger/leaves.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

struct PagesRef {
  std::uint64_t members = 0;  // 1 to kAttachmentLeavesMax
  crypto::Hash root{};
  bool operator==(const PagesRef&) const = default;
};

// The links of an allocate or replace, as the trees were at its place in the log.
struct CommittedLinks {
  LinksRef ref;
  LogMoment at;
  bool operator==(const CommittedLinks&) const = default;
};

struct ObjectContent {
  std::optional<AttachmentRef> attachment;
  std::optional<PagesRef> pages;
  std::optional<CommittedLinks> links;
  bool operator==(const ObjectContent&) const = default;
};

// The types whose objects commit to something: ascending.
inline constexpr std::array<std::string_view, 5> kTypesWithContent{"allocate", "batch", "plot",
                                                                   "redeem", "replace"};

// Strict: the value may come from anywhere. Nothing in it where the object commits to nothing.
std::expected<ObjectContent, crypto::CborError> content_of(const ObjectKey& key,
                                                           crypto::ByteSpan value);

// The root over these pages; a null page was never written.
crypto::Hash pages_root(std::span<const SharedBytes> pages);

// Whether the ranges are those that an object committed to; where leaves behind them were redacted,
// so that the root cannot be made again, whether the batches know these links. Requires: objects
// and attachments of the state are those of a certified state root; the ranges may come from
// anywhere.
bool are_links(const StateReader& state, const CommittedLinks& committed,
               std::span<const LinkRange> ranges);

}  // namespace treeproof::ledger
