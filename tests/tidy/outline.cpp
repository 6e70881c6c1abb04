#include "tests/tidy/outline.h"

#include <algorithm>
#include <array>

#include "tests/tidy/source_tree.h"

namespace treeproof::tidy {
namespace {

bool has_word(std::string_view text, std::string_view word) {
  return std::ranges::any_of(words_of(text), [&](const Word& w) { return w.text == word; });
}

std::string without_directives(std::string_view code) {
  std::string out(code);
  bool continued = false;
  for (const std::string_view line : lines_of(code)) {
    const bool is_directive = continued || trimmed(line).starts_with("#");
    continued = is_directive && line.ends_with("\\");
    if (!is_directive) continue;
    const auto at = static_cast<std::size_t>(line.data() - code.data());
    std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(at), line.size(), ' ');
  }
  return out;
}

// The text after `template <...>`, as often as it occurs in front.
std::string_view without_template(std::string_view head) {
  head = trimmed(head);
  while (head.starts_with("template") && head.find('<') != std::string_view::npos) {
    std::size_t at = head.find('<');
    int depth = 0;
    do {
      if (head[at] == '<') ++depth;
      if (head[at] == '>' && head[at - 1] != '-') --depth;
      ++at;
    } while (depth > 0 && at < head.size());
    head = trimmed(head.substr(at));
  }
  return head;
}

// The offset of the first `=` outside of brackets that assigns, or npos.
std::size_t assignment_in(std::string_view head) {
  if (has_word(head, "operator")) return std::string_view::npos;
  int depth = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const char c = head[i];
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c != '=' || depth != 0) continue;
    const bool compares = (i + 1 < head.size() && head[i + 1] == '=') ||
                          (i > 0 && std::string_view("=!<>").contains(head[i - 1]));
    if (!compares) return i;
  }
  return std::string_view::npos;
}

Body body_of(std::string_view whole_head, Scope scope) {
  const std::string_view head = without_template(whole_head);
  const auto words = words_of(head);
  if (scope == Scope::function) return Body::function;
  if (words.empty()) return Body::value;
  const std::string_view first = words.front().text;
  if (has_word(head, "namespace")) return Body::space;
  if (first == "extern" && !head.contains('(')) return Body::space;
  if (has_word(head, "operator")) return Body::function;
  if (const std::size_t at = assignment_in(head); at != std::string_view::npos) {
    return trimmed(head.substr(at + 1)).starts_with("[") ? Body::function : Body::value;
  }
  static constexpr std::array kTypeWords = {"class", "struct", "union", "enum", "typedef"};
  if (std::ranges::find(kTypeWords, first) != kTypeWords.end()) return Body::type;
  return has_parameters(head) ? Body::function : Body::value;
}

class Outliner {
 public:
  explicit Outliner(std::string_view code) : code_(code) {}

  std::vector<Piece> pieces() {
    while (at_ < code_.size()) {
      read_scope(Scope::file);
      ++at_;  // a brace that closes nothing
    }
    return std::move(pieces_);
  }

 private:
  // Reads up to the brace that closes the scope, and stays on it.
  void read_scope(Scope scope) {
    std::size_t start = at_;
    int depth = 0;
    for (; at_ < code_.size(); ++at_) {
      const char c = code_[at_];
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') --depth;
      if (c == '}') return;
      if (c == ';' && depth <= 0) {
        emit(scope, Body::none, code_.substr(start, at_ - start), start);
        start = at_ + 1;
      } else if (c == ':' && scope == Scope::type && is_access_label(start)) {
        start = at_ + 1;
      } else if (c == '{') {
        if (read_braces(scope, depth, start)) start = at_ + 1;
        if (at_ >= code_.size()) return;
      }
    }
  }

  // Reads a braced group and stays on its closing brace; true where it ends the declaration.
  bool read_braces(Scope scope, int depth, std::size_t start) {
    const std::string_view head = code_.substr(start, at_ - start);
    const Body body = depth > 0 ? Body::value : body_of(head, scope);
    ++at_;
    read_scope(body == Body::space  ? Scope::file
               : body == Body::type ? Scope::type
                                    : Scope::function);
    if (depth > 0 || (body == Body::value && scope != Scope::function)) return false;
    if (body == Body::function && scope != Scope::function && goes_on()) return false;
    emit(scope, body, head, start);
    return true;
  }

  // After `a_{1}` of a constructor's initialisers its next one or its body follows.
  bool goes_on() const {
    const std::size_t next = code_.find_first_not_of(" \t\r\n", std::min(at_ + 1, code_.size()));
    return next != std::string_view::npos && (code_[next] == ',' || code_[next] == '{');
  }

  bool is_access_label(std::size_t start) const {
    const std::string_view head = trimmed(code_.substr(start, at_ - start));
    return head == "public" || head == "private" || head == "protected";
  }

  void emit(Scope scope, Body body, std::string_view head, std::size_t start) {
    const std::string_view text = trimmed(head);
    if (text.empty()) return;
    const auto offset = start + static_cast<std::size_t>(text.data() - head.data());
    pieces_.push_back(
        {scope, body, std::string(text), line_at(code_, offset), line_at(code_, at_)});
  }

  std::string_view code_;
  std::size_t at_ = 0;
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<Piece> outline_of(std::string_view code) {
  const std::string text = without_directives(code);
  return Outliner(text).pieces();
}

std::string_view declarator_of(std::string_view head) {
  head = without_template(head);
  return trimmed(head.substr(0, assignment_in(head)));
}

bool has_parameters(std::string_view declarator) {
  int angles = 0;
  for (std::size_t i = 0; i < declarator.size(); ++i) {
    if (declarator[i] == '<') ++angles;
    if (declarator[i] == '>' && i > 0 && declarator[i - 1] != '-') --angles;
    if (declarator[i] == '(' && angles <= 0) return true;
  }
  return false;
}

}  // namespace treeproof::tidy
