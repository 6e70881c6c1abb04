// One process of the program under test, alone or under strace, which then starts it and stays
// behind it: the process is this one's child either way.
// Owns the child: it ends with it. Callers: the crash-point tests. One thread.
// Source: docs/testing.md "Crash points".
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace treeproof::crash_points {

class TracedProcess {
 public:
  // `arguments` begins with the program, looked up in $PATH where it has no slash. What it prints
  // is appended to `log`. Empty where it cannot be started.
  static std::optional<TracedProcess> start(std::vector<std::string> arguments,
                                            const std::filesystem::path& log);
  TracedProcess(TracedProcess&& other) noexcept;
  TracedProcess& operator=(TracedProcess&& other) noexcept;
  ~TracedProcess();  // SIGKILL to it and its children where it still runs

  // How it ended: "exit 2", "SIGKILL"; nothing while it runs.
  std::optional<std::string> ended();
  std::optional<std::string> wait(std::chrono::milliseconds limit);
  bool is_over() const { return ended_.has_value(); }  // as ended() or wait() found
  // SIGTERM, then wait.
  std::optional<std::string> stop(std::chrono::milliseconds limit);

 private:
  explicit TracedProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_ = 0;
  std::optional<std::string> ended_;
};

// In what is started from now on: a leak checker stops where somebody traces already.
void turn_leak_checks_off();
// Why strace cannot trace here; empty where it can.
std::string why_no_strace(const std::filesystem::path& folder);

}  // namespace treeproof::crash_points
