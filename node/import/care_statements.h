// Sightings into the statements that record them. Their refs are made of the sightings alone, so
// that the same rows find again what they recorded; their counts are those of the trees as the node
// has them. Owns no sighting. Caller: care command. Pure but for the source.
// Source: docs/importing.md "Observations and deaths"; docs/ledger.md "observe", "mortality", I5.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "consensus/ledger/statement.h"
#include "node/import/sighting_intake.h"

namespace treeproof::import {

// What one statement tells: of a batch at a day, and deaths of one cause.
struct CareGroup {
  std::string ref;  // "dead-" and 16 hex digits of the SHA-256 of what it tells
  std::string batch;
  std::int32_t day = 0;
  std::vector<Sighting> sightings;  // ascending by tree
};

// A mortality tells of 4,096 trees at most; an observation of all rows of its batch and day.
// Requires: in the order of SightingIntake::finish().
std::vector<CareGroup> groups_of(std::vector<Sighting> sightings, Care care,
                                 const std::string& ref_prefix);

struct CareStatement {
  ledger::Payload payload;
  std::uint64_t alive = 0;
  std::uint64_t dead = 0;     // named by it
  std::uint64_t unknown = 0;  // of an observation: those that no row speaks of, too
};
// Rows that the trees' states contradict are left out: tree_dead, tree_not_live, cause_differs,
// deaths_too_many. Nothing where no row is left.
cli::Result<std::optional<CareStatement>> statement_of(const CareGroup& group, Care care,
                                                       const TreeSource& source,
                                                       Refusals& refusals);

}  // namespace treeproof::import
