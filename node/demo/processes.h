// The demo's nodes: real processes of this very program, each with its own log file.
// Owns the children: they end with it. Caller: demo. One thread.
// Source: docs/running.md "The demo".
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "node/cli/outcome.h"

namespace treeproof::demo {

class Processes {
 public:
  // `program` is this one unless told otherwise (tests).
  explicit Processes(std::filesystem::path program = "/proc/self/exe")
      : program_(std::move(program)) {}
  ~Processes();  // stops
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;

  // Starts `treeproof node --config FILE`, its output going to `log`.
  cli::Result<void> start(const std::string& name, const std::filesystem::path& config,
                          const std::filesystem::path& log);
  // The first child that has ended by itself, with where to read why.
  cli::Result<void> check();
  // SIGKILL to one, as a power cut would; it may be started again.
  void cut_power(const std::string& name);
  std::vector<pid_t> pids() const;
  // SIGTERM to all, then waits; SIGKILL to what is left after ten seconds.
  void stop();

 private:
  struct Child {
    std::string name;
    std::filesystem::path log;
    pid_t pid = 0;
  };
  std::filesystem::path program_;
  std::vector<Child> children_;
};

}  // namespace treeproof::demo
