#include "node/cli/genesis_description.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "node/cli/files.h"
#include "node/cli/key_file.h"

namespace treeproof::cli {

namespace {

constexpr std::size_t kDescriptionBytesMax = 4u << 20;

// A place in the description; remembers the first thing that is wrong.
struct Reading {
  std::filesystem::path folder;
  std::string problem;

  void fail(const toml::node& near, const std::string& what) {
    if (!problem.empty()) return;
    problem = "line " + std::to_string(near.source().begin.line) + ": " + what;
  }
};

void refuse_unknown(Reading& reading, const toml::table& table,
                    std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : table) {
    if (std::ranges::find(known, key.str()) == known.end()) {
      reading.fail(value, "unknown key \"" + std::string(key.str()) + "\"");
    }
  }
}

std::string text_of(Reading& reading, const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  const auto value = node ? node->value_exact<std::string>() : std::nullopt;
  if (!value) reading.fail(node ? *node : table, "\"" + std::string(key) + "\" must be a text");
  return value.value_or("");
}

std::optional<std::uint64_t> count_of(Reading& reading, const toml::table& table,
                                      std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= 0) return static_cast<std::uint64_t>(*value);
  reading.fail(*node, "\"" + std::string(key) + "\" must be a whole number, not negative");
  return std::nullopt;
}

// A TOML date-time with an offset, or milliseconds since 1970.
std::optional<TimeMs> time_of(Reading& reading, const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  const auto moment = node->value_exact<toml::date_time>();
  if (!moment) return count_of(reading, table, key).transform([](auto ms) { return TimeMs{ms}; });
  using namespace std::chrono;
  const year_month_day date{year{moment->date.year}, month{moment->date.month},
                            day{moment->date.day}};
  const auto since = sys_days{date}.time_since_epoch() + hours{moment->time.hour} +
                     minutes{moment->time.minute} + seconds{moment->time.second} -
                     minutes{moment->offset ? moment->offset->minutes : 0};
  if (date.ok() && since.count() >= 0) {
    return TimeMs{static_cast<std::uint64_t>(duration_cast<milliseconds>(since).count())};
  }
  reading.fail(*node, "\"" + std::string(key) + "\" must lie after 1970-01-01");
  return std::nullopt;
}

std::vector<std::string> texts_of(Reading& reading, const toml::table& table,
                                  std::string_view key) {
  std::vector<std::string> texts;
  const toml::array* array = table.get_as<toml::array>(key);
  if (array == nullptr) {
    reading.fail(table, "\"" + std::string(key) + "\" must be a list of texts");
    return texts;
  }
  for (const toml::node& node : *array) {
    const auto value = node.value_exact<std::string>();
    if (!value) reading.fail(node, "\"" + std::string(key) + "\" must be a list of texts");
    texts.push_back(value.value_or(""));
  }
  return texts;
}

template <class Enum>
std::optional<Enum> named(Reading& reading, const toml::node& near, std::string_view name) {
  const ledger::Names names = names_of(Enum{});
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<Enum>(found - names.begin());
  std::string known;
  for (const std::string_view each : names)
    known += (known.empty() ? "" : ", ") + std::string(each);
  reading.fail(near, "\"" + std::string(name) + "\" is none of " + known);
  return std::nullopt;
}

template <class Read>
void each_table(Reading& reading, const toml::table& root, std::string_view key, Read read) {
  const toml::node* node = root.get(key);
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  if (array == nullptr) return reading.fail(*node, "write [[" + std::string(key) + "]]");
  for (const toml::node& entry : *array) {
    const toml::table* table = entry.as_table();
    table ? read(*table) : reading.fail(entry, "write [[" + std::string(key) + "]]");
  }
}

void read_keys(Reading& reading, const toml::table& table, ledger::GenesisOrg& org) {
  for (const std::string& file : texts_of(reading, table, "keys")) {
    auto key = read_key_file(reading.folder / file);
    if (!key) return reading.fail(table, key.error().what);
    if (key->org != org.org.org.text) {
      return reading.fail(table, "the key \"" + file + "\" belongs to " + key->org);
    }
    ledger::GenesisKey& entry = org.keys.emplace_back();
    entry.public_key = key->key.public_key().bytes();
    entry.roles.assign(key->roles.begin(), key->roles.end());
  }
}

ledger::GenesisOrg read_org(Reading& reading, const toml::table& table) {
  refuse_unknown(reading, table, {"org", "name", "roles", "conflict_group", "keys"});
  ledger::GenesisOrg entry;
  entry.org.org.text = text_of(reading, table, "org");
  entry.org.name.text = text_of(reading, table, "name");
  entry.org.conflict_group.text = table.contains("conflict_group")
                                      ? text_of(reading, table, "conflict_group")
                                      : entry.org.org.text;
  for (const std::string& name : texts_of(reading, table, "roles")) {
    if (const auto role = named<ledger::OrgRole>(reading, table, name)) {
      entry.org.roles.push_back(*role);
    }
  }
  std::ranges::sort(entry.org.roles);
  read_keys(reading, table, entry);
  return entry;
}

ledger::Species read_species(Reading& reading, const toml::table& table) {
  refuse_unknown(reading, table,
                 {"code", "name", "gbif_id", "iucn_id", "habit", "max_stems_per_ha"});
  ledger::Species species;
  species.code.text = text_of(reading, table, "code");
  species.name.text = text_of(reading, table, "name");
  species.gbif_id = count_of(reading, table, "gbif_id");
  species.iucn_id = count_of(reading, table, "iucn_id");
  const auto habit = named<ledger::Habit>(reading, table, text_of(reading, table, "habit"));
  species.habit = habit.value_or(ledger::Habit{});
  species.max_stems_per_ha = count_of(reading, table, "max_stems_per_ha");
  if (!ledger::Code::check(species.code.text)) reading.fail(table, "a species needs a code");
  if (!ledger::DisplayName::check(species.name.text)) reading.fail(table, "a species needs a name");
  return species;
}

void read_clock(Reading& reading, const toml::table& root, ledger::Genesis& genesis) {
  const toml::table* table = root.get_as<toml::table>("clock");
  if (table == nullptr) return;
  refuse_unknown(reading, *table, {"start", "rate", "until"});
  const auto start = time_of(reading, *table, "start");
  const auto until = time_of(reading, *table, "until");
  const auto rate = count_of(reading, *table, "rate");
  if (!start || !until || !rate) return reading.fail(*table, "a clock has start, rate and until");
  genesis.clock = ledger::GenesisClock{*start, *rate, *until};
}

void read_parameters(Reading& reading, const toml::table& root, ledger::Genesis& genesis) {
  const toml::table* table = root.get_as<toml::table>("parameters");
  if (table == nullptr) return;
  for (const auto& [key, node] : *table) {
    const ledger::ParameterRow* row = ledger::find_parameter(key.str());
    const auto value = count_of(reading, *table, key.str());
    if (row == nullptr)
      return reading.fail(node, "no parameter \"" + std::string(key.str()) + "\"");
    if (value) genesis.parameters.*row->value = *value;
  }
}

ledger::Genesis read_root(Reading& reading, const toml::table& root) {
  refuse_unknown(
      reading, root,
      {"chain_name", "time", "validators", "organisation", "species", "parameters", "clock"});
  ledger::Genesis genesis;
  genesis.chain_name = text_of(reading, root, "chain_name");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  genesis.time =
      time_of(reading, root, "time").value_or(TimeMs{static_cast<std::uint64_t>(now_ms)});
  for (const std::string& org : texts_of(reading, root, "validators")) {
    genesis.validators.push_back({org});
  }
  each_table(reading, root, "organisation",
             [&](const toml::table& table) { genesis.orgs.push_back(read_org(reading, table)); });
  each_table(reading, root, "species", [&](const toml::table& table) {
    genesis.species.push_back(read_species(reading, table));
  });
  read_parameters(reading, root, genesis);
  read_clock(reading, root, genesis);
  return genesis;
}

}  // namespace

Result<ledger::Genesis> read_genesis_description(const std::filesystem::path& file) {
  const auto text = read_text(file, kDescriptionBytesMax);
  if (!text) return std::unexpected(text.error());
  Reading reading{std::filesystem::absolute(file).parent_path(), {}};
  ledger::Genesis genesis;
  try {
    genesis = read_root(reading, toml::parse(*text));
  } catch (const toml::parse_error& failure) {
    std::ostringstream what;
    what << "line " << failure.source().begin.line << ": " << failure.description();
    reading.problem = what.str();
  }
  if (reading.problem.empty()) return genesis;
  return cli::fail(
      "\"" + file.string() + "\" is no description of a chain: " + reading.problem + ".",
      "See docs/running.md for its form, and `treeproof genesis new --help`.");
}

}  // namespace treeproof::cli
