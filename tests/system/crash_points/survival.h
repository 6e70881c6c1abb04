// One case: a node is harmed in one life or in two, then lives on an honest disk again; what it did
// in each of them.
// Owns nothing. Callers: the crash-point tests, from one thread.
// Source: docs/testing.md "Crash points"; docs/running.md "When a node stops".
#pragma once

#include <gtest/gtest.h>

#include "tests/system/crash_points/consortium.h"

namespace treeproof::crash_points {

enum class Home : std::uint8_t {
  used,  // as the last case left it
  empty  // the node begins anew, with its key and guard
};

struct Case {
  Home home = Home::used;
  std::vector<Fault> lives;  // each harmed by one fault
};
std::string to_string(const Case& chosen);

struct Outcome {
  std::vector<std::string> ends;       // of the harmed lives: "SIGKILL", "exit 2", "went on", ...
  std::vector<std::string> hits;       // files
  std::vector<std::string> sentences;  // the last lines of those that stopped by themselves
  std::string recovery = "none";       // "unaided", or the tool that it named
};

// Expects, in GoogleTest's way, all that the page says of a crash point.
Outcome survive(Consortium& consortium, const Case& chosen);
// How many calls of each kind a node makes from its start through a few records.
Trace measure(Consortium& consortium, Home home);
// Starts the stopped victim on an honest disk and expects all of the above; says how it recovered.
std::string recover(Consortium& consortium);

}  // namespace treeproof::crash_points
