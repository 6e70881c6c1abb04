// The house rules as functions: a tree in, findings out. An empty result means the rule holds.
// Owns no file. Called by house_test on the repository and by the rules' own tests on snippets.
// Pure. Source: docs/architecture.md. There is no list of exceptions: the code moves, not the rule.
#pragma once

#include <string>
#include <vector>

#include "tests/tidy/source_tree.h"

namespace treeproof::tidy {

using Tree = std::vector<SourceFile>;

struct Finding {
  std::string path;
  std::size_t line;
  std::string what;    // what stands there
  std::string remedy;  // what to do instead
};
using Findings = std::vector<Finding>;

// One finding a line: "path:line: what; remedy".
std::string to_text(const Findings& findings);

// Folders and includes
Findings check_closed_folders(const Tree& tree);      // C++ only where the plan has a folder
Findings check_include_directions(const Tree& tree);  // node -> rpc -> consensus -> crypto
Findings check_include_circles(const Tree& tree);     // no header reaches itself
Findings check_third_party_walls(const Tree& tree);   // each library in its folder's .cpp files
Findings check_one_beast_file(const Tree& tree);      // the costly header in one unit only
Findings check_namespaces(const Tree& tree);          // one per folder

// Purity of crypto/ and consensus/
Findings check_pure_includes(const Tree& tree);         // no header of clock, file, thread, log
Findings check_pure_calls(const Tree& tree);            // no call that asks the world
Findings check_no_floating_point(const Tree& tree);     // no float, double or 0.5
Findings check_no_mutable_statics(const Tree& tree);    // no global or static that changes
Findings check_no_exceptions_thrown(const Tree& tree);  // std::expected instead

// Shape
Findings check_file_sizes(const Tree& tree);        // header 150 lines, source 400
Findings check_function_lengths(const Tree& tree);  // 70 lines
Findings check_line_lengths(const Tree& tree);      // C++: 100 columns, no tab
Findings check_header_openings(const Tree& tree);   // comment of two lines, #pragma once
Findings check_assertions_kept(const Tree& tree);   // crypto/bytes.h refuses NDEBUG

// Names and words
Findings check_file_names(const Tree& tree);        // no util, common, misc, base, ...
Findings check_identifiers(const Tree& tree);       // no *Impl, shared_from_this, ...
Findings check_bool_rows(const Tree& tree);         // no bool parameters side by side
Findings check_unfinished_marks(const Tree& tree);  // no note of work left undone
Findings check_absolute_paths(const Tree& tree);    // nothing that exists on one machine only
Findings check_cited_pages(const Tree& tree);       // a page of docs/ that is named is there

}  // namespace treeproof::tidy
