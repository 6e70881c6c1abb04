#include "node/import/tree_intake.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>

#include "node/import/decimal.h"
#include "node/import/derived_names.h"

namespace treeproof::import {

namespace {

constexpr unsigned kPositionDecimals = 7;
constexpr unsigned kSizeDecimals = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// An id in the order of ids: numbers by value, before texts.
struct IdOrder {
  bool is_text = false;
  std::size_t digits = 0;
  std::string_view text;
  auto operator<=>(const IdOrder&) const = default;
};
IdOrder order_of(const Tree& tree) {
  std::string_view id = tree.id;
  if (!std::ranges::all_of(id, is_digit)) return {true, 0, id};
  id.remove_prefix(std::min(id.find_first_not_of('0'), id.size()));
  return {false, id.size(), id};
}

std::uint32_t index_in(std::map<std::string, std::uint32_t>& names, const std::string& name) {
  return names.try_emplace(name, static_cast<std::uint32_t>(names.size())).first->second;
}

std::vector<std::string> by_index(const std::map<std::string, std::uint32_t>& names) {
  std::vector<std::string> sorted(names.size());
  for (const auto& [name, index] : names) sorted[index] = name;
  return sorted;
}

// Whole millimetres of a length in 1e-4 units, rounded half up.
std::int64_t millimetres(std::int64_t length, LengthUnit unit) {
  struct Ratio {
    std::int64_t times;
    std::int64_t by;
  };
  static constexpr std::array<Ratio, 4> kRatios = {
      {{1, 10'000}, {1, 1'000}, {1, 10}, {254, 100'000}}};
  const Ratio ratio = kRatios[static_cast<std::size_t>(unit)];
  return (length * ratio.times + ratio.by / 2) / ratio.by;
}

}  // namespace

ColumnChoice TreeIntake::choice_of(Slots& slots) const {
  const Mapping& mapping = terms_.mapping;
  ColumnChoice choice;
  choice.need(*mapping.id, slots.id);
  choice.need(*mapping.latitude, slots.latitude);
  choice.need(*mapping.longitude, slots.longitude);
  if (!terms_.plot && !terms_.locates) choice.want(mapping.plot, slots.plot);
  choice.want(mapping.species.code, slots.code);
  choice.want(mapping.species.genus ? mapping.species.genus : mapping.species.name, slots.genus);
  if (mapping.species.genus) choice.want(mapping.species.epithet, slots.epithet);
  if (mapping.date) choice.want(mapping.date->column, slots.date);
  if (mapping.size) choice.want(mapping.size->column, slots.size);
  return choice;
}

cli::Result<void> TreeIntake::read(std::istream& in, const std::string& file_name) {
  Slots slots;
  auto reader = CsvReader::open(in, terms_.mapping.separator, file_name, choice_of(slots));
  if (!reader) return std::unexpected(reader.error());
  files_.push_back(file_name);
  CsvRow row;
  while (reader->next(row)) {
    ++rows_;
    const auto judgement = take(row, slots);
    if (!judgement) return std::unexpected(judgement.error());
  }
  return {};
}

cli::Result<TreeIntake::Judgement> TreeIntake::take(const CsvRow& row, const Slots& slots) {
  Tree tree;
  tree.place = {static_cast<std::uint32_t>(files_.size() - 1), row.line};
  Judgement reason = RowReason::row_malformed;  // its cells may be those of other columns
  if (row.form == RowForm::good) {
    tree.id = row.cells[slots.id];
    reason = tree.id.empty() ? Judgement(RowReason::id_missing) : std::nullopt;
    if (!reason) reason = read_position(row, slots, tree);
    if (!reason) reason = read_species(row, slots, tree);
    if (!reason) reason = read_day(row, slots, tree);
    if (!reason) {
      const auto judged = read_plot(row, slots, tree);
      if (!judged) return judged;
      reason = *judged;
    }
  }
  if (reason) {
    refuse(tree, *reason);
    return reason;
  }
  read_size(row, slots, tree);
  trees_.push_back(std::move(tree));
  return reason;
}

TreeIntake::Judgement TreeIntake::read_position(const CsvRow& row, const Slots& slots,
                                                Tree& tree) const {
  const std::string& latitude = row.cells[slots.latitude];
  const std::string& longitude = row.cells[slots.longitude];
  if (latitude.empty() || longitude.empty()) return RowReason::position_missing;
  const auto lat = scaled_decimal(latitude, kPositionDecimals);
  const auto lon = scaled_decimal(longitude, kPositionDecimals);
  if (!lat || !lon) return RowReason::position_malformed;
  if (*lat == 0 && *lon == 0) return RowReason::position_missing;
  if (std::abs(*lat) > geometry::kLatitudeMaxE7 || std::abs(*lon) > geometry::kLongitudeMaxE7) {
    return RowReason::position_out_of_range;
  }
  tree.position = {static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)};
  return std::nullopt;
}

TreeIntake::Judgement TreeIntake::read_species(const CsvRow& row, const Slots& slots, Tree& tree) {
  std::string code;
  if (slots.code) {
    code = row.cells[*slots.code];
    if (code.empty()) return RowReason::species_missing;
    if (!ledger::Code::check(code)) return RowReason::species_invalid;
  } else {
    std::string name = row.cells[*slots.genus];
    if (slots.epithet) name += " " + row.cells[*slots.epithet];
    code = derived_code(name);
    if (code.empty()) return RowReason::species_missing;
  }
  if (terms_.registered && !terms_.registered->contains(code)) return RowReason::species_unknown;
  tree.species = index_in(species_, code);
  return std::nullopt;
}

TreeIntake::Judgement TreeIntake::read_day(const CsvRow& row, const Slots& slots,
                                           Tree& tree) const {
  const std::string text = slots.date ? row.cells[*slots.date] : std::string();
  const auto day = slots.date ? terms_.mapping.date->format.day(text) : std::nullopt;
  if (text.empty()) {
    tree.undated = RowReason::date_missing;
  } else if (!day) {
    tree.undated = RowReason::date_malformed;
  } else if (day == terms_.mapping.date->unknown) {
    tree.undated = RowReason::date_unknown;
  } else if (*day > terms_.last_day) {
    tree.undated = RowReason::date_in_future;
  } else {
    tree.day = day;
  }
  return terms_.as == ledger::BatchSource::plant ? tree.undated : std::nullopt;
}

cli::Result<TreeIntake::Judgement> TreeIntake::read_plot(const CsvRow& row, const Slots& slots,
                                                         Tree& tree) {
  if (terms_.locates) {
    const auto located = areas_.locate(tree.position, terms_.precision_m);
    if (!located) return std::unexpected(located.error());
    if (!*located) return RowReason::outside_plot;
    tree.plot = index_in(plots_, **located);
    return std::nullopt;
  }
  const std::string ref =
      slots.plot ? derived_code(row.cells[*slots.plot]) : terms_.plot.value_or(std::string());
  if (ref.empty()) return RowReason::plot_missing;
  const auto area = areas_.find(ref);
  if (!area) return std::unexpected(area.error());
  if (*area == nullptr) return RowReason::plot_unknown;
  const std::uint32_t grow_m = (*area)->uncertainty_m + terms_.precision_m;
  if (!stands_inside((*area)->plane, tree.position, grow_m)) return RowReason::outside_plot;
  tree.plot = index_in(plots_, ref);
  return std::nullopt;
}

void TreeIntake::read_size(const CsvRow& row, const Slots& slots, Tree& tree) {
  if (!slots.size || row.cells[*slots.size].empty()) return;
  const auto length = scaled_decimal(row.cells[*slots.size], kSizeDecimals);
  const std::int64_t size = length ? millimetres(*length, terms_.mapping.size->unit) : -1;
  if (size < 0 || size > UINT32_MAX) {
    ++unreadable_sizes_;
  } else if (size > 0) {
    tree.size_mm = static_cast<std::uint32_t>(size);
  }
}

void TreeIntake::refuse(const Tree& tree, RowReason reason) {
  refusals_.add(files_[tree.place.file] + ":" + std::to_string(tree.place.line), tree.id,
                to_string(reason));
}

void TreeIntake::refuse_repeated_ids() {
  std::ranges::sort(trees_, {}, [](const Tree& tree) { return std::tie(tree.id, tree.place); });
  const auto repeats = [&](const Tree& left, const Tree& right) {
    const bool is_same = left.id == right.id;
    if (is_same) refuse(right, RowReason::id_repeated);
    return is_same;
  };
  trees_.erase(std::unique(trees_.begin(), trees_.end(), repeats), trees_.end());
}

void TreeIntake::refuse_taken_positions(const TakenPlaces& taken) {
  const std::vector<std::string> refs = plots();
  std::erase_if(trees_, [&](const Tree& tree) {
    const auto of_plot = taken.find(refs[tree.plot]);
    const bool is_taken = of_plot != taken.end() && of_plot->second.contains(tree.position);
    if (is_taken) refuse(tree, RowReason::position_taken);
    return is_taken;
  });
}

void TreeIntake::refuse_repeated_positions() {
  std::ranges::sort(trees_, {}, [](const Tree& tree) {
    return std::tuple(tree.plot, tree.position, order_of(tree), tree.place);
  });
  const auto repeats = [&](const Tree& left, const Tree& right) {
    const bool is_same = left.plot == right.plot && left.position == right.position;
    if (is_same) refuse(right, RowReason::position_repeated);
    return is_same;
  };
  trees_.erase(std::unique(trees_.begin(), trees_.end(), repeats), trees_.end());
}

std::vector<std::string> TreeIntake::plots() const { return by_index(plots_); }

Trees TreeIntake::finish(const TakenPlaces& taken) && {
  refuse_repeated_ids();
  refuse_taken_positions(taken);
  refuse_repeated_positions();
  return {std::move(trees_), plots(), by_index(species_), rows_, unreadable_sizes_};
}

}  // namespace treeproof::import
