#include "node/import/csv_reader.h"

#include <algorithm>
#include <istream>
#include <utility>

#include "crypto/bytes.h"

namespace treeproof::import {

namespace {

constexpr int kEnd = std::char_traits<char>::eof();

// Leaves a stream that begins otherwise as it was.
void pass_byte_order_mark(std::streambuf& in) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  std::size_t same = 0;
  while (same < kMark.size() && in.sgetc() == static_cast<unsigned char>(kMark[same])) {
    in.sbumpc();
    ++same;
  }
  if (same == kMark.size()) return;
  while (same-- > 0) in.sungetc();
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

// One record, character by character.
class RecordParser {
 public:
  explicit RecordParser(char separator) : separator_(separator) {}

  // False at the end of the record; the character that ended it is used up.
  bool accept(int c) {
    if (where_ == Where::quoted && ++bytes_ <= kCsvRowBytesMax && c != kEnd) {
      c == '"' ? void(where_ = Where::after_quote) : append(c);
      return true;
    }
    if (c == kEnd || c == '\n' || c == '\r') {
      is_good_ = is_good_ && where_ != Where::quoted;
      return false;
    }
    if (++bytes_ > kCsvRowBytesMax) return overflow();
    if (c == separator_) return end_field();
    if (c == '"') return quote();
    is_good_ = is_good_ && where_ != Where::after_quote;
    where_ = Where::plain;
    append(c);
    return true;
  }
  bool is_field_ended() const noexcept { return is_field_ended_; }
  std::string take_field() {
    is_field_ended_ = false;
    return std::exchange(field_, {});
  }
  bool is_good() const noexcept { return is_good_; }

 private:
  enum class Where : std::uint8_t { start, plain, quoted, after_quote };

  bool end_field() {
    where_ = Where::start;
    is_field_ended_ = true;
    return true;
  }
  bool quote() {
    if (where_ == Where::plain) is_good_ = false;
    if (where_ == Where::after_quote) append('"');
    if (where_ != Where::plain) where_ = Where::quoted;
    return true;
  }
  // The rest of the line is passed over.
  bool overflow() {
    is_good_ = false;
    where_ = Where::plain;
    return true;
  }
  void append(int c) {
    if (field_.size() <= kCsvCellBytesMax) field_ += static_cast<char>(c);
  }

  char separator_;
  Where where_ = Where::start;
  std::size_t bytes_ = 0;
  std::string field_;
  bool is_field_ended_ = false;
  bool is_good_ = true;
};

}  // namespace

void ColumnChoice::need(const std::string& name, std::size_t& slot) {
  names_.push_back(name);
  slots_.push_back(&slot);
}

void ColumnChoice::want(const std::optional<std::string>& name, std::optional<std::size_t>& slot) {
  if (name) need(*name, slot.emplace(0));
}

int CsvReader::take() {
  const int c = in_->rdbuf()->sbumpc();
  const bool is_lone_return = c == '\r' && in_->rdbuf()->sgetc() != '\n';
  if (c == '\n' || is_lone_return) ++line_;
  return c;
}

bool CsvReader::is_kept(std::size_t column) const noexcept {
  if (kept_.empty()) return column < kCsvColumnsMax;
  return column < kept_.size() && kept_[column];
}

bool CsvReader::read_record(CsvRow& row) {
  int c = take();
  while (c == '\n' || c == '\r') c = take();
  if (c == kEnd) return false;
  row.line = line_;
  row.cells.clear();
  std::size_t fields = 0;
  bool is_good = true;
  RecordParser parser(separator_);
  const auto end_field = [&] {
    const std::string field = parser.take_field();
    if (is_kept(fields++)) {
      is_good =
          is_good && field.size() <= kCsvCellBytesMax && crypto::is_utf8(crypto::as_bytes(field));
      row.cells.push_back(trimmed(field));
    }
  };
  while (parser.accept(c)) {
    if (parser.is_field_ended()) end_field();
    c = take();
  }
  end_field();
  const bool has_all = columns_.empty() ? fields <= kCsvColumnsMax : fields == columns_.size();
  row.form = is_good && parser.is_good() && has_all ? RowForm::good : RowForm::malformed;
  return true;
}

cli::Result<CsvReader> CsvReader::open(std::istream& in, char separator) {
  pass_byte_order_mark(*in.rdbuf());
  CsvReader reader(in, separator);
  CsvRow header;
  if (!reader.read_record(header) || header.form != RowForm::good) {
    return cli::fail("The file does not begin with a row of column names.",
                     "Give a CSV file in UTF-8 whose first row names its columns.");
  }
  reader.columns_ = std::move(header.cells);
  return reader;
}

cli::Result<std::vector<std::size_t>> CsvReader::choose(const std::vector<std::string>& names) {
  kept_.assign(columns_.size(), false);
  std::vector<std::size_t> chosen;
  for (const std::string& name : names) {
    const auto count = std::ranges::count(columns_, name);
    if (count != 1) {
      return cli::fail(
          "The column \"" + name + "\" stands " + std::to_string(count) + " times in the header.",
          "Name columns that the file has, each once.");
    }
    chosen.push_back(
        static_cast<std::size_t>(std::ranges::find(columns_, name) - columns_.begin()));
    kept_[chosen.back()] = true;
  }
  kept_count_ = static_cast<std::size_t>(std::ranges::count(kept_, true));
  for (std::size_t& column : chosen) {
    const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(column);
    column = static_cast<std::size_t>(std::count(kept_.begin(), end, true));
  }
  return chosen;
}

cli::Result<void> CsvReader::choose(const ColumnChoice& choice) {
  const auto chosen = choose(choice.names_);
  if (!chosen) return std::unexpected(chosen.error());
  for (std::size_t i = 0; i < chosen->size(); ++i) *choice.slots_[i] = (*chosen)[i];
  return {};
}

cli::Result<CsvReader> CsvReader::open(std::istream& in, char separator,
                                       const std::string& file_name, const ColumnChoice& choice) {
  auto reader = open(in, separator);
  const auto chosen = reader ? reader->choose(choice) : std::unexpected(reader.error());
  if (chosen) return reader;
  return cli::fail("\"" + file_name + "\": " + chosen.error().what, chosen.error().remedy);
}

bool CsvReader::next(CsvRow& row) {
  if (!read_record(row)) return false;
  row.cells.resize(kept_.empty() ? columns_.size() : kept_count_);
  return true;
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

}  // namespace treeproof::import
