#include "node/import/species_list.h"

#include <algorithm>

#include "consensus/ledger/cbor_encoder.h"
#include "crypto/hash.h"
#include "node/import/csv_files.h"
#include "node/import/csv_reader.h"
#include "node/import/derived_names.h"

namespace treeproof::import {

namespace {

// Leaves room for the header and the signature of a statement.
constexpr std::size_t kChangeBytesMax = kStatementBytesMax - 4'096;

struct Slots {
  std::optional<std::size_t> code;
  std::optional<std::size_t> genus;
  std::optional<std::size_t> epithet;
  std::optional<std::size_t> name;
  std::optional<std::size_t> habit;
};

ColumnChoice choice_of(Slots& slots, const SpeciesColumns& columns) {
  ColumnChoice choice;
  choice.want(columns.code, slots.code);
  choice.want(columns.genus, slots.genus);
  choice.want(columns.epithet, slots.epithet);
  choice.want(columns.name, slots.name);
  choice.want(columns.habit, slots.habit);
  return choice;
}

std::optional<ledger::Habit> habit_of(const std::string& text, ledger::Habit usual) {
  if (text.empty()) return usual;
  const auto names = ledger::names_of(usual);
  const auto found = std::ranges::find(names, std::string_view(text));
  if (found == names.end()) return std::nullopt;
  return static_cast<ledger::Habit>(found - names.begin());
}

std::expected<ledger::Species, RowReason> species_of(const CsvRow& row, const Slots& slots,
                                                     ledger::Habit usual) {
  const auto cell = [&](const std::optional<std::size_t>& slot) {
    return slot ? row.cells[*slot] : std::string();
  };
  if (row.form == RowForm::malformed) return std::unexpected(RowReason::row_malformed);
  ledger::Species species;
  const bool is_pair = slots.genus && slots.epithet;
  const std::string name =
      is_pair ? cell(slots.genus) + " " + cell(slots.epithet) : cell(slots.name);
  species.code.text = slots.code ? cell(slots.code) : derived_code(name);
  if (species.code.text.empty()) return std::unexpected(RowReason::species_missing);
  species.name.text = display_name(name, "");
  if (species.name.text.empty()) species.name.text = species.code.text;
  const auto habit = habit_of(cell(slots.habit), usual);
  const bool is_valid = ledger::Code::check(species.code.text) &&
                        ledger::DisplayName::check(species.name.text) && habit;
  if (!is_valid) return std::unexpected(RowReason::species_invalid);
  species.habit = *habit;
  return species;
}

cli::Result<void> read_file(const std::string& file, const std::optional<Mapping>& mapping,
                            ledger::Habit habit, SpeciesList& list, Refusals& refusals) {
  auto in = open_file(file);
  if (!in) return std::unexpected(in.error());
  auto reader = CsvReader::open(*in, mapping ? mapping->separator : ',');
  if (!reader) return std::unexpected(reader.error());
  const auto columns = mapping ? cli::Result<SpeciesColumns>(mapping->species)
                               : usual_species_columns(reader->columns());
  Slots slots;
  const auto chosen =
      columns ? reader->choose(choice_of(slots, *columns)) : std::unexpected(columns.error());
  if (!chosen) return cli::fail("\"" + file + "\": " + chosen.error().what, chosen.error().remedy);
  const std::string shown = std::filesystem::path(file).filename().string();
  CsvRow row;
  while (reader->next(row)) {
    ++list.rows;
    auto species = species_of(row, slots, habit);
    if (species) {
      list.species.try_emplace(species->code.text, *species);
    } else {
      refusals.add(shown + ":" + std::to_string(row.line), "", to_string(species.error()));
    }
  }
  return {};
}

}  // namespace

cli::Result<SpeciesList> read_species(const std::vector<std::string>& files,
                                      const std::optional<Mapping>& mapping, ledger::Habit habit,
                                      Refusals& refusals) {
  if (mapping && !mapping->species.has_any()) {
    return cli::fail("The mapping says nothing of species.",
                     "Add a [species] table with genus and epithet, or name, or code.");
  }
  SpeciesList list;
  for (const std::string& file : files) {
    auto read = read_file(file, mapping, habit, list, refusals);
    if (!read) return std::unexpected(read.error());
  }
  return list;
}

std::vector<ledger::SpeciesPut> species_changes(
    const std::map<std::string, ledger::Species>& species) {
  std::vector<ledger::SpeciesPut> changes;
  std::size_t bytes = 0;
  for (const auto& [code, each] : species) {
    const std::size_t size = ledger::encode(each).size();
    const bool is_full = changes.empty() || bytes + size > kChangeBytesMax ||
                         changes.back().species.size() == kSpeciesPerStatementMax;
    if (is_full) {
      changes.emplace_back();
      bytes = 0;
    }
    changes.back().species.push_back(each);
    bytes += size;
  }
  return changes;
}

ledger::Ref proposal_ref(const ledger::SpeciesPut& change) {
  constexpr std::size_t kDigestChars = 16;
  const crypto::Hash digest = crypto::sha256(ledger::encode(change));
  return {"species-" + crypto::to_hex(digest).substr(0, kDigestChars)};
}

}  // namespace treeproof::import
