#include "node/import/redemption_intake.h"

#include <algorithm>

#include "consensus/types/limits.h"
#include "node/import/decimal.h"
#include "node/import/derived_names.h"

namespace treeproof::import {

namespace {

bool is_same(const RedemptionRow& row, const SealedPlace& sealed, const std::string& campaign) {
  return sealed.row->reference == row.reference && sealed.row->salts.size() == row.units &&
         sealed.batch->campaign == campaign && sealed.batch->species == row.species &&
         sealed.batch->pledge == row.pledge;
}

}  // namespace

bool CampaignTerms::has_one_price() const noexcept {
  return std::ranges::all_of(
      prices, [&](const auto& price) { return price.second == prices.begin()->second; });
}

ColumnChoice RedemptionIntake::choice_of(Slots& slots) const {
  const Mapping& mapping = terms_.mapping;
  const SpeciesColumns& species = mapping.species;
  ColumnChoice choice;
  choice.need(*mapping.id, slots.id);
  choice.need(*mapping.user, slots.user);
  choice.want(mapping.units, slots.units);
  choice.want(mapping.pledge, slots.pledge);
  choice.want(species.code ? species.code : (species.genus ? species.genus : species.name),
              slots.species);
  if (!species.code && species.genus) choice.want(species.epithet, slots.epithet);
  return choice;
}

cli::Result<void> RedemptionIntake::read(std::istream& in, const std::string& file_name) {
  Slots slots;
  auto reader = CsvReader::open(in, terms_.mapping.separator, file_name, choice_of(slots));
  if (!reader) return std::unexpected(reader.error());
  CsvRow row;
  while (reader->next(row)) {
    ++taken_.rows;
    RedemptionRow unit;
    auto reason = judge(row, slots, unit);
    if (!reason) return std::unexpected(reason.error());
    const std::string id = unit.id;
    if (!*reason) *reason = take(std::move(unit));
    if (*reason) {
      refusals_.add(file_name + ":" + std::to_string(row.line), id, to_string(**reason));
    }
  }
  return {};
}

cli::Result<RedemptionIntake::Judgement> RedemptionIntake::judge(const CsvRow& row,
                                                                 const Slots& slots,
                                                                 RedemptionRow& unit) {
  if (row.form != RowForm::good) return RowReason::row_malformed;
  unit.id = row.cells[slots.id];
  unit.reference = row.cells[slots.user];
  if (unit.id.empty()) return RowReason::id_missing;
  if (unit.reference.empty()) return RowReason::user_missing;
  if (unit.reference.size() > kTextBytesMax) return RowReason::user_too_long;
  Judgement reason = read_units(row, slots, unit);
  if (!reason) reason = read_species(row, slots, unit);
  if (reason) return reason;
  return read_pledge(row, slots, unit);
}

RedemptionIntake::Judgement RedemptionIntake::read_units(const CsvRow& row, const Slots& slots,
                                                         RedemptionRow& unit) const {
  if (!slots.units) return std::nullopt;
  const auto units = whole_number(row.cells[*slots.units]);
  if (!units || *units == 0) return RowReason::units_malformed;
  if (*units > terms_.units_max) return RowReason::units_too_many;
  unit.units = *units;
  return std::nullopt;
}

RedemptionIntake::Judgement RedemptionIntake::read_species(const CsvRow& row, const Slots& slots,
                                                           RedemptionRow& unit) const {
  std::string code = terms_.species.value_or("");
  if (slots.species) {
    std::string name = row.cells[*slots.species];
    if (slots.epithet) name += " " + row.cells[*slots.epithet];
    code = terms_.mapping.species.code ? name : derived_code(name);
  }
  if (code.empty()) {
    return terms_.campaign.has_one_price() ? Judgement() : RowReason::species_missing;
  }
  if (!ledger::Code::check(code)) return RowReason::species_invalid;
  if (!terms_.campaign.prices.contains(code)) return RowReason::species_not_in_campaign;
  unit.species = code;
  return std::nullopt;
}

cli::Result<RedemptionIntake::Judgement> RedemptionIntake::read_pledge(const CsvRow& row,
                                                                       const Slots& slots,
                                                                       RedemptionRow& unit) {
  if (terms_.campaign.mode == ledger::Mode::plant_first) return std::nullopt;
  const std::string id = slots.pledge ? row.cells[*slots.pledge] : terms_.pledge.value_or("");
  if (id.empty()) return RowReason::pledge_missing;
  if (!ledger::ObjectId::check(id)) return RowReason::pledge_unknown;
  auto known = pledges_.find(id);
  if (known == pledges_.end()) {
    auto found = terms_.find_pledge(id);
    if (!found) return std::unexpected(found.error());
    known = pledges_.emplace(id, *std::move(found)).first;
  }
  const std::optional<PledgeTerms>& pledge = known->second;
  if (!pledge || pledge->campaign != terms_.campaign.campaign) return RowReason::pledge_unknown;
  if (unit.species && *unit.species != pledge->species) return RowReason::pledge_species_mismatch;
  unit.pledge = id;
  return std::nullopt;
}

RedemptionIntake::Judgement RedemptionIntake::take(RedemptionRow unit) {
  if (!ids_.insert(unit.id).second) return RowReason::id_repeated;
  const SealedPlace sealed = vault_ == nullptr ? SealedPlace{} : vault_->find(unit.id);
  if (sealed.row != nullptr) {
    if (!is_same(unit, sealed, terms_.campaign.campaign)) return RowReason::sealed_otherwise;
    taken_.sealed_refs.insert(sealed.batch->ref);
    ++taken_.sealed_rows;
    return std::nullopt;
  }
  const auto& prices = terms_.campaign.prices;
  const std::uint64_t price = unit.species ? prices.at(*unit.species) : prices.begin()->second;
  taken_.fresh_units += unit.units;
  taken_.fresh_grams += unit.units * price;
  taken_.fresh.push_back(std::move(unit));
  return std::nullopt;
}

}  // namespace treeproof::import
