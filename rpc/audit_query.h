// What a call says about the scope of a report and the page of its rows.
// Owns nothing. Callers: audit_handlers, export_handlers. Safe from any thread.
// Source: docs/api.md "Regulators".
#pragma once

#include "rpc/audit_reports.h"
#include "rpc/method.h"

namespace treeproof::rpc {

inline constexpr std::uint64_t kYearMax = 9'999;

// Of the parameters that the method has.
AuditScope audit_scope_of(const Query& query);

// The rows that cursor and limit ask for; the report outlives them. The cursor of a report is the
// number of rows that were shown. Refuses other cursors and a limit of 0.
struct RowsPage {
  std::span<const AuditRow> rows;
  std::optional<std::string> cursor;
};
std::expected<RowsPage, RpcError> page_of(const Query& query, const AuditReport& report);

}  // namespace treeproof::rpc
