// Where countries lie, roughly: boxes around their parts, to tell a slip of the country code or of
// latitude and longitude. Data of the edge: no rule of the chain asks it.
// Owns the table. Callers: warnings. Safe from any thread.
// Source: docs/ledger.md "Warnings"; the table country_boxes.inc says where it is from.
#pragma once

#include "consensus/ledger/geometry/position.h"
#include "consensus/ledger/names.h"

namespace treeproof::rpc {

// Within 0.5 degrees of a box of the country: reefs and mangroves stand before its coast. True,
// too, for a code that the table does not know.
bool may_lie_in(const ledger::CountryCode& country, geometry::Position position) noexcept;

}  // namespace treeproof::rpc
