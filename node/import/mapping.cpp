#include "node/import/mapping.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <sstream>

#include "node/cli/files.h"
#include "rpc/json_input.h"

namespace treeproof::import {

namespace {

using rpc::Json;
using rpc::JsonInput;

constexpr std::size_t kMappingBytesMax = 65'536;
constexpr std::string_view kOptionPattern = "YYYY-MM-DD";

cli::Result<Json> parse(const std::string& text, bool is_json) {
  const auto refuse = [](const std::string& why) {
    return cli::fail("The mapping is not well-formed: " + why + ".",
                     "Compare it with the example in docs/importing.md.");
  };
  std::string json = text;
  if (!is_json) {
    try {
      std::ostringstream converted;
      const toml::table table = toml::parse(text);
      converted << toml::json_formatter{table};
      json = converted.str();
    } catch (const toml::parse_error& error) {
      return refuse(std::string(error.description()) + " (line " +
                    std::to_string(error.source().begin.line) + ")");
    }
  }
  auto parsed = rpc::parse_json(json);
  if (!parsed) return refuse(rpc::to_string(parsed.error()));
  return *std::move(parsed);
}

void read_text(JsonInput& in, std::string_view key, std::optional<std::string>& value) {
  if (!in.ok() || !in.enter(key)) return;
  value = in.text();
  if (value->empty()) in.fail("empty");
  in.leave();
}

// Goes through `section` where it is there.
template <class Read>
void read_section(JsonInput& in, std::string_view key, Read read) {
  if (!in.ok() || !in.enter(key)) return;
  in.object();
  if (in.ok()) read();
  in.no_other_keys();
  in.leave();
}

void read_species(JsonInput& in, SpeciesColumns& species) {
  read_text(in, "code", species.code);
  read_text(in, "genus", species.genus);
  read_text(in, "epithet", species.epithet);
  read_text(in, "name", species.name);
  read_text(in, "habit", species.habit);
  if (!in.ok() || species.has_any()) return;
  in.fail("needs genus and epithet, or name, or code");
}

void read_date(JsonInput& in, std::optional<DateColumn>& date) {
  std::optional<std::string> column;
  std::optional<std::string> pattern(kOptionPattern);
  std::optional<std::string> unknown;
  read_text(in, "column", column);
  read_text(in, "format", pattern);
  read_text(in, "unknown", unknown);
  if (!in.ok()) return;
  const auto format = DayFormat::of(*pattern);
  if (!column) return in.fail("needs a column");
  if (!format) return in.fail("format needs YYYY, with MM, with DD, each once");
  date = DateColumn{*column, *format, std::nullopt};
  if (!unknown) return;
  date->unknown = DayFormat::of(kOptionPattern)->day(*unknown);
  if (!date->unknown) in.fail("unknown is a day such as 2018-11-25");
}

void read_size(JsonInput& in, std::optional<SizeColumn>& size) {
  static constexpr std::array<std::string_view, 4> kUnits = {"mm", "cm", "m", "inch"};
  std::optional<std::string> column;
  std::optional<std::string> unit;
  read_text(in, "column", column);
  read_text(in, "unit", unit);
  if (!in.ok()) return;
  const auto found = std::ranges::find(kUnits, unit.value_or(""));
  if (!column || found == kUnits.end()) {
    return in.fail("needs a column and a unit: mm, cm, m or inch");
  }
  size = SizeColumn{*column, static_cast<LengthUnit>(found - kUnits.begin())};
}

void read_state(JsonInput& in, std::optional<StateColumn>& state) {
  std::optional<std::string> column;
  StateColumn words;
  const auto read_word = [&](std::string_view key, std::string& word) {
    std::optional<std::string> given;
    read_text(in, key, given);
    if (given) word = *given;
  };
  read_text(in, "column", column);
  read_word("alive", words.alive);
  read_word("dead", words.dead);
  read_word("unknown", words.unknown);
  if (!in.ok()) return;
  if (!column) return in.fail("needs a column");
  if (words.alive == words.dead || words.alive == words.unknown || words.dead == words.unknown) {
    return in.fail("alive, dead and unknown are three words");
  }
  words.column = *column;
  state = words;
}

void read_separator(JsonInput& in, char& separator) {
  std::optional<std::string> text;
  read_text(in, "separator", text);
  if (!in.ok() || !text) return;
  const bool is_usable = text->size() == 1 && std::string_view(",;\t|").contains(text->front());
  is_usable ? void(separator = text->front()) : in.fail("separator is one of , ; | and tab");
}

}  // namespace

cli::Result<Mapping> read_mapping(const std::filesystem::path& file) {
  const auto text = cli::read_text(file, kMappingBytesMax);
  if (!text) return std::unexpected(text.error());
  const auto json = parse(*text, file.extension() == ".json");
  if (!json) return std::unexpected(json.error());
  JsonInput in(*json, "mapping");
  Mapping mapping;
  in.object();
  if (in.ok()) {
    read_separator(in, mapping.separator);
    read_text(in, "id", mapping.id);
    read_text(in, "latitude", mapping.latitude);
    read_text(in, "longitude", mapping.longitude);
    read_text(in, "plot", mapping.plot);
    read_text(in, "user", mapping.user);
    read_text(in, "units", mapping.units);
    read_text(in, "pledge", mapping.pledge);
    read_text(in, "grams", mapping.grams);
    read_text(in, "tree", mapping.tree);
    read_text(in, "cause", mapping.cause);
    read_section(in, "species", [&] { read_species(in, mapping.species); });
    read_section(in, "date", [&] { read_date(in, mapping.date); });
    read_section(in, "state", [&] { read_state(in, mapping.state); });
    read_section(in, "size", [&] { read_size(in, mapping.size); });
    in.no_other_keys();
  }
  if (in.ok()) return mapping;
  return cli::fail(
      "The mapping \"" + file.string() + "\" is wrong: " + rpc::to_string(in.fault()) + ".",
      "Compare it with the example in docs/importing.md.");
}

cli::Result<SpeciesColumns> usual_species_columns(const std::vector<std::string>& columns) {
  const auto first_of = [&](std::initializer_list<const char*> names) {
    const auto has = [&](const char* name) {
      return std::ranges::find(columns, name) != columns.end();
    };
    const auto found = std::ranges::find_if(names, has);
    return found == names.end() ? std::nullopt : std::optional<std::string>(*found);
  };
  SpeciesColumns species;
  species.code = first_of({"code"});
  species.genus = first_of({"genus"});
  species.epithet = first_of({"species_epithet", "species_epithet_as_recorded", "species"});
  species.name = first_of({"name", "scientific_name", "species_botanical"});
  species.habit = first_of({"habit"});
  if (species.has_any()) return species;
  return cli::fail("The file has no columns that a species list usually has.",
                   "Say with --map which columns are genus and epithet, or the name.");
}

cli::Result<std::int32_t> parse_day_option(const std::string& text) {
  const auto day = DayFormat::of(kOptionPattern)->day(text);
  if (day) return *day;
  return cli::fail("\"" + text + "\" is no day.", "Write days as in 2018-11-25.");
}

}  // namespace treeproof::import
