// The one validator that the crash-point tests harm: its lives, what it printed in each, its files.
// Owns its process. Callers: the crash-point tests, from one thread.
// Source: docs/testing.md "Crash points"; docs/running.md "When a node stops".
#pragma once

#include "consensus/bft/guard.h"
#include "node/demo/cast.h"
#include "tests/system/crash_points/fault.h"
#include "tests/system/crash_points/traced_process.h"
#include "tests/system/patience.h"

namespace treeproof::crash_points {

using system_test::kPatience;
inline constexpr const char* kVictim = demo::kRiverNgo;

class Victim {
 public:
  Victim(std::filesystem::path binary, const demo::Cast& cast);

  // A new life. Requires: the one before has ended.
  void start();                                     // nothing wrong
  void start_watched();                             // strace looks on
  void start(const Fault& fault);                   // strace deals the fault
  void start_by(std::vector<std::string> wrapper);  // which ends with the node's command line
  std::optional<std::string> ended();
  std::optional<std::string> stop();           // gracefully
  void wait(std::chrono::milliseconds limit);  // for its end
  bool is_ready() const;
  // Ready, or how it ended before it was; nothing after kPatience.
  std::optional<std::string> wait_until_ready();
  // What it printed in this life; its last line, without the time.
  std::string printed() const;
  std::string last_line() const;
  // What strace saw, whole once the node has ended.
  Trace trace() const;

  std::vector<std::string> command() const;
  std::filesystem::path folder() const { return folder_; }
  std::filesystem::path home() const { return folder_ / "home"; }
  void wipe() { std::filesystem::remove_all(home()); }
  // The guard's states in its two slots, the newer first; a slot that does not hold is left out.
  std::vector<bft::GuardState> guard() const;
  // What `treeproof store check` says of the stopped node: its exit code, 128 where it hangs.
  int check_store() const;

 private:
  std::filesystem::path binary_;
  std::filesystem::path config_;
  std::filesystem::path folder_;
  std::filesystem::path log_;
  std::filesystem::path trace_;
  std::filesystem::path genesis_;
  std::string url_;
  std::optional<TracedProcess> process_;
  std::uintmax_t log_begin_ = 0;
};

}  // namespace treeproof::crash_points
