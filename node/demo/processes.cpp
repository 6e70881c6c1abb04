#include "node/demo/processes.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <thread>

extern char** environ;  // POSIX: the environment that children inherit

namespace treeproof::demo {

namespace {

constexpr auto kGrace = std::chrono::seconds(10);

}  // namespace

Processes::~Processes() { stop(); }

cli::Result<void> Processes::start(const std::string& name, const std::filesystem::path& config,
                                   const std::filesystem::path& log) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  // A group of their own: Ctrl-C reaches the demo alone, which then ends them in order.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::string command = "treeproof";
  std::string verb = "node";
  std::string flag = "--config";
  std::string file = config.string();
  char* arguments[] = {command.data(), verb.data(), flag.data(), file.data(), nullptr};
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program_.c_str(), &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return cli::fail("The node of " + name + " cannot be started: " + std::strerror(error) + ".",
                     "Check that the system lets this program start processes.");
  }
  children_.push_back({name, log, pid});
  return {};
}

cli::Result<void> Processes::check() {
  for (Child& child : children_) {
    if (child.pid == 0 || waitpid(child.pid, nullptr, WNOHANG) == 0) continue;
    child.pid = 0;
    return cli::fail("The node of " + child.name + " has ended.",
                     "Read why in " + child.log.string() + ".");
  }
  return {};
}

void Processes::cut_power(const std::string& name) {
  for (Child& child : children_) {
    if (child.name != name || child.pid == 0) continue;
    kill(child.pid, SIGKILL);
    waitpid(child.pid, nullptr, 0);
    child.pid = 0;
  }
  std::erase_if(children_, [](const Child& child) { return child.pid == 0; });
}

std::vector<pid_t> Processes::pids() const {
  std::vector<pid_t> pids;
  for (const Child& child : children_) pids.push_back(child.pid);
  return pids;
}

void Processes::stop() {
  for (const Child& child : children_) {
    if (child.pid != 0) kill(child.pid, SIGTERM);
  }
  const auto deadline = std::chrono::steady_clock::now() + kGrace;
  for (Child& child : children_) {
    while (child.pid != 0 && waitpid(child.pid, nullptr, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > deadline) kill(child.pid, SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  children_.clear();
}

}  // namespace treeproof::demo
