// Looks up cells of an audit's rows, by the columns that tell a row. Owns nothing.
// Shared by the tests of the reports.
#pragma once

#include <algorithm>
#include <string>

#include "rpc/audit_reports.h"

namespace treeproof::rpc {

using Where = std::vector<std::pair<std::string, std::string>>;

inline std::string cell(const AuditRow& row, std::string_view column) {
  const auto found = std::ranges::find(row, column, [](const auto& named) { return named.first; });
  return found == row.end() ? "no such column" : found->second.value_or("null");
}

// "no such row" where none has these cells; the first otherwise.
inline std::string cell(const AuditReport& report, const Where& where, std::string_view column) {
  for (const AuditRow& row : report.rows) {
    const bool is_it = std::ranges::all_of(
        where, [&](const auto& wanted) { return cell(row, wanted.first) == wanted.second; });
    if (is_it) return cell(row, column);
  }
  return "no such row";
}

// The cells of these columns with blanks between.
inline std::string cells(const AuditReport& report, const Where& where,
                         const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns) {
    text += (text.empty() ? "" : " ") + cell(report, where, column);
  }
  return text;
}

inline std::size_t count(const AuditReport& report, std::string_view finding) {
  return static_cast<std::size_t>(
      std::ranges::count(report.findings, finding, &AuditFinding::finding));
}

}  // namespace treeproof::rpc
