// The outline of a registered plot as every rule takes it: its rings, or the square of a point
// plot. Owns no attachment and no rule. Callers: rules_plot, rules_land, rpc (plot_get). Pure.
// Source: docs/ledger.md I6; docs/geometry.md sections 4 and 5.
#pragma once

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/geometry/polygon.h"
#include "consensus/ledger/plot.h"

namespace treeproof::ledger {

// Requires: the plot is registered, and this is its geometry.
geometry::Polygon outline_of(const Plot& plot, const Attachment& geometry);

}  // namespace treeproof::ledger
