// mutants_copy: writes the copy of one source file in which every mutant of the table waits.
// Source: docs/mutants.md.
#include <fstream>
#include <iostream>
#include <sstream>

#include "tests/mutants/table.h"

namespace {

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

// A copy that is as it was keeps its time, so that nothing is compiled again.
int main(int count, char** texts) {
  if (count != 5) {
    std::cerr << "mutants_copy TABLE ROOT FILE COPY\n";
    return 2;
  }
  const std::string file = texts[3];
  const auto mutants = treeproof::mutants::parse_table(text_of(texts[1]));
  if (!mutants) {
    std::cerr << texts[1] << ": " << mutants.error() << "\n";
    return 1;
  }
  const std::string source = text_of(std::string(texts[2]) + "/" + file);
  const auto copy = treeproof::mutants::mutated_copy(file, source, *mutants);
  if (!copy) {
    std::cerr << copy.error();
    return 1;
  }
  if (text_of(texts[4]) != *copy) std::ofstream(texts[4]) << *copy;
  return 0;
}
