#include "node/cli/console.h"

#include <algorithm>
#include <charconv>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "crypto/bytes.h"
#include "rpc/json_reader.h"

namespace treeproof::cli {

namespace {

std::size_t columns_of(std::string_view text) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  return static_cast<std::size_t>(std::ranges::count_if(text, starts));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t columns = columns_of(text);
  return columns < width ? text + std::string(width - columns, ' ') : text;
}

std::string sentence(const std::string& text) { return text.ends_with('.') ? text : text + "."; }

}  // namespace

void Console::print_json(const rpc::Json& value) { out_ << rpc::to_pretty_text(value) << '\n'; }

ExitCode Console::report(const Failure& failure) {
  const std::string what = sentence(failure.what);
  if (wants_json()) {
    const rpc::Json error = {{"error", what}, {"remedy", failure.remedy}};
    err_ << rpc::to_text(error) << '\n';
  } else {
    err_ << printable(what) << '\n' << printable(failure.remedy) << '\n';
  }
  return failure.code;
}

void Table::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  }
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i + 1 < row.size() ? padded(row[i], widths[i]) + "  " : row[i];
    }
    out << printable(line) << '\n';
  }
}

void print_facts(std::ostream& out, const Facts& facts) {
  std::size_t width = 0;
  for (const auto& [name, value] : facts) width = std::max(width, columns_of(name));
  for (const auto& [name, value] : facts) {
    out << printable(padded(name, width) + "  " + value) << '\n';
  }
}

Progress::Progress(Console& console, std::string label)
    : console_(console), label_(std::move(label)) {}

Progress::~Progress() {
  if (is_drawn_) console_.err() << "\r\033[K" << std::flush;
}

void Progress::show(std::uint64_t done, std::uint64_t of) {
  if (!console_.is_terminal() || of == 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (is_drawn_ && done < of && now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  is_drawn_ = true;
  constexpr std::uint64_t kCells = 30;
  const std::uint64_t filled = std::min(done, of) * kCells / of;
  console_.err() << '\r' << label_ << " [" << std::string(filled, '#')
                 << std::string(kCells - filled, '.') << "] " << grouped(done) << " / "
                 << grouped(of) << "\033[K" << std::flush;
}

std::string joined(std::span<const std::string> texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string utc_text(std::uint64_t seconds) {
  using namespace std::chrono;
  constexpr std::uint64_t kSecondsPerDay = 86'400;
  const hh_mm_ss time{std::chrono::seconds{seconds % kSecondsPerDay}};
  std::string text = day_text(static_cast<std::int32_t>(seconds / kSecondsPerDay));
  const auto two = [](auto count) { return (count < 10 ? "0" : "") + std::to_string(count); };
  text += " " + two(time.hours().count()) + ":" + two(time.minutes().count());
  return text + ":" + two(time.seconds().count()) + " UTC";
}

std::string day_text(std::int32_t day) {
  using namespace std::chrono;
  const year_month_day date{sys_days{days{day}}};
  const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return std::to_string(static_cast<int>(date.year())) + "-" +
         two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
}

std::optional<std::int32_t> day_of_text(std::string_view text) {
  using namespace std::chrono;
  const auto number = [text](std::size_t from, std::size_t count) {
    std::uint32_t value = 0;
    const std::string_view digits = text.substr(from, count);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return read.ec == std::errc{} && read.ptr == digits.data() + digits.size() ? value : 0;
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const year_month_day date{year{static_cast<int>(number(0, 4))}, month{number(5, 2)},
                            day{number(8, 2)}};
  if (!date.ok() || date.year() < year{1}) return std::nullopt;
  return static_cast<std::int32_t>(sys_days{date}.time_since_epoch().count());
}

std::string printable(std::string_view text) {
  std::string shown(text);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::ranges::replace_if(shown, is_control, '?');
  return crypto::is_utf8(crypto::as_bytes(shown)) ? shown : "(not UTF-8)";
}

}  // namespace treeproof::cli
