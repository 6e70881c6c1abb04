// Names that say nothing, and words that must not stay in the code.
#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <set>

#include "tests/tidy/rules.h"

namespace treeproof::tidy {
namespace {

constexpr std::array<std::string_view, 10> kEmptyNames = {
    "util", "utils", "common", "misc", "base", "helper", "helpers", "manager", "managers", "impl"};

// The unfinished marks, in halves so that this file does not hold them.
constexpr std::array<std::string_view, 3> kMarks = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X"};
constexpr std::string_view kMachineFolder =
    "/wo"
    "rk";

// The words of a path: folders, and the parts of their names between '_', '-' and '.'.
std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '/' || c == '_' || c == '-' || c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return parts;
}

std::string objection_to(std::string_view word) {
  if (word.ends_with("Impl")) return "name the type for what it is";
  if (word == "shared_from_this" || word == "enable_shared_from_this") {
    return "give the object one owner";
  }
  if (word == "recursive_mutex" || word == "recursive_timed_mutex") {
    return "split the function that locks from the one that works";
  }
  return {};
}

}  // namespace

Findings check_file_names(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    for (const std::string& part : parts_of(file.path)) {
      if (std::ranges::find(kEmptyNames, part) == kEmptyNames.end()) continue;
      findings.push_back({file.path, 1, "the name `" + part + "` says nothing",
                          "name the file or folder for what is in it"});
    }
  }
  return findings;
}

Findings check_identifiers(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    for (const Word& word : words_of(file.code)) {
      const std::string remedy = objection_to(word.text);
      if (remedy.empty()) continue;
      findings.push_back({file.path, line_at(file.code, word.offset),
                          "the identifier " + std::string(word.text), remedy});
    }
  }
  return findings;
}

Findings check_bool_rows(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    const auto words = words_of(file.code);
    for (std::size_t i = 0; i + 2 < words.size(); ++i) {
      if (words[i].text != "bool" || words[i + 2].text != "bool") continue;
      const std::size_t name_end = words[i + 1].offset + words[i + 1].text.size();
      const std::string_view between =
          std::string_view(file.code).substr(name_end, words[i + 2].offset - name_end);
      if (trimmed(between) != ",") continue;
      findings.push_back({file.path, line_at(file.code, words[i].offset),
                          "bool parameters side by side", "use an enum, or a struct of options"});
    }
  }
  return findings;
}

Findings check_unfinished_marks(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    for (const Word& word : words_of(file.text)) {
      if (std::ranges::find(kMarks, word.text) == kMarks.end()) continue;
      findings.push_back({file.path, line_at(file.text, word.offset),
                          "the mark " + std::string(word.text),
                          "do it now, or open an issue and leave the code whole"});
    }
  }
  return findings;
}

Findings check_absolute_paths(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    const std::string_view text = file.text;
    for (std::size_t at = text.find(kMachineFolder); at != std::string_view::npos;
         at = text.find(kMachineFolder, at + 1)) {
      const char before = at == 0 ? ' ' : text[at - 1];
      const std::size_t end = at + kMachineFolder.size();
      const char after = end < text.size() ? text[end] : ' ';
      const auto is_name = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
      };
      if (is_name(before) || before == '/' || is_name(after)) continue;
      findings.push_back({file.path, line_at(text, at), "an absolute path of one machine",
                          "use a path relative to the repository, or an argument"});
    }
  }
  return findings;
}

Findings check_cited_pages(const Tree& tree) {
  namespace flags = std::regex_constants;
  constexpr std::string_view kFolder = "docs/";
  static const std::regex kPage(R"(\bdocs/[a-z_-]+\.md)");
  std::set<std::string> pages;
  for (const SourceFile& file : tree) pages.insert(file.path);
  Findings findings;
  for (const SourceFile& file : tree) {
    const std::string& text = file.text;
    for (std::size_t at = text.find(kFolder); at != text.npos; at = text.find(kFolder, at + 1)) {
      const auto from = text.begin() + static_cast<std::ptrdiff_t>(at);
      const auto here =
          flags::match_continuous | (at > 0 ? flags::match_prev_avail : flags::match_default);
      std::smatch cited;
      if (!std::regex_search(from, text.end(), cited, kPage, here)) continue;
      if (pages.contains(cited.str())) continue;
      findings.push_back({file.path, line_at(text, at), cited.str() + " is cited and not there",
                          "write it, or cite another"});
    }
  }
  return findings;
}

}  // namespace treeproof::tidy
