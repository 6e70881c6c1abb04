// Rows of a programme's books into the accounts of one period: each accepted, passed over for
// having no points, or refused with one reason. Owns no file. Caller: points commands. One thread.
// Source: docs/importing.md "Points"; docs/ledger.md "issue_points".
#pragma once

#include <iosfwd>
#include <set>
#include <string>
#include <vector>

#include "node/import/csv_reader.h"
#include "node/import/mapping.h"
#include "node/import/refusals.h"

namespace treeproof::import {

inline constexpr std::size_t kAccountsMax = 1'000'000;  // of one statement, as a vault keeps them

struct Account {
  std::string reference;  // of the user
  std::uint64_t grams = 0;
  auto operator<=>(const Account&) const = default;
};

struct Accounts {
  std::vector<Account> accounts;  // in the order of the files
  std::uint64_t rows = 0;
  std::uint64_t without_points = 0;
  std::uint64_t grams = 0;
};

class AccountIntake {
 public:
  // Requires: the mapping has user and grams; refusals outlive the intake.
  AccountIntake(Mapping mapping, Refusals& refusals)
      : mapping_(std::move(mapping)), refusals_(refusals) {}

  // Fails for a file without the mapped columns, and for more accounts or grams than one statement
  // can issue.
  cli::Result<void> read(std::istream& in, const std::string& file_name);
  Accounts finish() && { return std::move(taken_); }

 private:
  Mapping mapping_;
  Refusals& refusals_;
  std::set<std::string> references_;
  Accounts taken_;
};

}  // namespace treeproof::import
