#include "tests/mutants/child.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/mutants/active.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TREEPROOF_SHADOW_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TREEPROOF_SHADOW_MEMORY 1
#endif
#endif

namespace treeproof::mutants {

namespace {

constexpr rlim_t kStepSeconds = 60;  // of the processor: what takes longer hangs
constexpr rlim_t kMemoryBytes = rlim_t{3} << 30;
constexpr off_t kOutputKept = 4'000;

void limit_memory() {
#ifndef TREEPROOF_SHADOW_MEMORY  // a sanitizer reserves terabytes that it does not use
  const rlimit limit{kMemoryBytes, kMemoryBytes};
  setrlimit(RLIMIT_AS, &limit);
#endif
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

std::string how_it_ended(int status) {
  if (WIFEXITED(status)) return WEXITSTATUS(status) == 0 ? "" : "fails";
  switch (WTERMSIG(status)) {
    case SIGABRT:
      return "assertion";
    case SIGXCPU:
    case SIGKILL:
      return "hangs";
    default:
      return "crash";
  }
}

std::string end_of(int file) {
  const off_t size = lseek(file, 0, SEEK_END);
  std::string text(static_cast<std::size_t>(std::clamp<off_t>(size, 0, kOutputKept)), '\0');
  const auto begin = size - static_cast<off_t>(text.size());
  const ssize_t got = pread(file, text.data(), text.size(), begin);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

}  // namespace

void Progress::step() {
  ++steps_;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
  const rlimit limit{seconds + kStepSeconds, RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &limit);
}

Ending in_child(int mutant, const std::function<bool(Progress&)>& body) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  void* shared = mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const int output = memfd_create("output", 0);
  if (shared == MAP_FAILED || output < 0) std::abort();
  auto& steps = *static_cast<std::uint64_t*>(shared);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) std::abort();
  if (child == 0) {
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    limit_memory();
    activate(mutant);
    Progress progress(steps);
    const bool is_well = body(progress);
    std::fflush(nullptr);
    _exit(is_well ? 0 : 1);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) std::abort();
  Ending ending;
  ending.how = how_it_ended(status);
  ending.caught = !ending.how.empty();
  ending.steps = steps;
  ending.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  ending.output = end_of(output);
  close(output);
  munmap(shared, sizeof(std::uint64_t));
  return ending;
}

}  // namespace treeproof::mutants
