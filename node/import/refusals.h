// What an import leaves out: each place with its reason, counted, and listed in a file that holds
// nothing else. Owns the list. Callers: the imports. One thread.
// Source: docs/importing.md "Refused rows"; docs/ledger.md "Personal data".
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "node/cli/console.h"

namespace treeproof::import {

// Why a row is left out. The texts never change once published.
enum class RowReason : std::uint8_t {
  row_malformed,          // not a row of this table
  id_missing,             //
  id_repeated,            // an accepted row above has it
  position_missing,       // empty, or 0, 0
  position_malformed,     // no decimal degrees
  position_out_of_range,  // beyond 90 or 180 degrees
  position_repeated,      // a tree with a lower id stands at the very place on the plot
  position_taken,         // a live tree of another batch is recorded there
  plot_missing,           //
  plot_unknown,           //
  outside_plot,           // of the plot that the row names, grown by uncertainty and precision
  species_missing,        //
  species_unknown,        // not registered
  species_invalid,        // no code can be made of it, or its habit is unknown
  date_missing,           // the four of a planting only: an inventory takes the tree as undated
  date_unknown,
  date_malformed,
  date_in_future,
  user_missing,             // whose points they were
  units_malformed,          // no whole number above 0
  units_too_many,           // more than one statement of this import holds
  species_not_in_campaign,  //
  pledge_missing,           // the campaign redeems out of pledges only
  pledge_unknown,           // none of this campaign
  pledge_species_mismatch,  // the pledge is of another species
  user_too_long,            // above 256 bytes: no certificate could be opened with it
  sealed_otherwise,         // the vault has this id with another user, number, species or pledge
  tree_missing,             // the row names no tree
  tree_unknown,             // no such tree is recorded, or none at this place
  tree_ambiguous,           // several trees were recorded at this place: an id is needed
  tree_repeated,            // an accepted row above speaks of it, on the same day
  tree_dead,                // was told dead before
  tree_not_live,            // voided, or rejected by a verifier
  state_unknown,            // none of the words that the mapping gives
  cause_missing,            // of a death
  cause_unknown,            // none of the ledger's
  cause_differs,            // the batch has deaths of another cause on that day
  date_before_planting,     // of the batch
  deaths_too_many,          // more stretches of dead trees than one observation names
  user_repeated,            // a row above is of this user: an account has one sum
  grams_malformed,          // no whole number
};
std::string_view to_string(RowReason reason) noexcept;

// Where something stands: "trees.csv:17".
struct Place {
  std::uint32_t file = 0;  // index into the files of the import
  std::uint64_t line = 0;
  auto operator<=>(const Place&) const = default;
};

class Refusals {
 public:
  void add(std::string place, std::string id, std::string_view reason);

  std::uint64_t count() const noexcept { return rows_.size(); }
  std::uint64_t count_of(std::string_view reason) const;
  const std::map<std::string, std::uint64_t, std::less<>>& by_reason() const noexcept {
    return by_reason_;
  }
  // CSV: row, id, reason.
  cli::Result<void> write(const std::filesystem::path& file) const;

 private:
  struct Row {
    std::string place;
    std::string id;
    std::string reason;
  };
  std::map<std::string, std::uint64_t, std::less<>> by_reason_;
  std::vector<Row> rows_;
};

}  // namespace treeproof::import
