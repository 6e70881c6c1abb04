// What organisations owe as of a height: plantings, trees for units, replacements, verifications,
// visits, capacities that nobody confirmed, answers to disputes.
// Owns nothing. Callers: audit_overdue, org_obligations. Safe from any thread; slow: each looks
// through all objects of a type. Source: docs/api.md "Those who plant and verify".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "rpc/ports.h"

namespace treeproof::rpc {

// The order is that of the names.
enum class Duty : std::uint8_t {
  planting,      // stems of a pledge that are still to be planted
  drawn,         // units drawn on a pledge that have no tree yet
  allocation,    // units of a redemption that have no tree yet, owed by the campaign's platform
  replacement,   // dead or voided trees of a batch whose units wait for others
  verification,  // trees of a batch that wait for a verification
  visit,         // living trees of a batch that nobody visited for a year
  capacity,      // members that a plot states to hold and no verifier confirmed
  dispute,       // an open dispute about the organisation
};
std::string_view name(Duty duty) noexcept;

struct Obligation {
  Duty duty{};
  ledger::ObjectId object;
  std::optional<ledger::ObjectId> campaign = {};
  ledger::OrgId org;                         // whose turn it is
  std::optional<std::uint64_t> count = {};   // null where it is not known: see obligations_of
  std::optional<std::int64_t> due_day = {};  // since 1970-01-01; null: none is set

  bool is_late(std::int64_t today) const noexcept { return due_day && today > *due_day; }
};

// Each calls for those of every organisation, ascending by object, and returns how many objects it
// looked at.
using TakeObligation = std::function<void(Obligation)>;
std::uint64_t each_allocation_due(const ChainView& view, Height at, const TakeObligation& take);
std::uint64_t each_planting_due(const ChainView& view, Height at, const TakeObligation& take);
// Of batches: replacements, verifications, and the day of the next visit to each.
std::uint64_t each_care_due(const ChainView& view, Height at, const TakeObligation& take);

// All of one organisation, by duty, then by object; visits where they are late. Counts of `drawn`
// are told by the states of single units, so they are known at the latest height only.
std::vector<Obligation> obligations_of(const ChainView& view, Height at, const ledger::OrgId& org);

}  // namespace treeproof::rpc
