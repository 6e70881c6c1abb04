#include "node/store/durable_files.h"

#include <array>

#include "consensus/bft/guard.h"
#include "node/store/file.h"
#include "node/store/journal_record.h"

namespace treeproof::store {

namespace {

constexpr std::array kSuffixes{".a", ".b"};

// No bytes where there is no file.
std::expected<crypto::Bytes, std::string> read_if_there(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error) && !error) return crypto::Bytes{};
  return read_file(file);
}

}  // namespace

std::string_view to_string(FileState state) noexcept {
  switch (state) {
    case FileState::missing:
      return "missing";
    case FileState::intact:
      return "intact";
    case FileState::torn_tail:
      return "torn_tail";
    case FileState::damaged:
      return "damaged";
  }
  return "";
}

std::expected<JournalReport, std::string> inspect_journal(const std::filesystem::path& file) {
  std::array<crypto::Bytes, 2> halves;
  for (std::size_t i = 0; i < halves.size(); ++i) {
    auto held = read_if_there(file.string() + kSuffixes[i]);
    if (!held) return std::unexpected(held.error());
    halves[i] = *std::move(held);
  }
  JournalReport report;
  if (halves[0].empty() && halves[1].empty()) return report;
  const auto content = read_journal(halves);
  const JournalPlace place = !content        ? content.error()
                             : content->torn ? *content->torn
                                             : JournalPlace{content->half, content->end};
  report.state = !content        ? FileState::damaged
                 : content->torn ? FileState::torn_tail
                                 : FileState::intact;
  report.file = file.filename().string() + kSuffixes[place.half];
  report.byte = place.offset;
  if (content && !content->records.empty()) {
    report.records = content->records.size();
    report.height = content->records.back().height;
  }
  return report;
}

std::expected<GuardReport, std::string> inspect_guard(const std::filesystem::path& file) {
  const auto bytes = read_if_there(file);
  if (!bytes) return std::unexpected(bytes.error());
  if (bytes->empty()) return GuardReport{};
  const auto guard = bft::decode_guard_file(*bytes);
  if (!guard) return GuardReport{FileState::damaged, {}, {}};
  return GuardReport{FileState::intact, guard->height(), guard->round()};
}

}  // namespace treeproof::store
