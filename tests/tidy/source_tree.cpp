#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>

namespace treeproof::tidy {
namespace {

bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// True where the quote at `at` separates the digits of a number, as in 65'535.
bool separates_digits(std::string_view text, std::size_t at) {
  std::size_t start = at;
  while (start > 0 && (is_word_char(text[start - 1]) || text[start - 1] == '\'')) --start;
  return start < at && std::isdigit(static_cast<unsigned char>(text[start])) != 0;
}

bool opens_raw_string(std::string_view text, std::size_t at) {
  if (at == 0 || text[at - 1] != 'R') return false;
  std::size_t start = at - 1;
  while (start > 0 && is_word_char(text[start - 1])) --start;
  const std::string_view prefix = text.substr(start, at - start);
  return prefix == "R" || prefix == "u8R" || prefix == "uR" || prefix == "UR" || prefix == "LR";
}

void blank(std::string& code, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, code.size()); ++i) {
    if (code[i] != '\n') code[i] = ' ';
  }
}

std::size_t end_of(std::string_view text, std::string_view closing, std::size_t from) {
  const std::size_t found = text.find(closing, from);
  return found == std::string_view::npos ? text.size() : found;
}

// The offset of the quote that closes the one at `at`, or of the line's end where none does.
std::size_t closing_quote(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[at] || text[i] == '\n') {
      return i;
    }
  }
  return text.size();
}

bool is_skipped_folder(const std::string& name) {
  return name == "build" || name == "node_modules" || name == "dist" ||
         (name.starts_with(".") && name != ".ci");
}

bool is_read(const std::filesystem::path& path) {
  static constexpr std::array kExtensions = {".h",        ".inc", ".cpp", ".cmake", ".ts",
                                             ".tsx",      ".js",  ".mjs", ".py",    ".sh",
                                             ".scenario", ".md",  ".css"};
  const std::string name = path.filename().string();
  return name == "CMakeLists.txt" || name == "run" ||
         std::ranges::find(kExtensions, path.extension().string()) != kExtensions.end();
}

}  // namespace

std::string blank_literals(std::string_view text) {
  std::string code(text);
  std::size_t i = 0;
  while (i < text.size()) {
    const std::string_view rest = text.substr(i);
    std::size_t end = i + 1;
    if (rest.starts_with("//")) {
      end = end_of(text, "\n", i);
      blank(code, i, end);
    } else if (rest.starts_with("/*")) {
      end = end_of(text, "*/", i + 2) + 2;
      blank(code, i, end);
    } else if (text[i] == '"' && opens_raw_string(text, i)) {
      const std::size_t open = end_of(text, "(", i);
      const std::string closing = ")" + std::string(text.substr(i + 1, open - i - 1)) + "\"";
      end = end_of(text, closing, open) + closing.size();
      blank(code, i + 1, end - 1);
    } else if (text[i] == '"' || (text[i] == '\'' && !separates_digits(text, i))) {
      end = closing_quote(text, i) + 1;
      blank(code, i + 1, end - 1);
    }
    i = end;
  }
  return code;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of(text, "\n", at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  std::size_t line = 1;
  for (std::size_t at = text.find('\n'); at < offset; at = text.find('\n', at + 1)) ++line;
  return line;
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    while (i < text.size() && is_word_char(text[i])) ++i;
    if (i > start) words.push_back({text.substr(start, i - start), start});
    if (i == start) ++i;
  }
  return words;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

SourceFile make_file(std::string path, std::string text) {
  SourceFile file{std::move(path), std::move(text), {}};
  if (file.is_cpp()) file.code = blank_literals(file.text);
  return file;
}

std::vector<SourceFile> load_tree(const std::filesystem::path& root) {
  namespace fs = std::filesystem;
  std::vector<SourceFile> tree;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
    if (entry->is_directory()) {
      if (is_skipped_folder(entry->path().filename().string())) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || !is_read(entry->path())) continue;
    std::ifstream in(entry->path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    tree.push_back(make_file(fs::relative(entry->path(), root).generic_string(), std::move(text)));
  }
  std::ranges::sort(tree, {}, &SourceFile::path);
  return tree;
}

}  // namespace treeproof::tidy
