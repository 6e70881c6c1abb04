// How much land a stem needs, by its species or else by the habit, which habits stand in which
// layer, and a plot's account of it. Owns no rule. Callers: rules_batch, rules_land, rules_verify,
// audit. Pure.
// Source: docs/ledger.md I8. 1 ha = 10,000 m2 = 10^10 mm2.
#pragma once

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/governance.h"
#include "consensus/ledger/plot_objects.h"

namespace treeproof::ledger {

inline constexpr std::uint64_t kSquareMetresPerHectare = 10'000;
inline constexpr std::uint64_t kSquareMillimetresPerSquareMetre = 1'000'000;

bool fits(Habit habit, Layer layer) noexcept;
std::uint64_t default_max_stems_per_ha(Habit habit) noexcept;
std::uint64_t max_stems_per_ha(const Species& species) noexcept;

// Whether units of this kind are counted stems (or fragments), areas, or take no land at all.
enum class LandUse : std::uint8_t { stems, area, none };
LandUse land_use(Unit unit) noexcept;

// The mm2 that one stem occupies: rounded down, so that a hectare holds exactly the maximum.
std::uint64_t stem_space_mm2(const Species& species) noexcept;

// Notes on a plot that so many live members of a batch came or went. Requires: a sum that fits, as
// the rules see to; at least as many came before.
void occupy(PlotObject& plot, Unit unit, const BatchSpecies& part, std::uint64_t members) noexcept;
void vacate(PlotObject& plot, Unit unit, const BatchSpecies& part, std::uint64_t members) noexcept;

}  // namespace treeproof::ledger
