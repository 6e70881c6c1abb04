#include "node/import/sighting_intake.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "consensus/ledger/leaves.h"
#include "node/import/decimal.h"

namespace treeproof::import {

namespace {

constexpr unsigned kPositionDecimals = 7;

std::optional<ledger::Cause> cause_of(const std::string& name) {
  const auto names = ledger::names_of(ledger::Cause{});
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<ledger::Cause>(found - names.begin());
}

}  // namespace

ColumnChoice SightingIntake::choice_of(Slots& slots) const {
  const Mapping& mapping = terms_.mapping;
  ColumnChoice choice;
  choice.want(mapping.id, slots.id);
  choice.want(mapping.tree, slots.tree);
  if (!mapping.tree && !terms_.ids) {
    choice.want(mapping.latitude, slots.latitude);
    choice.want(mapping.longitude, slots.longitude);
  }
  if (mapping.date) choice.want(mapping.date->column, slots.date);
  const bool is_observation = terms_.care == Care::observations;
  if (is_observation && mapping.state) choice.want(mapping.state->column, slots.state);
  choice.want(mapping.cause, slots.cause);
  return choice;
}

cli::Result<void> SightingIntake::read(std::istream& in, const std::string& file_name) {
  Slots slots;
  auto reader = CsvReader::open(in, terms_.mapping.separator, file_name, choice_of(slots));
  if (!reader) return std::unexpected(reader.error());
  CsvRow row;
  while (reader->next(row)) {
    ++rows_;
    Sighting sighting;
    sighting.place = file_name + ":" + std::to_string(row.line);
    const auto reason = judge(row, slots, sighting);
    if (!reason) return std::unexpected(reason.error());
    if (*reason) {
      refusals_.add(sighting.place, sighting.id, to_string(**reason));
    } else {
      sightings_.push_back(std::move(sighting));
    }
  }
  return {};
}

cli::Result<SightingIntake::Judgement> SightingIntake::judge(const CsvRow& row, const Slots& slots,
                                                             Sighting& sighting) {
  if (row.form != RowForm::good) return RowReason::row_malformed;
  if (slots.id) sighting.id = row.cells[*slots.id];
  Judgement reason = read_day(row, slots, sighting);
  if (!reason) reason = read_state(row, slots, sighting);
  if (!reason) reason = read_cause(row, slots, sighting);
  if (reason) return reason;
  const auto named = read_tree(row, slots, sighting);
  if (!named || *named) return named;
  const auto known = batch(sighting.tree.batch);
  if (!known) return std::unexpected(known.error());
  if (*known == nullptr || sighting.tree.index >= (*known)->size) return RowReason::tree_unknown;
  const auto& earliest =
      terms_.care == Care::mortality ? (*known)->planted_from : (*known)->planted_to;
  if (earliest && sighting.day < *earliest) return RowReason::date_before_planting;
  // A tree dies once; it may be seen on many days.
  const std::int32_t day = terms_.care == Care::mortality ? 0 : sighting.day;
  return taken_.emplace(sighting.tree, day).second ? Judgement() : RowReason::tree_repeated;
}

cli::Result<SightingIntake::Judgement> SightingIntake::read_tree(const CsvRow& row,
                                                                 const Slots& slots,
                                                                 Sighting& sighting) {
  if (!slots.tree) {
    if (terms_.ids) return read_id(sighting);
    return read_place(row, slots, sighting);
  }
  const std::string& text = row.cells[*slots.tree];
  if (text.empty()) return RowReason::tree_missing;
  if (!ledger::MemberId::check(text)) return RowReason::tree_unknown;
  const ledger::MemberId id{text};
  sighting.tree = {id.batch().text, id.index()};
  if (!slots.id) sighting.id = text;
  return std::nullopt;
}

SightingIntake::Judgement SightingIntake::read_id(Sighting& sighting) const {
  if (sighting.id.empty()) return RowReason::id_missing;
  const auto found = terms_.ids->find(sighting.id);
  if (found == terms_.ids->end()) return RowReason::tree_unknown;
  if (!found->second) return RowReason::tree_ambiguous;
  sighting.tree = *found->second;
  return std::nullopt;
}

cli::Result<SightingIntake::Judgement> SightingIntake::read_place(const CsvRow& row,
                                                                  const Slots& slots,
                                                                  Sighting& sighting) {
  const std::string& latitude = row.cells[*slots.latitude];
  const std::string& longitude = row.cells[*slots.longitude];
  if (latitude.empty() || longitude.empty()) return RowReason::position_missing;
  const auto lat = scaled_decimal(latitude, kPositionDecimals);
  const auto lon = scaled_decimal(longitude, kPositionDecimals);
  if (!lat || !lon) return RowReason::position_malformed;
  if (std::abs(*lat) > geometry::kLatitudeMaxE7 || std::abs(*lon) > geometry::kLongitudeMaxE7) {
    return RowReason::position_out_of_range;
  }
  if (!places_) {
    auto places = source_.places();
    if (!places) return std::unexpected(places.error());
    places_ = *std::move(places);
  }
  const auto found =
      places_->find({static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)});
  if (found == places_->end()) return RowReason::tree_unknown;
  if (!found->second) return RowReason::tree_ambiguous;
  sighting.tree = *found->second;
  return std::nullopt;
}

SightingIntake::Judgement SightingIntake::read_day(const CsvRow& row, const Slots& slots,
                                                   Sighting& sighting) const {
  if (!slots.date) {
    if (!terms_.day) return RowReason::date_missing;
    sighting.day = *terms_.day;
    return std::nullopt;
  }
  const std::string& text = row.cells[*slots.date];
  if (text.empty()) return RowReason::date_missing;
  const auto day = terms_.mapping.date->format.day(text);
  if (!day) return RowReason::date_malformed;
  if (day == terms_.mapping.date->unknown) return RowReason::date_unknown;
  if (*day > terms_.last_day) return RowReason::date_in_future;
  sighting.day = *day;
  return std::nullopt;
}

SightingIntake::Judgement SightingIntake::read_state(const CsvRow& row, const Slots& slots,
                                                     Sighting& sighting) const {
  sighting.seen = terms_.care == Care::mortality ? Seen::dead : Seen::alive;
  if (!slots.state) return std::nullopt;
  const StateColumn& words = *terms_.mapping.state;
  const std::string& word = row.cells[*slots.state];
  if (word == words.dead) {
    sighting.seen = Seen::dead;
  } else if (word == words.unknown) {
    sighting.seen = Seen::unknown;
  } else if (word != words.alive) {
    return RowReason::state_unknown;
  }
  return std::nullopt;
}

SightingIntake::Judgement SightingIntake::read_cause(const CsvRow& row, const Slots& slots,
                                                     Sighting& sighting) const {
  if (sighting.seen != Seen::dead) return std::nullopt;
  sighting.cause = terms_.cause;
  if (slots.cause && !row.cells[*slots.cause].empty()) {
    sighting.cause = cause_of(row.cells[*slots.cause]);
    if (!sighting.cause) return RowReason::cause_unknown;
  }
  return sighting.cause ? Judgement() : RowReason::cause_missing;
}

cli::Result<const KnownBatch*> SightingIntake::batch(const std::string& id) {
  auto known = batches_.find(id);
  if (known == batches_.end()) {
    auto found = source_.batch(id);
    if (!found) return std::unexpected(found.error());
    known = batches_.emplace(id, *std::move(found)).first;
  }
  return known->second ? &*known->second : nullptr;
}

std::vector<Sighting> SightingIntake::finish() && {
  std::ranges::sort(sightings_, {}, [](const Sighting& sighting) {
    return std::tie(sighting.tree.batch, sighting.day, sighting.cause, sighting.tree.index);
  });
  return std::move(sightings_);
}

}  // namespace treeproof::import
