// What an object commits to beside its own bytes: the attachment that it names, the pages of its
// members, the links that it derived. The state root covers all of them through the object.
// Owns none of them and no rule. Callers: snapshots, store check. Pure.
// Source: docs/protocol.md sections 4, 5 and 12; docs/consensus.md rule 28.
#pragma once

#include <expected>
#include <optional>
#include <span>

#include "consensus/ledger/allocation_links.h"
#include "consensus/ledger/leaves.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

struct PagesRef {
  std::uint64_t members = 0;  // 1 to kAttachmentLeavesMax
  crypto::Hash root{};
  bool operator==(const PagesRef&) const = default;
};

struct ObjectContent {
  std::optional<AttachmentRef> attachment;
  std::optional<PagesRef> pages;
  std::optional<LinksRef> links;
  bool operator==(const ObjectContent&) const = default;
};

// The types whose objects commit to something: ascending.
inline constexpr std::array<std::string_view, 4> kTypesWithContent{"allocate", "batch", "plot",
                                                                   "redeem"};

// Strict: the value may come from anywhere. Nothing in it where the object commits to nothing.
std::expected<ObjectContent, crypto::CborError> content_of(const ObjectKey& key,
                                                           crypto::ByteSpan value);

// The root over these pages; a null page was never written.
crypto::Hash pages_root(std::span<const SharedBytes> pages);

// Whether the ranges are those that an object committed to. Requires: objects and attachments of
// the state are those of a certified state root; the ranges may come from anywhere.
bool are_links(const StateReader& state, const LinksRef& committed,
               std::span<const LinkRange> ranges);

}  // namespace treeproof::ledger
