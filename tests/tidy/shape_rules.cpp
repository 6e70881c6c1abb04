// How long a file, a function and a line may be, and how a header opens.
#include <algorithm>

#include "tests/tidy/outline.h"
#include "tests/tidy/rules.h"

namespace treeproof::tidy {
namespace {

constexpr std::size_t kHeaderLinesMax = 150;
constexpr std::size_t kSourceLinesMax = 400;
constexpr std::size_t kFunctionLinesMax = 70;
constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kOpeningLinesMin = 2;

std::size_t columns_of(std::string_view line) {
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::ranges::count_if(line, is_start));
}

}  // namespace

std::string to_text(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.path + ":" + std::to_string(finding.line) + ": " + finding.what + "; " +
            finding.remedy + "\n";
  }
  return text;
}

Findings check_file_sizes(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    const std::size_t lines = lines_of(file.text).size();
    const std::size_t lines_max = file.is_header() ? kHeaderLinesMax : kSourceLinesMax;
    if (lines <= lines_max) continue;
    findings.push_back({file.path, lines,
                        std::to_string(lines) + " lines, at most " + std::to_string(lines_max),
                        "split the file by meaning"});
  }
  return findings;
}

Findings check_function_lengths(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    for (const Piece& piece : outline_of(file.code)) {
      if (piece.scope == Scope::function || piece.body != Body::function) continue;
      const std::size_t lines = piece.last_line - piece.first_line + 1;
      if (lines <= kFunctionLinesMax) continue;
      findings.push_back({file.path, piece.first_line,
                          "a function of " + std::to_string(lines) + " lines, at most " +
                              std::to_string(kFunctionLinesMax),
                          "give its steps names"});
    }
  }
  return findings;
}

Findings check_line_lengths(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (columns_of(lines[i]) > kColumnsMax) {
        findings.push_back({file.path, i + 1,
                            std::to_string(columns_of(lines[i])) + " columns, at most " +
                                std::to_string(kColumnsMax),
                            "break the line (./run format)"});
      }
      if (lines[i].contains('\t')) {
        findings.push_back({file.path, i + 1, "a tab", "indent by spaces (./run format)"});
      }
    }
  }
  return findings;
}

Findings check_header_openings(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_header()) continue;
    const auto lines = lines_of(file.text);
    std::size_t opening = 0;
    std::size_t next = 0;
    for (; next < lines.size() && lines[next].starts_with("//"); ++next) {
      if (lines[next].starts_with("// ")) ++opening;
    }
    while (next < lines.size() && trimmed(lines[next]).empty()) ++next;
    if (opening < kOpeningLinesMin) {
      findings.push_back({file.path, 1, "the header's opening comment is missing or one line",
                          "say what it is, what it does not own, who calls it, its thread rule"});
    } else if (next == lines.size() || trimmed(lines[next]) != "#pragma once") {
      findings.push_back({file.path, next + 1, "#pragma once does not follow the opening comment",
                          "put it right after the comment"});
    }
  }
  return findings;
}

Findings check_assertions_kept(const Tree& tree) {
  const std::string guarded = "crypto/bytes.h";
  for (const SourceFile& file : tree) {
    if (file.path != guarded) continue;
    const std::size_t guard = file.code.find("#ifdef NDEBUG\n#error");
    if (guard != std::string::npos) return {};
  }
  return {{guarded, 1, "a build with NDEBUG is not refused",
           "let the header that everyone includes say `#ifdef NDEBUG` and `#error`"}};
}

}  // namespace treeproof::tidy
