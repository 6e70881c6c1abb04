#include "tests/system/crash_points/traced_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include "tests/system/patience.h"
#include "tests/system/shell.h"

extern char** environ;  // POSIX: the environment that children inherit

namespace treeproof::crash_points {

namespace {

constexpr auto kPoll = std::chrono::milliseconds(5);

std::string in_words(int status) {
  if (WIFEXITED(status)) return "exit " + std::to_string(WEXITSTATUS(status));
  return std::string("SIG") + sigabbrev_np(WTERMSIG(status));
}

}  // namespace

std::optional<TracedProcess> TracedProcess::start(std::vector<std::string> arguments,
                                                  const std::filesystem::path& log) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  // A group of its own: a shell that keeps a node as its child ends together with it.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<char*> words;
  for (std::string& word : arguments) words.push_back(word.data());
  words.push_back(nullptr);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return std::nullopt;
  return TracedProcess(pid);
}

TracedProcess::TracedProcess(TracedProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), ended_(std::move(other.ended_)) {}

TracedProcess& TracedProcess::operator=(TracedProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(ended_, other.ended_);
  return *this;
}

TracedProcess::~TracedProcess() {
  if (pid_ == 0 || ended()) return;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::optional<std::string> TracedProcess::ended() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) ended_ = in_words(status);
  return ended_;
}

std::optional<std::string> TracedProcess::wait(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!ended() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(kPoll);
  return ended();
}

std::optional<std::string> TracedProcess::stop(std::chrono::milliseconds limit) {
  if (!ended()) ::kill(pid_, SIGTERM);
  return wait(limit);
}

void turn_leak_checks_off() {
  const char* given = std::getenv("ASAN_OPTIONS");
  const std::string options = std::string(given == nullptr ? "" : given) + ":detect_leaks=0";
  setenv("ASAN_OPTIONS", options.c_str(), 1);
}

std::string why_no_strace(const std::filesystem::path& folder) {
  const auto log = folder / ("strace-" + std::to_string(getpid()) + ".log");
  auto traced = TracedProcess::start(
      {"strace", "-D", "-f", "-o", "/dev/null", "-e", "trace=write", "true"}, log);
  if (!traced) return "strace is not installed: apt-get install strace";
  const auto end = traced->wait(system_test::kPatience);
  const std::string printed = system_test::read_whole(log);
  std::filesystem::remove(log);
  if (end == "exit 0") return {};
  return "strace cannot trace here (" + end.value_or("it hangs") + "): " + printed;
}

}  // namespace treeproof::crash_points
