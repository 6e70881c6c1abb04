#include "rpc/warnings.h"

#include <cassert>

#include "consensus/ledger/density.h"
#include "consensus/ledger/geometry/wide_integer.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/plot_outline.h"
#include "rpc/country_boxes.h"

namespace treeproof::rpc {

namespace {

using geometry::UInt128;
using Warnings = std::vector<Warning>;

// Three tenths of the greatest density. The sparsest plantings of the Chinese afforestation tables
// are at 22 % to 75 % of the densest of their species; forest No. 277 is at 27 % and gets a
// warning.
constexpr std::uint64_t kSparseBelowPpm = 300'000;
constexpr std::uint64_t kMillion = 1'000'000;

geometry::Position middle_of(const geometry::BoundingBox& box) {
  return {box.south_west.lat_e7 + (box.north_east.lat_e7 - box.south_west.lat_e7) / 2,
          box.south_west.lon_e7 + (box.north_east.lon_e7 - box.south_west.lon_e7) / 2};
}

// I6: country is a plausibility warning.
Warnings warnings(const ledger::Plot& plot, const ledger::StateReader& state) {
  const auto geometry = state.attachment(plot.geometry.root);
  assert(geometry != nullptr);
  const auto middle = middle_of(geometry::bounding_box(ledger::outline_of(plot, *geometry)));
  if (may_lie_in(plot.country, middle)) return {};
  return {{"plot_country_implausible",
           "The plot lies outside of the country that it names; check the code, and that latitude "
           "and longitude are not swapped.",
           {{"country", plot.country.text},
            {"lat_e7", std::to_string(middle.lat_e7)},
            {"lon_e7", std::to_string(middle.lon_e7)}}}};
}

// I8: too sparse only warns. What the plot's stems need by their species' density, with these among
// them, against its area; both sides in mm2 * ppm.
Warnings warnings(const ledger::Plant& plant, const ledger::StateReader& state) {
  const auto plot = ledger::find<ledger::PlotObject>(state, plant.plot);
  assert(plot.has_value());
  UInt128 needed = plot->occupied_mm2;
  std::uint64_t planted = 0;
  for (const ledger::SpeciesCount& part : plant.species) {
    const auto species = ledger::get<ledger::Species>(state, part.species.text);
    assert(species.has_value());
    needed += UInt128{part.count} * ledger::stem_space_mm2(*species);
    planted += part.count;
  }
  const UInt128 area = UInt128{plot->area_m2} * ledger::kSquareMillimetresPerSquareMetre;
  if (needed * kMillion >= area * kSparseBelowPpm) return {};
  const auto needed_m2 =
      static_cast<std::uint64_t>(needed / ledger::kSquareMillimetresPerSquareMetre);
  return {{"planting_sparse",
           "The plot's trees need little of its area by the greatest density of their species; "
           "check count and plot.",
           {{"stems", std::to_string(plot->live + planted)},
            {"needed_m2", std::to_string(needed_m2)},
            {"area_m2", std::to_string(plot->area_m2)},
            {"sparse_below_ppm", std::to_string(kSparseBelowPpm)}}}};
}

template <class P>
Warnings warnings(const P&, const ledger::StateReader&) {
  return {};
}

}  // namespace

std::vector<Warning> warnings_of(const ledger::Payload& payload, const ledger::StateReader& state) {
  return std::visit([&](const auto& chosen) { return warnings(chosen, state); }, payload);
}

}  // namespace treeproof::rpc
