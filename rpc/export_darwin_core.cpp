// Plantings and visits as Darwin Core: an event each, and occurrences by species. What nobody saw
// is no occurrence, and no absence either.
#include <algorithm>
#include <array>
#include <chrono>
#include <span>

#include "consensus/ledger/governance.h"
#include "rpc/exports.h"
#include "rpc/visits.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::ObservationObject;
using ledger::PlotObject;

constexpr std::array<std::string_view, 14> kEventTerms{
    "eventID",          "parentEventID",
    "eventType",        "eventDate",
    "samplingProtocol", "sampleSizeValue",
    "sampleSizeUnit",   "recordedBy",
    "locationID",       "countryCode",
    "decimalLatitude",  "decimalLongitude",
    "geodeticDatum",    "coordinateUncertaintyInMeters"};
constexpr std::array<std::string_view, 12> kOccurrenceTerms{
    "occurrenceID",          "eventID",          "basisOfRecord",
    "scientificName",        "taxonID",          "organismQuantity",
    "organismQuantityType",  "occurrenceStatus", "vitality",
    "degreeOfEstablishment", "recordedBy",       "eventDate"};

constexpr std::string_view kTermsNamespace = "http://rs.tdwg.org/dwc/terms/";

// One table of the archive: how its file is written, and which column is which term.
std::string meta_table(std::string_view element, std::string_view row_type, std::string_view file,
                       std::string_view id_element, std::span<const std::string_view> terms) {
  const std::string space(kTermsNamespace);
  std::string text = "  <" + std::string(element) +
                     R"( encoding="UTF-8" fieldsTerminatedBy="," fieldsEnclosedBy="&quot;")"
                     R"( linesTerminatedBy="\r\n" ignoreHeaderLines="1" rowType=")" +
                     space + std::string(row_type) + "\">\n    <files>\n      <location>" +
                     std::string(file) + "</location>\n    </files>\n    <" +
                     std::string(id_element) + " index=\"" +
                     std::to_string(std::ranges::find(terms, "eventID") - terms.begin()) + "\"/>\n";
  for (std::size_t i = 0; i < terms.size(); ++i) {
    text += "    <field index=\"" + std::to_string(i) + "\" term=\"" + space +
            std::string(terms[i]) + "\"/>\n";
  }
  return text + "  </" + std::string(element) + ">\n";
}

template <std::size_t kTerms>
AuditRow row_of(const std::array<std::string_view, kTerms>& terms,
                const std::array<AuditCell, kTerms>& cells) {
  AuditRow row;
  for (std::size_t i = 0; i < kTerms; ++i) row.emplace_back(terms[i], cells[i]);
  return row;
}

AuditCell days_of(const BatchObject& batch) {
  if (!batch.planted_from || !batch.planted_to) return std::nullopt;
  const std::string from = iso_day(*batch.planted_from);
  return from == iso_day(*batch.planted_to) ? from : from + "/" + iso_day(*batch.planted_to);
}

std::string unit_text(ledger::Unit unit) {
  switch (unit) {
    case ledger::Unit::stem:
      return "individuals";
    case ledger::Unit::m2:
      return "square metres";
    case ledger::Unit::coral_fragment:
      return "fragments";
    case ledger::Unit::patrol_km:
      return "kilometres patrolled";
    case ledger::Unit::nest:
      return "nests";
  }
  assert(false);
  return "";
}

struct Where {
  AuditCell plot, country, lat, lon, datum, uncertainty_m;
};

// The middle of the plot's box. The uncertainty reaches every corner: 1e-7 degrees are at most
// 11.2 mm, and half of height and width together are more than half the diagonal.
Where where_of(const ledger::StateReader& state, const BatchObject& batch) {
  const auto plot = batch.plot ? ledger::find<PlotObject>(state, *batch.plot) : std::nullopt;
  if (!plot) return {};
  const ledger::Box& box = plot->box;
  const std::int64_t height = std::int64_t{box.north} - box.south;
  const std::int64_t width = std::int64_t{box.east} - box.west;
  const std::int64_t reach_m = (height + width) * 112 / 20'000 + 1;
  return {batch.plot->text,
          plot->payload.country.text,
          degrees(static_cast<std::int32_t>(box.south + height / 2)),
          degrees(static_cast<std::int32_t>(box.west + width / 2)),
          "EPSG:4326",
          std::to_string(reach_m + plot->payload.uncertainty_m)};
}

struct Event {
  std::string id;
  AuditCell parent, type, date, protocol, size, unit;
  std::string by;
};

AuditRow event_row(const Event& event, const Where& where) {
  return row_of(kEventTerms, {event.id, event.parent, event.type, event.date, event.protocol,
                              event.size, event.unit, event.by, where.plot, where.country,
                              where.lat, where.lon, where.datum, where.uncertainty_m});
}

struct Occurrence {
  std::string event;
  std::string suffix;  // of its id, after the species
  ledger::Code species;
  std::uint64_t count = 0;  // above 0: a species of which nobody saw any is not said to be absent
  ledger::Unit unit{};
  AuditCell vitality, establishment;
  std::string by;
  AuditCell date;
};

AuditRow occurrence_row(const ledger::StateReader& state, const Occurrence& of) {
  const auto species = ledger::get<ledger::Species>(state, of.species.text);
  AuditCell taxon;
  if (species && species->gbif_id) {
    taxon = "https://www.gbif.org/species/" + std::to_string(*species->gbif_id);
  }
  return row_of(kOccurrenceTerms,
                {of.event + ":" + of.species.text + of.suffix, of.event, "HumanObservation",
                 species ? species->name.text : of.species.text, taxon, std::to_string(of.count),
                 unit_text(of.unit), "present", of.vitality, of.establishment, of.by, of.date});
}

}  // namespace

std::string iso_day(std::int32_t day) {
  using namespace std::chrono;
  const year_month_day date{sys_days{days{day}}};
  const auto padded = [](std::uint64_t value, std::size_t width) {
    std::string text = std::to_string(value);
    return std::string(width - std::min(width, text.size()), '0') + text;
  };
  return padded(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4) + "-" +
         padded(static_cast<unsigned>(date.month()), 2) + "-" +
         padded(static_cast<unsigned>(date.day()), 2);
}

std::string darwin_core_titles(DarwinCore core) {
  return core == DarwinCore::event ? csv_titles(row_of(kEventTerms, {}))
                                   : csv_titles(row_of(kOccurrenceTerms, {}));
}

std::string darwin_core_meta() {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<archive xmlns=\"http://rs.tdwg.org/dwc/text/\">\n" +
         meta_table("core", "Event", "event.csv", "id", kEventTerms) +
         meta_table("extension", "Occurrence", "occurrence.csv", "coreid", kOccurrenceTerms) +
         "</archive>\n";
}

std::vector<AuditRow> darwin_core(const ledger::StateReader& state, DarwinCore core,
                                  const ledger::ObjectId& id, const BatchObject& batch) {
  const bool is_stock = batch.source == ledger::BatchSource::inventory;
  if (core == DarwinCore::event) {
    return {event_row({id.text, std::nullopt, is_stock ? "Inventory" : "Planting", days_of(batch),
                       std::string(ledger::name(batch.method)), std::to_string(batch.size()),
                       unit_text(batch.unit), id.org().text},
                      where_of(state, batch))};
  }
  std::vector<AuditRow> rows;
  for (const ledger::BatchSpecies& part : batch.species) {
    if (part.trees.total() == voided_of(part.trees)) continue;
    const AuditCell establishment = is_stock ? std::nullopt : AuditCell("cultivated");
    rows.push_back(occurrence_row(
        state, {id.text, "", part.species, part.trees.total() - voided_of(part.trees), batch.unit,
                std::nullopt, establishment, id.org().text, days_of(batch)}));
  }
  return rows;
}

std::vector<AuditRow> darwin_core(const ledger::StateReader& state, DarwinCore core,
                                  const ledger::ObjectId& id, const ObservationObject& visit) {
  const auto batch = ledger::find<BatchObject>(state, visit.payload.plant);
  if (!batch) return {};
  const std::string date = iso_day(visit.payload.day);
  if (core == DarwinCore::event) {
    return {event_row(
        {id.text, visit.payload.plant.text, "Visit", date, std::string(ledger::name(visit.witness)),
         std::to_string(batch->size()), unit_text(batch->unit), id.org().text},
        where_of(state, *batch))};
  }
  std::vector<AuditRow> rows;
  for (const ledger::ObservedSpecies& part : visit.payload.species) {
    for (const auto& [vitality, count] :
         {std::pair("alive", part.alive), std::pair("dead", part.dead)}) {
      if (count == 0) continue;
      rows.push_back(
          occurrence_row(state, {id.text, std::string(":") + vitality, part.species, count,
                                 batch->unit, vitality, std::nullopt, id.org().text, date}));
    }
  }
  return rows;
}

}  // namespace treeproof::rpc
