// A season on the test chain: points, two campaigns, land, a pledge, a planting of 100 trees with a
// sample of 10 visited, 60 units redeemed, 20 of them allocated; a proposal that was carried out.
// Shared by the tests of rpc/.
#pragma once

#include "consensus/proofs/certificate.h"
#include "tests/unit/rpc/test_chain.h"

namespace treeproof::rpc {

inline constexpr std::string_view kPlanted = "platform/planted";  // plant-first
inline constexpr std::string_view kPledged = "platform/pledged";  // pledge-first
inline constexpr std::string_view kHome = "desert-ngo/home";
inline constexpr std::string_view kGrown = "desert-ngo/grown";
inline constexpr std::string_view kUnits = "platform/units";
inline constexpr std::string_view kGiven = "platform/given";
inline constexpr std::string_view kEnergy = "platform/energy";

// The owner's opening of unit `index`; commitments ascend with the sorted openings.
proofs::Opening opening_of_unit(std::uint64_t index);

// The payloads, ready to be recorded.
ledger::Evidence photo(std::string_view ref, std::int32_t day);
ledger::Campaign campaign_terms(std::string_view ref, ledger::Mode mode, std::int32_t day);

// Plays the season until the allocation.
void play_season(TestChain& chain);

// A chain whose season was played once, shared by all tests that only read.
TestChain& season_chain();

}  // namespace treeproof::rpc
