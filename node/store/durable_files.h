// What the two small files beside a store hold, read without changing them: the journal of
// agreement and the sign guard.
// Owns no file and no remedy. Callers: `treeproof store check`, tests. The node must not run.
// Source: docs/running.md "Store"; docs/consensus.md rules 21 and 23.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

#include "consensus/types/height.h"

namespace treeproof::store {

enum class FileState : std::uint8_t {
  missing,
  intact,
  torn_tail,  // what a crash left of the last write; opening the journal cuts it
  damaged     // bytes that had been durable do not hold
};
// "missing", "intact", "torn_tail", "damaged".
std::string_view to_string(FileState state) noexcept;

struct JournalReport {
  FileState state = FileState::missing;
  std::string file;         // "journal.a" or "journal.b"
  std::uint64_t byte = 0;   // of it: where whole records end, a torn write or the damage begins
  std::size_t records = 0;  // none where it is damaged
  Height height;            // of the newest record
};
// `file` as JournalFile::open takes it. An error: the system did not let it be read.
std::expected<JournalReport, std::string> inspect_journal(const std::filesystem::path& file);

struct GuardReport {
  FileState state = FileState::missing;
  Height height;  // up to which it has signed
  Round round;
};
std::expected<GuardReport, std::string> inspect_guard(const std::filesystem::path& file);

}  // namespace treeproof::store
