// Rows about trees that are recorded into sightings: which tree, on which day, how it was; each
// accepted, or refused with one reason. Owns no state of a tree (care_statements.h judges that).
// Caller: care command. One thread.
// Source: docs/importing.md "Observations and deaths"; docs/ledger.md "observe", "mortality".
#pragma once

#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/ledger/names.h"
#include "node/import/csv_reader.h"
#include "node/import/id_book.h"
#include "node/import/mapping.h"
#include "node/import/refusals.h"

namespace treeproof::import {

enum class Care : std::uint8_t { observations, mortality };
enum class Seen : std::uint8_t { alive, dead, unknown };

struct Sighting {
  std::string id;     // of the row, as its file has it
  std::string place;  // "deaths.csv:17"
  TreeName tree;
  std::int32_t day = 0;
  Seen seen{};
  std::optional<ledger::Cause> cause;  // of the dead
};

struct SightingTerms {
  Mapping mapping;  // with tree, or id where there are ids, or latitude and longitude
  Care care{};
  std::optional<std::int32_t> day;     // of rows without a column of days
  std::optional<ledger::Cause> cause;  // of deaths without a column of causes
  std::int32_t last_day = 0;           // later dates lie in the future
  std::optional<IdBook> ids;           // rows without a column of trees name them by their ids
};

class SightingIntake {
 public:
  // Requires: source and refusals outlive the intake.
  SightingIntake(SightingTerms terms, const TreeSource& source, Refusals& refusals)
      : terms_(std::move(terms)), source_(source), refusals_(refusals) {}

  // Fails for a file without the mapped columns, or where the source fails.
  cli::Result<void> read(std::istream& in, const std::string& file_name);
  std::uint64_t rows() const noexcept { return rows_; }
  // By batch, day, cause and tree, so that the order of rows is no matter.
  std::vector<Sighting> finish() &&;

 private:
  struct Slots {
    std::optional<std::size_t> id;
    std::optional<std::size_t> tree;
    std::optional<std::size_t> latitude;
    std::optional<std::size_t> longitude;
    std::optional<std::size_t> date;
    std::optional<std::size_t> state;
    std::optional<std::size_t> cause;
  };
  using Judgement = std::optional<RowReason>;  // nothing: it may pass

  ColumnChoice choice_of(Slots& slots) const;
  cli::Result<Judgement> judge(const CsvRow& row, const Slots& slots, Sighting& sighting);
  Judgement read_id(Sighting& sighting) const;
  cli::Result<Judgement> read_tree(const CsvRow& row, const Slots& slots, Sighting& sighting);
  cli::Result<Judgement> read_place(const CsvRow& row, const Slots& slots, Sighting& sighting);
  Judgement read_day(const CsvRow& row, const Slots& slots, Sighting& sighting) const;
  Judgement read_state(const CsvRow& row, const Slots& slots, Sighting& sighting) const;
  Judgement read_cause(const CsvRow& row, const Slots& slots, Sighting& sighting) const;
  cli::Result<const KnownBatch*> batch(const std::string& id);

  SightingTerms terms_;
  const TreeSource& source_;
  Refusals& refusals_;
  std::optional<PlaceBook> places_;
  std::map<std::string, std::optional<KnownBatch>> batches_;
  std::set<std::pair<TreeName, std::int32_t>> taken_;
  std::vector<Sighting> sightings_;
  std::uint64_t rows_ = 0;
};

}  // namespace treeproof::import
