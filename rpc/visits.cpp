#include "rpc/visits.h"

#include <tuple>

#include "consensus/ledger/calendar.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::ObservationObject;
using ledger::TreeCode;

constexpr TreeCode kDeadCodes[] = {TreeCode::dead_unallocated, TreeCode::dead_not_owed,
                                   TreeCode::dead_owed, TreeCode::dead_replaced};
constexpr TreeCode kVoidedCodes[] = {TreeCode::voided_unallocated, TreeCode::voided_not_owed,
                                     TreeCode::voided_owed, TreeCode::voided_replaced};

bool is_later(const ObservationObject& one, const ObservationObject& other) {
  return std::tuple(one.payload.day, one.record.log_index) >
         std::tuple(other.payload.day, other.record.log_index);
}

}  // namespace

std::optional<std::int32_t> LastVisits::last_day() const noexcept {
  std::optional<std::int32_t> last;
  for (const auto& visit : by_witness) {
    if (visit && (!last || *last < visit->payload.day)) last = visit->payload.day;
  }
  return last;
}

std::map<std::string, LastVisits> last_visits(const ChainView& view, Height at,
                                              const VisitYears& years) {
  std::map<std::string, LastVisits> all;
  each_object<ObservationObject>(view, at, [&](const auto&, ObservationObject visit) {
    const std::int32_t year = ledger::year_of(visit.payload.day);
    const bool counts = (!years.from || *years.from <= year) && (!years.to || year <= *years.to);
    if (!counts) return;
    LastVisits& visits = all[visit.payload.plant.text];
    auto& last = visits.by_witness[static_cast<std::size_t>(visit.witness)];
    if (!last || is_later(visit, *last)) last = std::move(visit);
  });
  return all;
}

std::optional<std::int32_t> day_of(const ChainView& view, Height at) {
  const auto header = at.value > 0 ? header_of(view, at) : std::nullopt;
  return header ? std::optional(header->time.day()) : std::nullopt;
}

std::expected<Height, RpcError> last_height_of_year(const ChainView& view, Height at,
                                                    std::int32_t year) {
  const auto is_within = [&](std::uint64_t height) {
    const auto day = day_of(view, {height});
    return day && ledger::year_of(*day) <= year;
  };
  std::uint64_t within = view.base().value;  // the last that is known to be
  std::uint64_t beyond = at.value + 1;       // the first that is known not to be
  while (beyond - within > 1) {
    const std::uint64_t middle = within + (beyond - within) / 2;
    (is_within(middle) ? within : beyond) = middle;
  }
  const bool begins_later_than_year =
      within == view.base().value && within > 0 && !is_within(within);
  if (begins_later_than_year) return pruned(begins_later(view));
  return Height{within};
}

std::uint64_t dead_of(const ledger::TreeTally& trees) noexcept { return trees.sum_of(kDeadCodes); }

std::uint64_t voided_of(const ledger::TreeTally& trees) noexcept {
  return trees.sum_of(kVoidedCodes);
}

}  // namespace treeproof::rpc
