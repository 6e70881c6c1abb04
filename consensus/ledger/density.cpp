#include "consensus/ledger/density.h"

#include <algorithm>
#include <cassert>

namespace treeproof::ledger {

bool fits(Habit habit, Layer layer) noexcept {
  using enum Habit;
  const auto is_one_of = [habit](std::initializer_list<Habit> habits) {
    return std::ranges::find(habits, habit) != habits.end();
  };
  switch (layer) {
    case Layer::canopy:
      return is_one_of({tree, shrub, palm, bamboo, mangrove});
    case Layer::understory:
      return is_one_of({shrub, palm, bamboo, herb});
    case Layer::marine:
      return is_one_of({mangrove, seagrass, coral});
    case Layer::protection:
      return true;
  }
  assert(false);
  return false;
}

// The densest common plantings, so that a species without a figure of its own is bounded but not
// hindered. Trees: 444 stems per mu, the maximum of the Chinese afforestation tables.
std::uint64_t default_max_stems_per_ha(Habit habit) noexcept {
  switch (habit) {
    case Habit::tree:
      return 6'660;
    case Habit::shrub:
    case Habit::bamboo:
      return 10'000;
    case Habit::palm:
      return 2'500;
    case Habit::mangrove:
      return 40'000;
    case Habit::coral:
      return 100'000;
    case Habit::seagrass:
    case Habit::herb:
      return 250'000;
  }
  assert(false);
  return 1;
}

std::uint64_t max_stems_per_ha(const Species& species) noexcept {
  return species.max_stems_per_ha.value_or(default_max_stems_per_ha(species.habit));
}

LandUse land_use(Unit unit) noexcept {
  switch (unit) {
    case Unit::stem:
    case Unit::coral_fragment:
      return LandUse::stems;
    case Unit::m2:
      return LandUse::area;
    case Unit::patrol_km:
    case Unit::nest:
      return LandUse::none;
  }
  assert(false);
  return LandUse::none;
}

std::uint64_t stem_space_mm2(const Species& species) noexcept {
  constexpr std::uint64_t kHectare = kSquareMetresPerHectare * kSquareMillimetresPerSquareMetre;
  return kHectare / std::max<std::uint64_t>(max_stems_per_ha(species), 1);
}

namespace {

std::uint64_t& account(PlotObject& plot, Unit unit) noexcept {
  return land_use(unit) == LandUse::area ? plot.covered_mm2 : plot.occupied_mm2;
}

}  // namespace

void occupy(PlotObject& plot, Unit unit, const BatchSpecies& part, std::uint64_t members) noexcept {
  plot.live += members;
  account(plot, unit) += members * part.space_mm2;
}

void vacate(PlotObject& plot, Unit unit, const BatchSpecies& part, std::uint64_t members) noexcept {
  assert(plot.live >= members && account(plot, unit) >= members * part.space_mm2);
  plot.live -= members;
  account(plot, unit) -= members * part.space_mm2;
}

}  // namespace treeproof::ledger
