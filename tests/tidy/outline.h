// The outline of a C++ file: its declarations and statements with their lines, found by braces,
// brackets and semicolons alone. No compiler: it knows the habits of this code base, no more.
// Called by the rules on function length and on mutable globals. Pure. Source:
// docs/architecture.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace treeproof::tidy {

enum class Scope { file, type, function };  // where a piece stands; namespaces count as file
enum class Body { none, function, type, space, value };

struct Piece {
  Scope scope;
  Body body;
  std::string head;  // the code up to the body or the semicolon
  std::size_t first_line;
  std::size_t last_line;
};

// Takes code as blank_literals gives it.
std::vector<Piece> outline_of(std::string_view code);

// The head without its template parameters, up to a top-level `=`.
std::string_view declarator_of(std::string_view head);
// True where a parenthesis stands outside of angle brackets: a function, its call, or a macro.
bool has_parameters(std::string_view declarator);

}  // namespace treeproof::tidy
