// What crypto/ and consensus/ must not touch: the same inputs give the same outputs everywhere.
#include <algorithm>
#include <array>
#include <cctype>

#include "tests/tidy/outline.h"
#include "tests/tidy/rules.h"

namespace treeproof::tidy {
namespace {

bool is_consensus(const SourceFile& file) {
  return file.is_cpp() && file.path.starts_with("consensus/");
}
bool is_pure(const SourceFile& file) {
  return is_consensus(file) || (file.is_cpp() && file.path.starts_with("crypto/"));
}

constexpr std::array<std::string_view, 36> kWorldlyHeaders = {
    "thread",     "mutex",      "shared_mutex", "condition_variable",
    "atomic",     "future",     "semaphore",    "barrier",
    "latch",      "stop_token", "execution",    "coroutine",
    "fstream",    "iostream",   "ostream",      "istream",
    "syncstream", "cstdio",     "stdio.h",      "print",
    "filesystem", "chrono",     "ctime",        "time.h",
    "random",     "csignal",    "signal.h",     "locale",
    "clocale",    "locale.h",   "cmath",        "math.h",
    "cfloat",     "float.h",    "numbers",      "cfenv"};

// Functions that ask the world for a fact, or tell it one.
constexpr std::array<std::string_view, 20> kWorldlyCalls = {"rand",
                                                            "srand",
                                                            "getenv",
                                                            "secure_getenv",
                                                            "setenv",
                                                            "system",
                                                            "localtime",
                                                            "gmtime",
                                                            "strftime",
                                                            "gettimeofday",
                                                            "clock_gettime",
                                                            "printf",
                                                            "fprintf",
                                                            "puts",
                                                            "fopen",
                                                            "randombytes",
                                                            "randombytes_buf",
                                                            "RAND_bytes",
                                                            "RAND_priv_bytes",
                                                            "getrandom"};

bool is_called(std::string_view code, const Word& word) {
  const std::size_t after = code.find_first_not_of(" \t\n", word.offset + word.text.size());
  if (after == std::string_view::npos || code[after] != '(') return false;
  if (word.offset == 0) return true;
  const char before = code[word.offset - 1];
  return before != '.' && before != '>';
}

// time(nullptr) and its like; a member named time() is no call of the clock.
bool asks_the_clock(std::string_view code, const Word& word) {
  if (word.text != "time" || !is_called(code, word)) return false;
  const std::size_t open = code.find('(', word.offset);
  const std::string_view argument = trimmed(code.substr(open + 1, code.find(')', open) - open - 1));
  return argument == "nullptr" || argument == "NULL" || argument == "0" ||
         argument.starts_with("&");
}

bool is_fraction(std::string_view code, const Word& word) {
  const std::size_t end = word.offset + word.text.size();
  return std::isdigit(static_cast<unsigned char>(word.text.front())) != 0 &&
         end + 1 < code.size() && code[end] == '.' &&
         std::isdigit(static_cast<unsigned char>(code[end + 1])) != 0;
}

bool has_word(std::string_view text, std::string_view word) {
  return std::ranges::any_of(words_of(text), [&](const Word& w) { return w.text == word; });
}

// True where the variable itself cannot change: `const char*` can, `char* const` cannot.
bool is_constant(std::string_view declarator) {
  if (has_word(declarator, "constexpr") || has_word(declarator, "consteval")) return true;
  int angles = 0;
  std::size_t last_star = 0;
  for (std::size_t i = 0; i < declarator.size(); ++i) {
    if (declarator[i] == '<') ++angles;
    if (declarator[i] == '>') --angles;
    if (declarator[i] == '*' && angles == 0) last_star = i;
  }
  return has_word(declarator.substr(last_star), "const");
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_mutable_static(const Piece& piece) {
  const std::string_view declarator = declarator_of(piece.head);
  const auto words = words_of(declarator);
  if (words.empty() || has_word(declarator, "operator") || has_word(declarator, "typedef")) {
    return false;
  }
  const std::string_view first = words.front().text;
  const bool is_static = is_one_of(first, {"static", "thread_local", "inline"}) &&
                         (has_word(declarator, "static") || has_word(declarator, "thread_local"));
  if (piece.scope == Scope::function) {
    return is_static && !is_constant(declarator.substr(0, declarator.find('(')));
  }
  if (piece.body == Body::function || piece.body == Body::type || piece.body == Body::space) {
    return false;
  }
  if (has_parameters(declarator)) return false;
  if (piece.scope == Scope::type) return is_static && !is_constant(declarator);
  const bool declares_no_variable =
      is_one_of(first, {"using", "namespace", "friend", "static_assert", "class", "struct", "union",
                        "enum", "concept", "requires", "template"});
  return !declares_no_variable && !is_constant(declarator);
}

}  // namespace

Findings check_pure_includes(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!is_pure(file)) continue;
    const auto lines = lines_of(file.code);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string_view line = trimmed(lines[i]);
      const std::size_t open = line.find('<');
      if (!line.starts_with("#") || !has_word(line, "include") || open == line.npos) continue;
      const std::string name(line.substr(open + 1, line.find('>') - open - 1));
      const bool worldly = std::ranges::find(kWorldlyHeaders, name) != kWorldlyHeaders.end();
      const bool unordered = name.starts_with("unordered_") && is_consensus(file);
      if (worldly) {
        findings.push_back({file.path, i + 1, "#include <" + name + "> in pure code",
                            "pass the fact in as an argument, or return an effect"});
      } else if (unordered) {
        findings.push_back({file.path, i + 1, "#include <" + name + "> in consensus/",
                            "its order differs between machines: use std::map or a sorted vector"});
      }
    }
  }
  return findings;
}

Findings check_pure_calls(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!is_pure(file)) continue;
    for (const Word& word : words_of(file.code)) {
      const bool worldly = std::ranges::find(kWorldlyCalls, word.text) != kWorldlyCalls.end() &&
                           is_called(file.code, word);
      if (!worldly && !asks_the_clock(file.code, word)) continue;
      findings.push_back({file.path, line_at(file.code, word.offset),
                          std::string(word.text) + "() in pure code",
                          "pass the fact in as an argument, or return an effect"});
    }
  }
  return findings;
}

Findings check_no_floating_point(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!is_pure(file)) continue;
    for (const Word& word : words_of(file.code)) {
      const bool floats = word.text == "float" || word.text == "double";
      if (!floats && !is_fraction(file.code, word)) continue;
      findings.push_back({file.path, line_at(file.code, word.offset),
                          "floating point (" + std::string(word.text) + ") in pure code",
                          "use integers in the units of docs/ledger.md"});
    }
  }
  return findings;
}

Findings check_no_mutable_statics(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!is_pure(file)) continue;
    for (const Piece& piece : outline_of(file.code)) {
      if (!is_mutable_static(piece)) continue;
      findings.push_back({file.path, piece.first_line,
                          "a global or static that can change: " + piece.head,
                          "make it const, a member, or an argument"});
    }
  }
  return findings;
}

Findings check_no_exceptions_thrown(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!is_pure(file)) continue;
    for (const Word& word : words_of(file.code)) {
      if (word.text != "throw") continue;
      findings.push_back({file.path, line_at(file.code, word.offset), "throw in pure code",
                          "return std::expected for bad input, assert for our own bug"});
    }
  }
  return findings;
}

}  // namespace treeproof::tidy
