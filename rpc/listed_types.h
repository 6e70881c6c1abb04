// The types whose objects ChainView::objects_of_type lists: few of each, or bulk under one
// statement. Pledges, evidence and consents come by the thousand a second; an index of them would
// cost a key each.
// Owns nothing. Callers: the store (keeps the index), reading (asks for no other type). Pure.
// Source: docs/api.md "Conventions".
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace treeproof::rpc {

inline constexpr std::array<std::string_view, 13> kListedTypes{
    "allocate", "batch",     "campaign", "correct", "dispute", "expire_points", "issue_points",
    "plot",     "programme", "propose",  "redeem",  "replace", "verify"};
constexpr bool is_listed(std::string_view type) noexcept {
  return std::ranges::find(kListedTypes, type) != kListedTypes.end();
}

}  // namespace treeproof::rpc
