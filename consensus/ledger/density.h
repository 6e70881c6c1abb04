// How much land a stem needs, by its species or else by the habit, and which habits stand in which
// layer. Owns no plot and no tally. Callers: rules_batch, audit. Pure.
// Source: docs/ledger.md I8; docs/species.md. 1 ha = 10,000 m2 = 10^10 mm2.
#pragma once

#include "consensus/ledger/campaign.h"
#include "consensus/ledger/governance.h"

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

}  // namespace treeproof::ledger
