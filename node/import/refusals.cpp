#include "node/import/refusals.h"

#include <array>
#include <cassert>

#include "node/cli/files.h"
#include "rpc/csv.h"

namespace treeproof::import {

namespace {

// In the order of RowReason.
constexpr auto kReasonTexts = std::to_array<std::string_view>({
    "row_malformed",
    "id_missing",
    "id_repeated",
    "position_missing",
    "position_malformed",
    "position_out_of_range",
    "position_repeated",
    "position_taken",
    "plot_missing",
    "plot_unknown",
    "outside_plot",
    "species_missing",
    "species_unknown",
    "species_invalid",
    "date_missing",
    "date_unknown",
    "date_malformed",
    "date_in_future",
    "user_missing",
    "units_malformed",
    "units_too_many",
    "species_not_in_campaign",
    "pledge_missing",
    "pledge_unknown",
    "pledge_species_mismatch",
    "user_too_long",
    "sealed_otherwise",
    "tree_missing",
    "tree_unknown",
    "tree_ambiguous",
    "tree_repeated",
    "tree_dead",
    "tree_not_live",
    "state_unknown",
    "cause_missing",
    "cause_unknown",
    "cause_differs",
    "date_before_planting",
    "deaths_too_many",
    "user_repeated",
    "grams_malformed",
});
static_assert(kReasonTexts.size() == static_cast<std::size_t>(RowReason::grams_malformed) + 1);

}  // namespace

std::string_view to_string(RowReason reason) noexcept {
  const auto index = static_cast<std::size_t>(reason);
  assert(index < kReasonTexts.size());
  return kReasonTexts[index];
}

void Refusals::add(std::string place, std::string id, std::string_view reason) {
  ++by_reason_[std::string(reason)];
  rows_.push_back({std::move(place), std::move(id), std::string(reason)});
}

std::uint64_t Refusals::count_of(std::string_view reason) const {
  const auto found = by_reason_.find(reason);
  return found == by_reason_.end() ? 0 : found->second;
}

cli::Result<void> Refusals::write(const std::filesystem::path& file) const {
  std::string text = "row,id,reason\n";
  for (const Row& row : rows_) {
    text += rpc::csv_cell(row.place) + "," + rpc::csv_cell(row.id) + "," + row.reason + "\n";
  }
  return cli::write_file(file, crypto::as_bytes(text), cli::Replace::always);
}

}  // namespace treeproof::import
