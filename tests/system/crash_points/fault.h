// One fault that the system deals a process, said to strace, and what strace says of it.
// Owns no process. Callers: the crash-point tests. One thread.
// Source: docs/testing.md "Crash points"; strace(1) "Tampering".
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace treeproof::crash_points {

enum class Effect : std::uint8_t {
  io_error,   // the call is not carried out and returns EIO
  no_space,   // ENOSPC, once
  disk_full,  // ENOSPC, from this call on
  kill        // SIGKILL in place of the call
};
std::string_view to_string(Effect effect);

// Which of a node's files: those that one part of it writes.
enum class Place : std::uint8_t { key, guard, journal, blocks, attachments, ledger, folders };
std::string_view to_string(Place place);

struct Fault {
  std::string call;  // of the system: "pwrite64"
  Place place{};
  Effect effect{};
  std::uint32_t when = 1;  // which of a thread's calls there it hits
};
std::string to_string(const Fault& fault);

// strace's arguments: trace what changes the disk into `trace`; deal the fault to a node whose
// folder this is.
std::vector<std::string> watch_arguments(const std::filesystem::path& trace);
std::vector<std::string> fault_arguments(const Fault& fault, const std::filesystem::path& trace,
                                         const std::filesystem::path& folder);

// What a traced node did to the files in its folder.
struct Trace {
  // The most that one thread made of this call there.
  std::map<std::pair<std::string, Place>, std::uint32_t> calls;
  std::string hit;  // the file that the first fault hit; empty: none was
  bool ended = false;
};
Trace read_trace(const std::filesystem::path& trace, const std::filesystem::path& folder);

}  // namespace treeproof::crash_points
