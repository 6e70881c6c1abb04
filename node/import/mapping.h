// Which columns of a file are read, and how: the allow-list. Nothing that it does not name
// is ever kept, so that addresses or sponsors of a city's file stay where they are.
// Owns no such file. Callers: species list, the imports. Pure after reading.
// Source: docs/importing.md "The mapping"; docs/ledger.md "Personal data".
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "node/cli/outcome.h"
#include "node/import/day_format.h"

namespace treeproof::import {

// Either a code, or genus and epithet, or one scientific name.
struct SpeciesColumns {
  std::optional<std::string> code;
  std::optional<std::string> genus;
  std::optional<std::string> epithet;
  std::optional<std::string> name;
  std::optional<std::string> habit;

  bool has_any() const noexcept { return code || name || (genus && epithet); }
};

struct DateColumn {
  std::string column;
  DayFormat format;
  std::optional<std::int32_t> unknown;  // the day that stands for no date
};

enum class LengthUnit : std::uint8_t { mm, cm, m, inch };

struct SizeColumn {
  std::string column;
  LengthUnit unit{};
};

// Which words of an observation say what.
struct StateColumn {
  std::string column;
  std::string alive = "alive";
  std::string dead = "dead";
  std::string unknown = "unknown";
};

struct Mapping {
  char separator = ',';
  std::optional<std::string> id;
  std::optional<std::string> latitude;
  std::optional<std::string> longitude;
  std::optional<std::string> plot;
  SpeciesColumns species;
  std::optional<DateColumn> date;
  std::optional<SizeColumn> size;
  std::optional<std::string> user;    // of redemptions and points: the user's own reference
  std::optional<std::string> units;   // how many; one where there is no such column
  std::optional<std::string> pledge;  // org/ref
  std::optional<std::string> grams;   // of an account's points
  std::optional<std::string> tree;    // of what was seen: org/ref#index; else by its position
  std::optional<StateColumn> state;   // every tree that is listed lives where there is none
  std::optional<std::string> cause;   // of a death
};

// A TOML file, or JSON of the same form where the name ends in .json. Strict.
cli::Result<Mapping> read_mapping(const std::filesystem::path& file);

// The columns of a species list as such lists name them: genus and species_epithet (or
// species_epithet_as_recorded, species), else scientific_name or species_botanical; and habit.
// Refuses a header that has none of them.
cli::Result<SpeciesColumns> usual_species_columns(const std::vector<std::string>& columns);

// A day as options write it: "2018-11-25".
cli::Result<std::int32_t> parse_day_option(const std::string& text);

}  // namespace treeproof::import
