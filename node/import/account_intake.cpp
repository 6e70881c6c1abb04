#include "node/import/account_intake.h"

#include "consensus/types/limits.h"
#include "node/import/decimal.h"

namespace treeproof::import {

namespace {

std::optional<RowReason> judge(const std::string& reference,
                               const std::optional<std::uint64_t>& grams) {
  if (reference.empty()) return RowReason::user_missing;
  if (reference.size() > kTextBytesMax) return RowReason::user_too_long;
  if (!grams) return RowReason::grams_malformed;
  return std::nullopt;
}

}  // namespace

cli::Result<void> AccountIntake::read(std::istream& in, const std::string& file_name) {
  std::size_t user = 0;
  std::size_t amount = 0;
  ColumnChoice choice;
  choice.need(*mapping_.user, user);
  choice.need(*mapping_.grams, amount);
  auto reader = CsvReader::open(in, mapping_.separator, file_name, choice);
  if (!reader) return std::unexpected(reader.error());
  CsvRow row;
  while (reader->next(row)) {
    ++taken_.rows;
    const auto grams = whole_number(row.cells[amount]);
    auto reason = row.form == RowForm::good ? judge(row.cells[user], grams)
                                            : std::optional(RowReason::row_malformed);
    if (!reason && !references_.insert(row.cells[user]).second) reason = RowReason::user_repeated;
    if (reason) {
      // The reference stays where it is: the line says which row it was.
      refusals_.add(file_name + ":" + std::to_string(row.line), "", to_string(*reason));
      continue;
    }
    if (*grams == 0) {
      ++taken_.without_points;
      continue;
    }
    if (*grams > kQuantityMax - taken_.grams || taken_.accounts.size() == kAccountsMax) {
      return cli::fail("The accounts are more than 1,000,000, or have more than " +
                           std::to_string(kQuantityMax) + " grams: one statement cannot issue it.",
                       "Check the unit, or issue the accounts in several series.");
    }
    taken_.grams += *grams;
    taken_.accounts.push_back({row.cells[user], *grams});
  }
  return {};
}

}  // namespace treeproof::import
