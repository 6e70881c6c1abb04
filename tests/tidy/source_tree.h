// The text of the repository as the rules of tests/tidy see it: files, lines, words, and C++ code
// with comments and literals blanked out. Owns no rule. Called by the rules and their tests; pure
// but for load_tree, which reads the disk. Source: docs/architecture.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace treeproof::tidy {

struct SourceFile {
  std::string path;  // from the repository's root, with forward slashes
  std::string text;
  std::string code;  // C++: as long as text, comments and contents of literals are blanks

  bool is_header() const { return path.ends_with(".h"); }
  bool is_cpp() const { return is_header() || path.ends_with(".cpp") || path.ends_with(".inc"); }
};

struct Word {
  std::string_view text;
  std::size_t offset;
};

// One file of the tree; blanks out comments and literals of C++.
SourceFile make_file(std::string path, std::string text);
// Every source file below root but for build output, dot-folders and installed packages.
std::vector<SourceFile> load_tree(const std::filesystem::path& root);

// The C++ text with comments and the contents of string and character literals as blanks; line
// breaks and the length stay.
std::string blank_literals(std::string_view text);
std::vector<std::string_view> lines_of(std::string_view text);
// The number of the line that holds an offset, from 1.
std::size_t line_at(std::string_view text, std::size_t offset);
// Identifiers, keywords and numbers, in order.
std::vector<Word> words_of(std::string_view text);
std::string_view trimmed(std::string_view text);

}  // namespace treeproof::tidy
