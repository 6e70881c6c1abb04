#include "consensus/ledger/parameters.h"

#include <algorithm>

#include "consensus/types/limits.h"

namespace treeproof::ledger {

namespace {

constexpr std::uint64_t kCenturyDays = 36'500;
constexpr std::uint64_t kCenturySeconds = kCenturyDays * 86'400;
constexpr std::uint64_t kWhole = 1'000'000;  // parts per million

constexpr ParameterRow kRows[] = {
    {"density_slack_ppm", &Parameters::density_slack_ppm, 0, kWhole,
     "How much denser than its species allow a plot may be."},
    {"evidence_max_age_days", &Parameters::evidence_max_age_days, 1, kDayStartsMax - 1,
     "How many days evidence against a validator is judged at the least."},
    {"evidence_max_age_heights", &Parameters::evidence_max_age_heights, 1, 1'000'000'000,
     "How many heights evidence against a validator is judged at the least."},
    {"field_delay_days", &Parameters::field_delay_days, 0, kCenturyDays,
     "Pledge-first: how long before its pledge a tree may have been planted."},
    {"heartbeat_ms", &Parameters::heartbeat_ms, 100, 3'600'000,
     "How long a chain without statements waits for an empty block."},
    {"history_until_day", &Parameters::history_until_day, 0, 1'000'000,
     "The last block day on which an inventory is redeemable, in days since 1970-01-01."},
    {"iat_max_age_s", &Parameters::iat_max_age_s, 60, kCenturySeconds,
     "How old a statement's signature may be when it is included."},
    {"iat_max_ahead_s", &Parameters::iat_max_ahead_s, 0, kCenturySeconds,
     "How far ahead of the block's time a statement may be signed."},
    {"overlap_pair_max_ppm", &Parameters::overlap_pair_max_ppm, 0, kWhole,
     "How much of the smaller of two plots of a layer may overlap."},
    {"overlap_sum_max_ppm", &Parameters::overlap_sum_max_ppm, 0, kWhole,
     "How much of a plot all its neighbours together may overlap."},
    {"plot_area_max_m2", &Parameters::plot_area_max_m2, 1, 10'000'000'000,
     "The largest area of a plot."},
    {"proposal_expiry_days", &Parameters::proposal_expiry_days, 1, kCenturyDays,
     "How long a proposal can be approved."},
    {"sample_minimum", &Parameters::sample_minimum, 1, kAttachmentLeavesMax,
     "How many trees of a campaignless batch a verifier visits at the least."},
    {"validators_min", &Parameters::validators_min, 1, kValidatorsMax,
     "How many validators a chain has at the least."},
};
static_assert(std::ranges::is_sorted(kRows, {}, &ParameterRow::name));

}  // namespace

std::span<const ParameterRow> parameter_rows() noexcept { return kRows; }

const ParameterRow* find_parameter(std::string_view name) noexcept {
  const auto found = std::ranges::find(kRows, name, &ParameterRow::name);
  return found == std::end(kRows) ? nullptr : found;
}

}  // namespace treeproof::ledger
