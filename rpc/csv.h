// Rows as CSV for people's spreadsheets: RFC 4180, and no cell that a spreadsheet would run.
// Owns nothing. Callers: export_handlers, exports, node/cli (audit), node/import (refused rows).
// Pure. Source: RFC 4180; docs/api.md "Exports".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rpc/audit.h"

namespace treeproof::rpc {

// Quoted where a comma, a quote, a line end or a blank at its ends asks for it. A text that a
// spreadsheet takes for a formula (it begins with = + - @, their wide forms, a tab or a line end,
// and is no plain number) gets an apostrophe in front.
std::string csv_cell(std::string_view text);
// Cells and CRLF; a null cell is empty.
std::string csv_line(std::span<const AuditCell> cells);
// The titles of the first row, then all rows, which have the same columns; empty without any.
std::string csv_of(std::span<const AuditRow> rows);
std::string csv_titles(const AuditRow& row);
std::string csv_line(const AuditRow& row);

}  // namespace treeproof::rpc
