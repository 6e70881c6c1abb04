#include "tests/system/crash_points/fault.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>

namespace treeproof::crash_points {

namespace {

// LevelDB names its files by a counter; so many of them are made between an opening and a crash.
constexpr std::uint32_t kNewNumbers = 12;
constexpr std::string_view kManifest = "MANIFEST-";
// Without it a process stops at each of its calls, those that nobody looks at too. With it strace
// 6.1 delivers no signal at a call.
constexpr const char* kOnlyTheseCalls = "--seccomp-bpf";

std::string injection(Effect effect) {
  switch (effect) {
    case Effect::io_error:
      return "error=EIO";
    case Effect::no_space:
    case Effect::disk_full:
      return "error=ENOSPC";
    case Effect::kill:
      return "signal=KILL";
  }
  std::abort();
}

std::uint32_t highest_number(const std::filesystem::path& ledger) {
  std::uint32_t highest = 0;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(ledger, none)) {
    std::string name = entry.path().filename().string();
    if (name.starts_with(kManifest)) name = name.substr(kManifest.size());
    std::uint32_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    highest = std::max(highest, number);
  }
  return highest;
}

std::vector<std::string> ledger_files(const std::filesystem::path& folder) {
  std::vector<std::string> files{"home/ledger/CURRENT"};
  const std::uint32_t first = highest_number(folder / "home/ledger");
  for (std::uint32_t number = first; number < first + kNewNumbers; ++number) {
    std::string digits = std::to_string(number);
    digits.insert(0, 6 - std::min<std::size_t>(6, digits.size()), '0');
    for (const char* suffix : {".log", ".ldb", ".dbtmp"}) {
      files.push_back("home/ledger/" + digits + suffix);
    }
    files.push_back("home/ledger/" + std::string(kManifest) + digits);
  }
  return files;
}

std::vector<std::string> files_of(Place place, const std::filesystem::path& folder) {
  switch (place) {
    case Place::key:
      return {"node.key"};
    case Place::guard:
      return {"node.key.guard"};
    case Place::journal:
      return {"home/journal.a", "home/journal.b"};
    case Place::blocks:
      return {"home/blocks/blocks-000000.segment"};
    case Place::attachments:
      return {"home/attachments/attachments-000000.segment"};
    case Place::ledger:
      return ledger_files(folder);
    case Place::folders:
      return {"home", "home/ledger", "home/blocks", "home/attachments", "home/lookups"};
  }
  std::abort();
}

bool contains(const std::vector<std::string>& files, const std::string& file) {
  return std::ranges::find(files, file) != files.end();
}

std::optional<Place> place_of(const std::string& file) {
  using enum Place;
  for (const Place place : {key, guard, journal, blocks, attachments}) {
    if (contains(files_of(place, {}), file)) return place;
  }
  if (contains(files_of(Place::folders, {}), file)) return Place::folders;
  const bool is_log = file.starts_with("home/ledger/LO");  // LevelDB's LOG, and LOCK
  if (file.starts_with("home/ledger/") && !is_log) return Place::ledger;
  return std::nullopt;
}

// The file that a line of strace names first, relative to the folder; empty where it names none.
std::string file_in(std::string_view line, const std::string& folder) {
  const auto at = line.find(folder + "/");
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + folder.size() + 1);
  return std::string(rest.substr(0, rest.find_first_of(">\"")));
}

}  // namespace

std::string_view to_string(Effect effect) {
  switch (effect) {
    case Effect::io_error:
      return "EIO";
    case Effect::no_space:
      return "ENOSPC";
    case Effect::disk_full:
      return "ENOSPC for good";
    case Effect::kill:
      return "SIGKILL";
  }
  std::abort();
}

std::string_view to_string(Place place) {
  static constexpr std::array<std::string_view, 7> kNames{
      "key", "guard", "journal", "blocks", "attachments", "ledger", "folders"};
  return kNames[static_cast<std::size_t>(place)];
}

std::string to_string(const Fault& fault) {
  return std::string(to_string(fault.effect)) + " at " + fault.call + " " +
         std::to_string(fault.when) + " of " + std::string(to_string(fault.place));
}

std::vector<std::string> watch_arguments(const std::filesystem::path& trace) {
  return {"strace",
          "-D",
          "-f",
          kOnlyTheseCalls,
          "-y",
          "-o",
          trace.string(),
          "-e",
          "trace=pwrite64,write,fdatasync,fsync,rename,ftruncate,fallocate,openat"};
}

std::vector<std::string> fault_arguments(const Fault& fault, const std::filesystem::path& trace,
                                         const std::filesystem::path& folder) {
  const std::string when =
      ":when=" + std::to_string(fault.when) + (fault.effect == Effect::disk_full ? "+" : "");
  std::vector<std::string> arguments{"strace", "-D", "-f", "-y", "-o", trace.string()};
  if (fault.effect != Effect::kill) arguments.emplace_back(kOnlyTheseCalls);
  arguments.insert(arguments.end(), {"-e", "trace=" + fault.call});
  arguments.insert(arguments.end(),
                   {"-e", "inject=" + fault.call + ":" + injection(fault.effect) + when});
  for (const std::string& file : files_of(fault.place, folder)) {
    arguments.insert(arguments.end(), {"-P", (folder / file).string()});
  }
  return arguments;
}

Trace read_trace(const std::filesystem::path& trace, const std::filesystem::path& folder) {
  Trace result;
  std::map<std::tuple<std::string, std::string, Place>, std::uint32_t> counts;
  std::ifstream lines(trace);
  std::map<std::string, std::string> last_files;  // by thread: their lines mix
  for (std::string line; std::getline(lines, line);) {
    const auto thread_end = line.find(' ');
    std::string& last_file = last_files[line.substr(0, thread_end)];
    const auto open = line.find('(');
    const bool is_end = line.find("+++ ") != std::string::npos;
    if (is_end) result.ended = true;
    const bool is_call = !is_end && open != std::string::npos &&
                         line.find("resumed>") == std::string::npos &&
                         line.find("--- ") == std::string::npos;
    if (is_call) {
      last_file = file_in(line, folder.string());
      const auto name = line.find_first_not_of(' ', thread_end);
      const std::string call = line.substr(name, open - name);
      if (const auto place = place_of(last_file)) {
        const std::uint32_t count = ++counts[{line.substr(0, thread_end), call, *place}];
        auto& most = result.calls[{call, *place}];
        most = std::max(most, count);
      }
    }
    const bool is_hit = line.find("(INJECTED)") != std::string::npos ||
                        line.find("+++ killed by SIGKILL") != std::string::npos;
    if (is_hit && result.hit.empty()) result.hit = last_file.empty() ? "?" : last_file;
  }
  return result;
}

}  // namespace treeproof::crash_points
