#include "tests/simulation/disk.h"

#include <algorithm>
#include <array>
#include <utility>

#include "node/store/journal_record.h"

namespace treeproof::simulation {

bool Disk::crash(JournalFault fault, const Random& random) {
  const std::vector<replica::Journal> lost = std::exchange(unsynced, {});
  if (fault == JournalFault::none || lost.empty()) return true;
  std::array<crypto::Bytes, 2> halves;
  crypto::Bytes& file = halves.front();
  for (const replica::Journal& record : journal) {
    store::append_journal_record(file, record, {1, file.size()});
  }
  crypto::Bytes pending;
  for (const replica::Journal& record : lost) {
    store::append_journal_record(pending, record, {1, file.size()});
  }
  const std::size_t written = random(pending.size());
  // The whole of it reached the disk, but a page of it went elsewhere first.
  const std::size_t place = fault == JournalFault::torn ? file.size() : random(file.size() + 1);
  file.resize(std::max(file.size(), place + written));
  std::copy_n(pending.begin(), written, file.begin() + static_cast<std::ptrdiff_t>(place));
  if (fault == JournalFault::misdirected) file.insert(file.end(), pending.begin(), pending.end());
  file.resize(file.size() + 4'096);  // reserved, never written
  const auto content = store::read_journal(halves);
  if (!content) return false;
  journal = content->records;
  return true;
}

}  // namespace treeproof::simulation
