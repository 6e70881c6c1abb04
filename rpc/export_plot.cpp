// A plot as a GeoJSON feature, with the properties that the EU's deforestation register reads.
#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/ledger/governance.h"
#include "rpc/exports.h"
#include "rpc/json_reader.h"

namespace treeproof::rpc {

namespace {

// A number of so many decimals: "12.0500".
std::string decimal(std::uint64_t value, std::uint64_t unit, std::size_t decimals) {
  std::string part = std::to_string(value % unit);
  part.insert(0, decimals - part.size(), '0');
  return std::to_string(value / unit) + "." + part;
}

std::string position_text(const geometry::Position& at) {
  return "[" + degrees(at.lon_e7) + "," + degrees(at.lat_e7) + "]";
}

std::string ring_text(const geometry::Ring& ring) {
  std::string text = "[";
  for (const geometry::Position& at : ring) {
    if (text.size() > 1) text += ',';
    text += position_text(at);
  }
  return text + "]";
}

std::string geometry_text(const ledger::StateReader& state, const ledger::PlotObject& plot) {
  const ledger::State known = ledger::State::over(state);  // without what was redacted
  const auto outline = known.attachment(plot.payload.geometry.root);
  if (!outline) return "null";
  const auto shape = geometry::decode_shape(outline->bytes());
  assert(shape.has_value());
  if (const auto* point = std::get_if<geometry::Position>(&*shape)) {
    return R"({"type":"Point","coordinates":)" + position_text(*point) + "}";
  }
  std::string rings;
  for (const geometry::Ring& ring : std::get<geometry::Polygon>(*shape).rings) {
    rings += (rings.empty() ? "" : ",") + ring_text(ring);
  }
  return R"({"type":"Polygon","coordinates":[)" + rings + "]}";
}

Json species_json(const ledger::StateReader& state, const Grown& grown) {
  Json all = Json::array();
  for (const auto& [code, live] : grown.live) {
    const auto species = ledger::get<ledger::Species>(state, code);
    all.push_back({{"code", code},
                   {"scientific_name", species ? Json(species->name.text) : Json()},
                   {"live", live}});
  }
  return all;
}

Json day_json(const std::optional<std::int32_t>& day) { return day ? Json(iso_day(*day)) : Json(); }

}  // namespace

std::string degrees(std::int32_t e7) {
  constexpr std::uint64_t kDegree = 10'000'000;
  const std::int64_t wide = e7;
  const std::string size = decimal(static_cast<std::uint64_t>(wide < 0 ? -wide : wide), kDegree, 7);
  return (wide < 0 ? "-" : "") + size;
}

void Grown::add(const ledger::BatchObject& batch) {
  for (const ledger::BatchSpecies& part : batch.species) {
    live[part.species.text] += part.trees.live();
  }
  if (batch.planted_from)
    first_day = std::min(first_day.value_or(*batch.planted_from), *batch.planted_from);
  if (batch.planted_to)
    last_day = std::max(last_day.value_or(*batch.planted_to), *batch.planted_to);
}

std::string plot_feature(const ledger::StateReader& state, const ledger::ObjectId& id,
                         const ledger::PlotObject& plot, const Grown& grown) {
  const auto holder = ledger::get<ledger::OrgObject>(state, plot.holder.text);
  const Json own{{"plot", id.text},
                 {"holder", plot.holder.text},
                 {"layer", ledger::name(plot.payload.layer)},
                 {"area_m2", plot.area_m2},
                 {"capacity", plot.payload.capacity},
                 {"uncertainty_m", plot.payload.uncertainty_m},
                 {"live", plot.live},
                 {"species", species_json(state, grown)},
                 {"planted_from", day_json(grown.first_day)},
                 {"planted_to", day_json(grown.last_day)},
                 {"closed", plot.closed.has_value()},
                 {"statement", crypto::to_hex(plot.record.statement)}};
  const std::string properties =
      R"({"ProducerName":)" + to_text(Json(holder ? holder->name.text : plot.holder.text)) +
      R"(,"ProducerCountry":)" + to_text(Json(plot.payload.country.text)) +
      R"(,"ProductionPlace":)" + to_text(Json(id.text)) + R"(,"Area":)" +
      decimal(plot.area_m2, 10'000, 4) + "," + to_text(own).substr(1);
  return R"({"type":"Feature","id":)" + to_text(Json(id.text)) + R"(,"geometry":)" +
         geometry_text(state, plot) + R"(,"properties":)" + properties + "}";
}

}  // namespace treeproof::rpc
