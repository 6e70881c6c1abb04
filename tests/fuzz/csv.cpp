#include <algorithm>
#include <cassert>
#include <sstream>

#include "node/import/csv_reader.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // the good ones
};

// The columns that can be chosen: those whose name stands once.
std::vector<std::string> chosen_of(const std::vector<std::string>& columns) {
  std::vector<std::string> chosen;
  for (const std::string& column : columns) {
    if (std::ranges::count(columns, column) == 1) chosen.push_back(column);
  }
  return chosen;
}

std::optional<Table> read(std::string text, char separator) {
  std::istringstream in(std::move(text));
  auto reader = import::CsvReader::open(in, separator);
  if (!reader) return std::nullopt;
  Table table{chosen_of(reader->columns()), {}};
  const auto slots = reader->choose(table.columns);
  assert(slots && slots->size() == table.columns.size());
  import::CsvRow row;
  std::uint64_t line = 0;
  while (reader->next(row)) {
    assert(row.line > line);
    line = row.line;
    if (row.form != import::RowForm::good) continue;
    auto& cells = table.rows.emplace_back();
    for (const std::size_t slot : *slots) cells.push_back(row.cells.at(slot));
    for (const std::string& cell : cells) {
      assert(cell.size() <= import::kCsvCellBytesMax && crypto::is_utf8(crypto::as_bytes(cell)));
    }
  }
  return table;
}

std::string quoted(const std::vector<std::string>& cells, char separator) {
  std::string line;
  for (const std::string& cell : cells) {
    if (!line.empty()) line += separator;
    line += '"';
    for (const char c : cell) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\r\n";
}

}  // namespace

int fuzz_csv(crypto::ByteSpan input) {
  constexpr std::string_view kSeparators = ",;|\t";
  if (input.empty()) return kRefused;
  const char separator = kSeparators[input.front() % kSeparators.size()];
  const auto table = read(std::string(crypto::as_text(input.subspan(1))), separator);
  if (!table) return kRefused;
  if (table->rows.empty() || table->columns.empty()) return kTaken;
  // What was kept, written as RFC 4180 says, is read the same.
  std::string text = quoted(table->columns, separator);
  for (const auto& row : table->rows) text += quoted(row, separator);
  const auto again = read(std::move(text), separator);
  assert(again && again->columns == table->columns && again->rows == table->rows);
  return kTaken;
}

}  // namespace treeproof::fuzz
