// Rows of CSV files into trees: each row accepted, or refused with one reason. The rules that a row
// can break by itself are judged here as the ledger judges them, so that a batch is refused for no
// row of it. Owns the trees until they are taken. Caller: trees command. One thread.
// Source: docs/importing.md "Trees"; docs/ledger.md "plant", "inventory", I8, I9, I11.
#pragma once

#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/ledger/batch_objects.h"
#include "node/import/area_book.h"
#include "node/import/csv_reader.h"
#include "node/import/known_trees.h"
#include "node/import/mapping.h"
#include "node/import/refusals.h"

namespace treeproof::import {

struct IntakeTerms {
  Mapping mapping;  // with id, latitude, longitude and species
  ledger::BatchSource as = ledger::BatchSource::inventory;
  std::optional<std::string> plot;                  // the ref of all rows' plot
  bool locates = false;                             // or a row's plot is where it stands
  std::optional<std::set<std::string>> registered;  // species codes; nothing: not looked at
  std::int32_t last_day = 0;                        // later dates lie in the future
  std::uint32_t precision_m = 0;
};

struct Tree {
  std::string id;
  Place place;
  geometry::Position position;
  std::uint32_t plot = 0;     // index into Trees::plots
  std::uint32_t species = 0;  // index into Trees::species
  std::optional<std::int32_t> day;
  std::optional<RowReason> undated;  // why there is no day
  std::optional<std::uint32_t> size_mm;
};

struct Trees {
  std::vector<Tree> trees;             // by plot, then position; no position twice on a plot
  std::vector<std::string> plots;      // refs
  std::vector<std::string> species;    // codes
  std::uint64_t rows = 0;              // of all files, the refused ones too
  std::uint64_t unreadable_sizes = 0;  // taken as unknown
};

class TreeIntake {
 public:
  // Requires: the book and the refusals outlive the intake.
  TreeIntake(IntakeTerms terms, AreaBook& areas, Refusals& refusals)
      : terms_(std::move(terms)), areas_(areas), refusals_(refusals) {}

  // Fails for a file without the mapped columns, or where the book fails.
  cli::Result<void> read(std::istream& in, const std::string& file_name);
  // The refs of those on which trees stand that were read.
  std::vector<std::string> plots() const;
  // Of rows with one id the first stays; none where a tree of another batch stands; of trees with
  // one position on a plot the one with the lowest id (numbers by value, before texts).
  Trees finish(const TakenPlaces& taken = {}) &&;

 private:
  struct Slots {
    std::size_t id = 0;
    std::size_t latitude = 0;
    std::size_t longitude = 0;
    std::optional<std::size_t> plot;
    std::optional<std::size_t> code;
    std::optional<std::size_t> genus;
    std::optional<std::size_t> epithet;
    std::optional<std::size_t> date;
    std::optional<std::size_t> size;
  };
  using Judgement = std::optional<RowReason>;  // nothing: it may pass

  ColumnChoice choice_of(Slots& slots) const;
  cli::Result<Judgement> take(const CsvRow& row, const Slots& slots);
  Judgement read_position(const CsvRow& row, const Slots& slots, Tree& tree) const;
  Judgement read_species(const CsvRow& row, const Slots& slots, Tree& tree);
  Judgement read_day(const CsvRow& row, const Slots& slots, Tree& tree) const;
  void read_size(const CsvRow& row, const Slots& slots, Tree& tree);
  cli::Result<Judgement> read_plot(const CsvRow& row, const Slots& slots, Tree& tree);
  void refuse(const Tree& tree, RowReason reason);
  void refuse_repeated_ids();
  void refuse_taken_positions(const TakenPlaces& taken);
  void refuse_repeated_positions();

  IntakeTerms terms_;
  AreaBook& areas_;
  Refusals& refusals_;
  std::vector<std::string> files_;
  std::vector<Tree> trees_;
  std::map<std::string, std::uint32_t> plots_;
  std::map<std::string, std::uint32_t> species_;
  std::uint64_t rows_ = 0;
  std::uint64_t unreadable_sizes_ = 0;
};

}  // namespace treeproof::import
