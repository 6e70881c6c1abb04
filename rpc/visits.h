// What observations say of batches: for each batch and each kind of witness its last visit. And the
// heights and days that such reports are told by.
// Owns the visits it collected. Callers: audit_survival, audit_overdue, audit_self_reported,
// exports. One thread. Source: docs/ledger.md "When trees die".
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "consensus/ledger/batch_objects.h"
#include "rpc/ports.h"
#include "rpc/rpc_error.h"

namespace treeproof::rpc {

inline constexpr std::size_t kWitnesses = 3;
inline constexpr std::array kAllWitnesses{ledger::Witness::verified, ledger::Witness::self_reported,
                                          ledger::Witness::reported};

// The years in which visits count; none: all that are recorded.
struct VisitYears {
  std::optional<std::int32_t> from = {};
  std::optional<std::int32_t> to = {};
};

// A batch's last visits by witness; the later recorded one where two are of one day.
struct LastVisits {
  std::array<std::optional<ledger::ObservationObject>, kWitnesses> by_witness;

  const std::optional<ledger::ObservationObject>& of(ledger::Witness witness) const noexcept {
    return by_witness[static_cast<std::size_t>(witness)];
  }
  std::optional<std::int32_t> last_day() const noexcept;
};
// By batch, of those that have any.
std::map<std::string, LastVisits> last_visits(const ChainView& view, Height at,
                                              const VisitYears& years);

// The day of a height's block; nothing of genesis, or where the block is not held.
std::optional<std::int32_t> day_of(const ChainView& view, Height at);
// The last height up to `at` whose block is of this year or an earlier one; 0: none is. Pruned
// where this view begins later.
std::expected<Height, RpcError> last_height_of_year(const ChainView& view, Height at,
                                                    std::int32_t year);

// What is told of a batch's trees. Dead ones are those of the books.
std::uint64_t dead_of(const ledger::TreeTally& trees) noexcept;
std::uint64_t voided_of(const ledger::TreeTally& trees) noexcept;

}  // namespace treeproof::rpc
