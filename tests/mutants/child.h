// Runs something in a child process with one mutant switched on, so that an assertion, a crash, a
// hang or a flood of memory ends the child and not the runner.
// Owns the child. Caller: catchers. One thread. Source: docs/mutants.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace treeproof::mutants {

// What the child tells while it runs, in memory that both see.
class Progress {
 public:
  explicit Progress(std::uint64_t& steps) : steps_(steps) {}
  // Another step begins; it has the processor time of one test.
  void step();

 private:
  std::uint64_t& steps_;
};

struct Ending {
  bool caught = false;
  std::string how;          // "fails", "assertion", "crash", "hangs"
  std::uint64_t steps = 0;  // that began
  double seconds = 0;
  std::string output;  // the end of what it wrote
};

// The body says whether all is well.
Ending in_child(int mutant, const std::function<bool(Progress&)>& body);

}  // namespace treeproof::mutants
