// Documents for other people's tools, piece by piece: a plot as a GeoJSON feature in EUDR form, a
// planting and a visit as Darwin Core records. Positions are printed from their integers, digit by
// digit; nothing is rounded.
// Owns nothing. Callers: export_handlers. Safe from any thread.
// Source: RFC 7946; Regulation (EU) 2023/1115 article 2 (28); Darwin Core and its text
// guide (TDWG); docs/api.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/plot_objects.h"
#include "rpc/csv.h"

namespace treeproof::rpc {

// "-12.3456789": degrees with seven decimals.
std::string degrees(std::int32_t e7);
// "2026-03-01".
std::string iso_day(std::int32_t day);

// What grows on a plot, by species: living trees.
struct Grown {
  std::map<std::string, std::uint64_t> live;
  std::optional<std::int32_t> first_day;
  std::optional<std::int32_t> last_day;
  void add(const ledger::BatchObject& batch);
};
// One Feature: a Polygon by the right-hand rule, or the point as which the plot was recorded; its
// geometry is null where this node lacks the
// outline, or it was redacted.
std::string plot_feature(const ledger::StateReader& state, const ledger::ObjectId& id,
                         const ledger::PlotObject& plot, const Grown& grown);

enum class DarwinCore : std::uint8_t { event, occurrence };
// The records of a planting, and of a visit: one event, or one occurrence for each species and
// fate of which something was there.
std::vector<AuditRow> darwin_core(const ledger::StateReader& state, DarwinCore core,
                                  const ledger::ObjectId& id, const ledger::BatchObject& batch);
std::vector<AuditRow> darwin_core(const ledger::StateReader& state, DarwinCore core,
                                  const ledger::ObjectId& id,
                                  const ledger::ObservationObject& visit);
// The terms, in the order of the cells.
std::string darwin_core_titles(DarwinCore core);
// What makes an archive of both tables: meta.xml of the Darwin Core text guide. Events are its
// core, in event.csv; occurrences extend them, in occurrence.csv.
std::string darwin_core_meta();

}  // namespace treeproof::rpc
