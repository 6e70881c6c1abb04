// A CSV file as a stream of rows, of which the chosen columns alone are ever kept.
// Owns no meaning of a column and no file. Callers: the intakes, species list, book of ids. One
// thread. Source: RFC 4180; docs/importing.md "CSV". Fields may be quoted and hold line ends; a
// byte order mark and blank lines are passed over.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "node/cli/outcome.h"

namespace treeproof::import {

inline constexpr std::size_t kCsvColumnsMax = 1'024;
inline constexpr std::size_t kCsvCellBytesMax = 4'096;    // of a cell that is kept
inline constexpr std::size_t kCsvRowBytesMax = 1u << 20;  // then a quote is taken for unclosed

enum class RowForm : std::uint8_t {
  good,
  malformed,  // other than the header's number of fields, a stray quote, not UTF-8, too long
};

struct CsvRow {
  std::uint64_t line = 0;  // where the row begins; the first line of a file is 1
  RowForm form{};
  std::vector<std::string> cells;  // of the chosen columns, trimmed; by the slots of choose()
};

// The columns that somebody reads, each with the place that is told its slot in CsvRow::cells.
// Requires: those places outlive the choice.
class ColumnChoice {
 public:
  void need(const std::string& name, std::size_t& slot);
  // Nothing where no column is named.
  void want(const std::optional<std::string>& name, std::optional<std::size_t>& slot);

 private:
  friend class CsvReader;
  std::vector<std::string> names_;
  std::vector<std::size_t*> slots_;
};

class CsvReader {
 public:
  // Reads the header. Refuses a file without one. Requires: the stream outlives the reader.
  static cli::Result<CsvReader> open(std::istream& in, char separator);
  // The same and the choice; what it refuses begins with the file's name.
  static cli::Result<CsvReader> open(std::istream& in, char separator, const std::string& file_name,
                                     const ColumnChoice& choice);

  const std::vector<std::string>& columns() const noexcept { return columns_; }
  // The slot of each name in CsvRow::cells; a name may stand twice. Refuses a column that the
  // header lacks or has twice.
  cli::Result<std::vector<std::size_t>> choose(const std::vector<std::string>& names);
  cli::Result<void> choose(const ColumnChoice& choice);
  // False at the end of the file. Cells of a malformed row are what could be read, padded.
  bool next(CsvRow& row);

 private:
  CsvReader(std::istream& in, char separator) : in_(&in), separator_(separator) {}
  int take();
  bool read_record(CsvRow& row);
  bool is_kept(std::size_t column) const noexcept;

  std::istream* in_;
  char separator_;
  std::uint64_t line_ = 1;
  std::vector<std::string> columns_;
  std::vector<bool> kept_;  // by column; empty while the header is read: all
  std::size_t kept_count_ = 0;
};

// A cell as a file has it: quoted where it must be, and read back as it was. For people's
// spreadsheets there is rpc/csv.h.
std::string csv_cell(const std::string& text);

}  // namespace treeproof::import
