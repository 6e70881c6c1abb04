// The table of mutants: which bug each one is, where it was seen, which code it changes, and which
// test is known to catch it.
// Owns text only; knows no compiler and runs no test. Callers: the program that writes the mutated
// copies, the runner. One thread.
// Source: tests/mutants/table.txt, whose head explains its words; docs/mutants.md.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace treeproof::mutants {

// `becomes` takes the place of `code`, which stands once in the file. In it MUTANT is the switch
// and ORIGINAL the code.
struct Edit {
  std::size_t line = 0;  // of the table
  std::string file;
  std::string code;
  std::string becomes;
};

struct Mutant {
  int number = 0;  // from 1, in the order of the table; 0 is the original
  std::string name;
  std::vector<int> rules;  // of docs/consensus.md
  std::string does;
  std::vector<std::string> seen;  // addresses of issues, pull requests, papers
  std::vector<Edit> edits;
  std::string caught;             // the fastest known way, as in catchers.h
  std::string profile = "mixed";  // of the seeds that look for it
};

// Refuses, with its line, whatever is not understood, missing, or said twice.
std::expected<std::vector<Mutant>, std::string> parse_table(std::string_view text);

// The source with every mutant of this file in it, each behind its switch. Refuses code that does
// not stand exactly once in the source, and edits that overlap, with the mutant's name.
std::expected<std::string, std::string> mutated_copy(std::string_view file, std::string_view source,
                                                     const std::vector<Mutant>& mutants);

}  // namespace treeproof::mutants
