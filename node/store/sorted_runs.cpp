#include "node/store/sorted_runs.h"

#include <algorithm>
#include <cassert>

#include "node/store/run_file.h"

namespace treeproof::store {

namespace {

Run in_memory(Entries entries, std::uint32_t first, std::uint32_t end) {
  auto held = std::make_shared<const Entries>(std::move(entries));
  return {first, end, *held, held, {}};
}

void remove_file(const Run& run) {
  std::error_code error;  // one that stays is contained in another, and goes on the next opening
  if (!run.file.empty()) std::filesystem::remove(run.file, error);
}

}  // namespace

SortedRuns::SortedRuns(std::filesystem::path folder, std::string kind, std::uint32_t numbers)
    : folder_(std::move(folder)), kind_(std::move(kind)) {
  std::vector<Run> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    if (auto run = map_run(entry.path(), kind_)) found.push_back(*std::move(run));
  }
  // The widest first: a merge that was interrupted left the runs that it contains.
  std::ranges::sort(found, [](const Run& a, const Run& b) {
    return a.first != b.first ? a.first < b.first : a.end > b.end;
  });
  for (Run& run : found) {
    const bool follows = run.first == covered() && run.end <= numbers;
    follows ? runs_.push_back(std::move(run)) : remove_file(run);
  }
}

std::uint32_t SortedRuns::covered() const {
  const std::lock_guard hold(lock_);
  return runs_.empty() ? 0 : runs_.back().end;
}

void SortedRuns::add(Entries entries, std::uint32_t end) {
  const std::uint32_t first = covered();
  assert(end >= first);
  if (end == first) return;
  std::ranges::sort(entries);
  std::vector<Run> now = runs();
  now.push_back(in_memory(std::move(entries), first, end));
  publish(now);
  while (now.size() >= 2) {
    const Run& newer = now[now.size() - 1];
    const Run& older = now[now.size() - 2];
    if (older.entries.size() >= 2 * newer.entries.size() && older.entries.size() > 0) break;
    const std::vector<Run> replaced{older, newer};
    Run merged = merge(older, newer);
    now.resize(now.size() - 2);
    now.push_back(std::move(merged));
    publish(now);
    if (!now.back().file.empty()) std::ranges::for_each(replaced, remove_file);
  }
}

// A run that cannot be written stays in memory, and is tried again with the next merge.
Run SortedRuns::merge(const Run& older, const Run& newer) const {
  const std::size_t count = older.entries.size() + newer.entries.size();
  const auto all = std::make_shared_for_overwrite<std::uint64_t[]>(count);
  std::ranges::merge(older.entries, newer.entries, all.get());
  Run merged{older.first, newer.end, {all.get(), count}, all, {}};
  if (merged.entries.size() < kFileEntriesMin) return merged;
  auto written = write_run(run_path(folder_, kind_, merged.first, merged.end), merged);
  return written ? *std::move(written) : merged;
}

void SortedRuns::publish(std::vector<Run> runs) {
  const std::lock_guard hold(lock_);
  runs_ = std::move(runs);
}

std::vector<Run> SortedRuns::runs() const {
  const std::lock_guard hold(lock_);
  return runs_;
}

std::vector<std::uint32_t> SortedRuns::find(const crypto::Hash& hash) const {
  const std::uint64_t lowest = make_entry(hash, 0);
  const std::uint64_t highest = make_entry(hash, UINT32_MAX);
  std::vector<std::uint32_t> numbers;
  for (const Run& run : runs()) {
    for (auto at = std::ranges::lower_bound(run.entries, lowest);
         at != run.entries.end() && *at <= highest; ++at) {
      const auto number = static_cast<std::uint32_t>(*at);
      if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
    }
  }
  return numbers;
}

std::vector<std::string> SortedRuns::damage() const {
  std::vector<std::string> damaged;
  for (const Run& run : runs()) {
    if (!checksum_holds(run)) damaged.push_back(run.file.string());
  }
  return damaged;
}

}  // namespace treeproof::store
