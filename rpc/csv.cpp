#include "rpc/csv.h"

#include <algorithm>
#include <vector>

namespace treeproof::rpc {

namespace {

constexpr std::string_view kFormulaStarts = "=+-@\t\r\n";
// The same four as East Asian spreadsheets take them: U+FF1D, U+FF0B, U+FF0D, U+FF20.
constexpr std::string_view kWideFormulaStarts[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
                                                   "\xef\xbc\xa0"};

// -12.5: a sign, digits, at most one point between them.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point < text.size() ? text.substr(point + 1) : "0";
  return !whole.empty() && !part.empty() && std::ranges::all_of(whole, is_digit) &&
         std::ranges::all_of(part, is_digit);
}

bool may_be_run(std::string_view text) {
  if (text.empty()) return false;
  return kFormulaStarts.contains(text.front()) ||
         std::ranges::any_of(kWideFormulaStarts,
                             [&](std::string_view start) { return text.starts_with(start); });
}

bool wants_quotes(std::string_view text) {
  if (text.empty()) return false;
  return text.find_first_of(",\"\r\n") != std::string_view::npos || text.front() == ' ' ||
         text.back() == ' ';
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string cell(text);
  if (may_be_run(text) && !is_number(text)) cell.insert(cell.begin(), '\'');
  if (!wants_quotes(cell)) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string csv_line(std::span<const AuditCell> cells) {
  std::string line;
  for (const AuditCell& cell : cells) {
    if (&cell != &cells.front()) line += ',';
    if (cell) line += csv_cell(*cell);
  }
  return line + "\r\n";
}

std::string csv_titles(const AuditRow& row) {
  std::vector<AuditCell> titles;
  for (const auto& [title, value] : row) titles.push_back(title);
  return csv_line(titles);
}

std::string csv_line(const AuditRow& row) {
  std::vector<AuditCell> cells;
  for (const auto& [title, value] : row) cells.push_back(value);
  return csv_line(cells);
}

std::string csv_of(std::span<const AuditRow> rows) {
  if (rows.empty()) return "";
  std::string text = csv_titles(rows.front());
  for (const AuditRow& row : rows) text += csv_line(row);
  return text;
}

}  // namespace treeproof::rpc
