// How long a system test waits for what a node does. It delays no test that goes well: a wait ends
// as soon as what it waits for is there. It is long enough for sanitized nodes where cores are slow
// and shared; who needs more has hung.
// Owns nothing. Callers: the tests of real processes. Any thread. Source: docs/testing.md.
#pragma once

#include <chrono>
#include <thread>

namespace treeproof::system_test {

inline constexpr auto kPatience = std::chrono::seconds(120);

// Asks again and again; false where it does not hold within kPatience.
template <class Condition>
bool within_patience(const Condition& holds) {
  constexpr auto kPoll = std::chrono::milliseconds(5);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

}  // namespace treeproof::system_test
