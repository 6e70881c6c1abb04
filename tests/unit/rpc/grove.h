// What the tests of the reports put on top of the season: more plantings, visits, deaths, days.
// Owns nothing; every function records on the chain that it is given. One thread.
#pragma once

#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {

// What the season plants stands in ten rows from the plot's south-west corner on; this row number
// places a batch of ten trees north of them.
struct MoreTrees {
  std::string ref;
  std::int32_t row = 11;
  std::optional<std::string> campaign = std::string(kPlanted);
  ledger::EvidenceList evidence = {};
  std::int32_t north_e7 = 0;  // of the row
};
// Ten haloxylon of desert-ngo, planted today.
void plant_more(TestChain& chain, const MoreTrees& trees);
// Ten haloxylon of desert-ngo that stood there before.
void take_stock(TestChain& chain, const std::string& ref, std::int32_t row);

// A square of 10,000 steps of 1e-7 degrees, for any planter to record; its outline is attached.
ledger::Plot square_plot(TestChain& chain, const std::string& ref, geometry::Position south_west,
                         std::uint64_t capacity);

// Days go by, and a block tells so.
void pass_days(TestChain& chain, std::uint64_t days);

struct Counts {
  std::uint64_t alive = 0;
  std::uint64_t dead = 0;
  std::uint64_t unknown = 0;
};
// A visit of today to a batch of one species; `named` are the dead that nobody named before.
void observe(TestChain& chain, std::string_view org, const std::string& ref, std::string_view batch,
             Counts counts, const ledger::Ranges& named = {});
void let_die(TestChain& chain, const std::string& ref, std::string_view batch,
             const ledger::Ranges& ranges);

}  // namespace treeproof::rpc
