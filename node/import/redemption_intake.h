// Rows of the platform's books into units to redeem: each accepted, or refused with one reason, by
// the terms of the campaign as they stand. Owns no file. Caller: redemptions command. One thread.
// Source: docs/importing.md "Redemptions"; docs/ledger.md "redeem", I2.
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/ledger/names.h"
#include "node/import/csv_reader.h"
#include "node/import/mapping.h"
#include "node/import/redemption_vault.h"
#include "node/import/refusals.h"

namespace treeproof::import {

struct CampaignTerms {
  std::string campaign;  // org/ref
  ledger::Mode mode{};
  std::map<std::string, std::uint64_t> prices;  // grams of a unit, by species

  bool has_one_price() const noexcept;
};

// What a pledge is for.
struct PledgeTerms {
  std::string campaign;
  std::string species;
};
// Nothing for an id that names no pledge; a failure ends the import.
using FindPledge = std::function<cli::Result<std::optional<PledgeTerms>>(const std::string& id)>;

struct RedemptionTerms {
  Mapping mapping;  // with id and user
  CampaignTerms campaign;
  std::optional<std::string> species;  // of rows without a column of species
  std::optional<std::string> pledge;   // of rows without a column of pledges
  std::uint64_t units_max = 0;         // of one statement
  FindPledge find_pledge;
};

struct RedemptionRow {
  std::string id;
  std::string reference;
  std::uint64_t units = 1;
  std::optional<std::string> species;
  std::optional<std::string> pledge;
};

struct Redemptions {
  std::vector<RedemptionRow> fresh;   // in the order of the files
  std::set<std::string> sealed_refs;  // the vault's batches that hold rows of these files
  std::uint64_t rows = 0;
  std::uint64_t sealed_rows = 0;
  std::uint64_t fresh_units = 0;
  std::uint64_t fresh_grams = 0;
};

class RedemptionIntake {
 public:
  // Requires: vault and refusals outlive the intake. Without a vault nothing was sealed yet.
  RedemptionIntake(RedemptionTerms terms, const RedemptionVault* vault, Refusals& refusals)
      : terms_(std::move(terms)), vault_(vault), refusals_(refusals) {}

  // Fails for a file without the mapped columns, or where a pledge cannot be asked for.
  cli::Result<void> read(std::istream& in, const std::string& file_name);
  Redemptions finish() && { return std::move(taken_); }

 private:
  struct Slots {
    std::size_t id = 0;
    std::size_t user = 0;
    std::optional<std::size_t> units;
    std::optional<std::size_t> species;
    std::optional<std::size_t> epithet;
    std::optional<std::size_t> pledge;
  };
  using Judgement = std::optional<RowReason>;  // nothing: it may pass

  ColumnChoice choice_of(Slots& slots) const;
  cli::Result<Judgement> judge(const CsvRow& row, const Slots& slots, RedemptionRow& unit);
  Judgement read_units(const CsvRow& row, const Slots& slots, RedemptionRow& unit) const;
  Judgement read_species(const CsvRow& row, const Slots& slots, RedemptionRow& unit) const;
  cli::Result<Judgement> read_pledge(const CsvRow& row, const Slots& slots, RedemptionRow& unit);
  Judgement take(RedemptionRow unit);

  RedemptionTerms terms_;
  const RedemptionVault* vault_;
  Refusals& refusals_;
  std::map<std::string, std::optional<PledgeTerms>> pledges_;
  std::set<std::string> ids_;
  Redemptions taken_;
};

}  // namespace treeproof::import
