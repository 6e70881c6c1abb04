#include "tests/mutants/table.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace treeproof::mutants {

namespace {

constexpr int kRules = 30;

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

std::vector<int> rules_in(const std::string& value) {
  std::vector<int> rules;
  std::istringstream words(value);
  for (std::string word; words >> word;) {
    int rule = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), rule);
    const bool holds =
        error == std::errc{} && end == word.data() + word.size() && rule >= 1 && rule <= kRules;
    if (!holds) return {};
    rules.push_back(rule);
  }
  return rules;
}

// Reads one line after the other; the complaint is empty while all is well.
class Reader {
 public:
  void read(const std::string& line) {
    ++line_;
    const std::string text = trimmed(line);
    if (text.empty() || text.starts_with('#') || !complaint_.empty()) return;
    const std::size_t space = text.find(' ');
    const std::string key = text.substr(0, space);
    const std::string value = space == std::string::npos ? "" : trimmed(text.substr(space));
    if (value.empty()) return complain("nothing follows `" + key + "`");
    if (key == "mutant") return begin(value);
    if (mutants_.empty()) return complain("it does not begin with `mutant`");
    take(mutants_.back(), key, value);
  }

  std::expected<std::vector<Mutant>, std::string> finish() {
    check_last();
    if (complaint_.empty() && mutants_.empty()) complain("it is empty");
    if (!complaint_.empty()) return std::unexpected(complaint_);
    return std::move(mutants_);
  }

 private:
  void complain(const std::string& what) {
    if (complaint_.empty()) complaint_ = "line " + std::to_string(line_) + ": " + what;
  }

  void begin(const std::string& name) {
    check_last();
    if (std::ranges::find(mutants_, name, &Mutant::name) != mutants_.end()) {
      return complain("a second " + name);
    }
    Mutant& mutant = mutants_.emplace_back();
    mutant.number = static_cast<int>(mutants_.size());
    mutant.name = name;
  }

  void once(std::string& place, const std::string& value) {
    if (!place.empty()) return complain("said twice: " + value);
    place = value;
  }

  void take(Mutant& mutant, const std::string& key, const std::string& value) {
    if (key == "rule") {
      mutant.rules = rules_in(value);
      if (mutant.rules.empty()) complain("no rule: " + value);
    } else if (key == "does") {
      once(mutant.does, value);
    } else if (key == "seen") {
      mutant.seen.push_back(value);
    } else if (key == "in") {
      mutant.edits.push_back({line_, value, {}, {}});
    } else if (key == "caught") {
      once(mutant.caught, value);
    } else if (key == "seeds") {
      mutant.profile = value;
    } else if ((key == "code" || key == "becomes") && !mutant.edits.empty()) {
      once(key == "code" ? mutant.edits.back().code : mutant.edits.back().becomes, value);
    } else {
      complain("unknown here: `" + key + "`");
    }
  }

  void check_last() {
    if (mutants_.empty()) return;
    const Mutant& mutant = mutants_.back();
    const auto is_whole = [](const Edit& edit) {
      return !edit.code.empty() && edit.becomes.find("MUTANT") != std::string::npos;
    };
    const bool whole = !mutant.rules.empty() && !mutant.does.empty() && !mutant.seen.empty() &&
                       !mutant.caught.empty() && !mutant.edits.empty() &&
                       std::ranges::all_of(mutant.edits, is_whole);
    if (!whole) complain("the mutant before lacks something: " + mutant.name);
  }

  std::vector<Mutant> mutants_;
  std::size_t line_ = 0;
  std::string complaint_;
};

std::string replaced(std::string text, std::string_view word, std::string_view by) {
  for (std::size_t at = text.find(word); at != std::string::npos;
       at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
  return text;
}

// A piece of the source, with the text that takes its place.
struct Piece {
  std::size_t at = 0;
  std::string code;
  std::string text;
};

// Collects the pieces of one file, and every complaint about them.
class Copying {
 public:
  Copying(std::string_view file, std::string_view source) : file_(file), source_(source) {}

  void change(const Mutant& mutant, const Edit& edit) {
    const std::size_t at = source_.find(edit.code);
    if (at == std::string_view::npos) return complain(mutant, edit, "stands nowhere");
    if (source_.find(edit.code, at + 1) != std::string_view::npos) {
      return complain(mutant, edit, "stands more than once");
    }
    auto piece = std::ranges::find(pieces_, edit.code, &Piece::code);
    if (piece == pieces_.end()) {
      if (overlaps(at, edit.code.size())) return complain(mutant, edit, "overlaps another's");
      piece = pieces_.insert(pieces_.end(), {at, edit.code, edit.code});
    }
    const std::string is_active =
        "::treeproof::mutants::is_active(" + std::to_string(mutant.number) + ")";
    piece->text = replaced(replaced(edit.becomes, "ORIGINAL", piece->text), "MUTANT", is_active);
  }

  std::expected<std::string, std::string> finish() {
    if (!complaints_.empty()) return std::unexpected(complaints_);
    std::ranges::sort(pieces_, std::ranges::greater{}, &Piece::at);
    std::string copy(source_);
    for (const Piece& piece : pieces_) copy.replace(piece.at, piece.code.size(), piece.text);
    return "#include \"tests/mutants/active.h\"\n#line 1 \"" + std::string(file_) + "\"\n" + copy;
  }

 private:
  bool overlaps(std::size_t at, std::size_t size) const {
    return std::ranges::any_of(pieces_, [&](const Piece& other) {
      return at < other.at + other.code.size() && other.at < at + size;
    });
  }

  void complain(const Mutant& mutant, const Edit& edit, const char* what) {
    complaints_ += "the mutant " + mutant.name + " does not apply: its code " + what + " in " +
                   edit.file + " (table.txt:" + std::to_string(edit.line) + "): " + edit.code +
                   "\n";
  }

  std::string_view file_;
  std::string_view source_;
  std::vector<Piece> pieces_;
  std::string complaints_;
};

}  // namespace

std::expected<std::vector<Mutant>, std::string> parse_table(std::string_view text) {
  Reader reader;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) reader.read(line);
  return reader.finish();
}

std::expected<std::string, std::string> mutated_copy(std::string_view file, std::string_view source,
                                                     const std::vector<Mutant>& mutants) {
  Copying copying(file, source);
  for (const Mutant& mutant : mutants) {
    for (const Edit& edit : mutant.edits) {
      if (edit.file == file) copying.change(mutant, edit);
    }
  }
  return copying.finish();
}

}  // namespace treeproof::mutants
