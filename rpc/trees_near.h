// Living trees near a place, the nearest first, and the plots there that hold trees without a
// position of their own. As of the latest height: single trees are told by their states.
// Owns nothing. Caller: tree_near. Safe from any thread; slow.
// Source: docs/api.md "Users"; docs/geometry.md section 3.
#pragma once

#include <vector>

#include "consensus/ledger/geometry/position.h"
#include "consensus/ledger/member_codes.h"
#include "rpc/ports.h"

namespace treeproof::rpc {

inline constexpr std::uint32_t kNearMetresMax = 1'000;

struct NearPlace {
  geometry::Position at;       // in range
  std::uint32_t radius_m = 0;  // at most kNearMetresMax
  std::size_t limit = 0;       // trees that are told, the nearest; at least 1
  // What is looked at before the rest is skipped, nearest things first.
  std::size_t objects_max = 10'000;  // plots and batches
  std::uint64_t trees_max = 500'000;
};

struct NearTree {
  ledger::MemberId tree;
  ledger::TreeCode code{};
  ledger::Code species;
  ledger::ObjectId plot;
  geometry::Position position;
  ledger::Positions positions{};
  std::uint32_t precision_m = 0;
  std::uint64_t distance_cm = 0;  // rounded down
};

// A plot that is within the radius, and how many of its living trees are known by it only.
struct NearPlot {
  ledger::ObjectId plot;
  ledger::Layer layer{};
  std::uint64_t trees = 0;
};

struct NearTrees {
  std::vector<NearTree> trees;  // by distance, then by id
  std::vector<NearPlot> plots;  // by id
  std::uint64_t found = 0;      // trees within the radius, those above the limit too
  // Not looked at: beyond the bounds, or leaves that this node does not hold.
  std::uint64_t skipped_plots = 0;
  std::uint64_t skipped_batches = 0;
};

// Trees of plots only: an inventory without a plot is in no index of places.
NearTrees trees_near(const ChainView& view, const NearPlace& place);

}  // namespace treeproof::rpc
