// The history of a tree: every record that says something of it, in the order of the log.
// Owns nothing. Caller: tree_history. Safe from any thread; slow: it looks through the visits,
// corrections and revivals of all batches.
// Source: docs/api.md "Users"; docs/ledger.md "When trees die", "Disputes".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/names.h"
#include "consensus/ledger/record.h"
#include "rpc/ports.h"
#include "rpc/rpc_error.h"

namespace treeproof::rpc {

// What a record means for the tree. The order is that of the names.
enum class TreeEvent : std::uint8_t {
  planted,
  inventoried,
  joined_campaign,
  visited,   // by a verifier, who accepted it
  inferred,  // accepted from the trees of a sample
  rejected,
  allocated,
  refunded,  // its unit, which waited for another tree
  observed,
  reported_dead,  // by somebody whose word lets no tree die
  died,
  revived,
  corrected,  // its species or its position
  voided,     // it was never there
  replaces,
  replaced,
  handed_over,
  disputed,  // it, or what it rests upon
  reopened,  // it waits for another verification
  dispute_upheld,
  dispute_rejected,
  redacted,
};
std::string_view name(TreeEvent event) noexcept;

struct HistoryItem {
  ledger::ObjectId id;        // the statement that says it
  std::string_view type;      // of the statement
  ledger::RecordInfo record;  // where it took effect: of a proposal, where it was carried out
  TreeEvent event{};
  std::optional<std::int32_t> day = {};         // that it tells of
  std::optional<ledger::Witness> witness = {};  // of a visit
  std::string about = {};  // what else it names: a campaign, a unit, a tree, a dispute; or nothing
};

// As of a height. Refuses: not found.
std::expected<std::vector<HistoryItem>, RpcError> history_of(const ChainView& view, Height at,
                                                             const ledger::MemberId& tree);

}  // namespace treeproof::rpc
