// Whether nodes hold the same: each record that was acknowledged, in its place, and every header
// with its log root and state root.
// Owns nothing. Callers: system tests. One thread.
// Source: docs/api.md record_get, chain_getHeader.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/demo/actor.h"
#include "node/demo/cast.h"

namespace treeproof::system_test {

// What is wrong, in words; nothing where all is well.
using Complaint = std::optional<std::string>;

// Waits until the node has committed the height.
Complaint lags_behind(const demo::Cast& cast, const std::string& org, std::uint64_t height);
// Of heights `from` to `to`.
Complaint headers_differ(const demo::Cast& cast, const std::vector<std::string>& orgs,
                         std::uint64_t from, std::uint64_t to);
// Another statement, height or log index counts as lost.
Complaint lacks_a_record(const demo::Cast& cast, const std::string& org,
                         std::span<const demo::Recorded> acknowledged);

}  // namespace treeproof::system_test
