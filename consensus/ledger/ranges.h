// Questions about ranges of a batch's members.
// Owns no batch. Callers: rules_verify, links, queries. Pure.
// Source: docs/ledger.md "verify".
#pragma once

#include <optional>
#include <span>

#include "consensus/ledger/batch.h"

namespace treeproof::ledger {

// The first range that is empty, begins before the end of its predecessor or ends beyond the batch.
std::optional<std::size_t> first_invalid(std::span<const Range> ranges,
                                         std::uint64_t members) noexcept;
// Requires for both: none is invalid.
std::uint64_t members_in(std::span<const Range> ranges) noexcept;
bool contains(std::span<const Range> ranges, std::uint64_t index) noexcept;

}  // namespace treeproof::ledger
