#include "node/import/refusals.h"

#include <cassert>

#include "node/cli/files.h"

namespace treeproof::import {

namespace {

// RFC 4180: quoted where it must be.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

}  // namespace

std::string_view to_string(RowReason reason) noexcept {
  switch (reason) {
    case RowReason::row_malformed:
      return "row_malformed";
    case RowReason::id_missing:
      return "id_missing";
    case RowReason::id_repeated:
      return "id_repeated";
    case RowReason::position_missing:
      return "position_missing";
    case RowReason::position_malformed:
      return "position_malformed";
    case RowReason::position_out_of_range:
      return "position_out_of_range";
    case RowReason::position_repeated:
      return "position_repeated";
    case RowReason::plot_missing:
      return "plot_missing";
    case RowReason::plot_unknown:
      return "plot_unknown";
    case RowReason::outside_plot:
      return "outside_plot";
    case RowReason::species_missing:
      return "species_missing";
    case RowReason::species_unknown:
      return "species_unknown";
    case RowReason::species_invalid:
      return "species_invalid";
    case RowReason::date_missing:
      return "date_missing";
    case RowReason::date_unknown:
      return "date_unknown";
    case RowReason::date_malformed:
      return "date_malformed";
    case RowReason::date_in_future:
      return "date_in_future";
  }
  assert(false);
  return "";
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
    text += csv_cell(row.place) + "," + csv_cell(row.id) + "," + row.reason + "\n";
  }
  return cli::write_file(file, crypto::as_bytes(text), cli::Replace::always);
}

}  // namespace treeproof::import
