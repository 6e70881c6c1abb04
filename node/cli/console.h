// Where a command reads and prints: results to one stream, errors and progress to another.
// Owns no stream. Every command takes one; tests give string streams. One thread.
// Source: docs/running.md "Commands".
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/cli/outcome.h"
#include "rpc/json.h"

namespace treeproof::cli {

enum class Format : std::uint8_t { text, json };

class Console {
 public:
  // Requires: the streams outlive the console. Progress is drawn on a terminal only.
  Console(std::istream& in, std::ostream& out, std::ostream& err, bool is_terminal)
      : in_(in), out_(out), err_(err), is_terminal_(is_terminal) {}

  std::istream& in() noexcept { return in_; }
  std::ostream& out() noexcept { return out_; }
  std::ostream& err() noexcept { return err_; }
  bool is_terminal() const noexcept { return is_terminal_; }

  void set_format(Format format) noexcept { format_ = format; }
  bool wants_json() const noexcept { return format_ == Format::json; }

  // One indented JSON document and a line end.
  void print_json(const rpc::Json& value);
  // Both sentences to the error stream; as JSON there too where JSON is wanted.
  ExitCode report(const Failure& failure);

 private:
  std::istream& in_;
  std::ostream& out_;
  std::ostream& err_;
  bool is_terminal_;
  Format format_ = Format::text;
};

// Rows in columns as wide as their widest cell, by code points.
class Table {
 public:
  explicit Table(std::vector<std::string> titles) : rows_{std::move(titles)} {}
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  void print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// "time           2026-03-01 10:00:00 UTC": names padded to one width.
using Facts = std::vector<std::pair<std::string, std::string>>;
void print_facts(std::ostream& out, const Facts& facts);

// A bar on the console's terminal; nothing elsewhere. Gone when destroyed.
class Progress {
 public:
  Progress(Console& console, std::string label);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  // Drawn ten times a second at the most.
  void show(std::uint64_t done, std::uint64_t of);

 private:
  Console& console_;
  std::string label_;
  std::chrono::steady_clock::time_point drawn_;
  bool is_drawn_ = false;
};

// "a, b, c".
std::string joined(std::span<const std::string> texts);
// "1,234,567".
std::string grouped(std::uint64_t value);
// "2026-03-01 10:00:00 UTC" and "2026-03-01".
std::string utc_text(std::uint64_t seconds);
std::string day_text(std::int32_t day);
// The day of "2026-03-01"; nothing of another form, or of no calendar's day.
std::optional<std::int32_t> day_of_text(std::string_view text);
// Control characters, which could forge lines or drive a terminal, become "?".
std::string printable(std::string_view text);

}  // namespace treeproof::cli
