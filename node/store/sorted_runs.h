// A multimap from 32-bit prefixes of hashes to numbers, for lookups by hash that must not cost a
// LevelDB key each: 8 bytes an entry in sorted runs, merged by powers of two, the large ones in
// files that are mapped. At most log2 of the entries are looked through.
// Owns its run files; not what the numbers mean. Everything in it can be made again from what was
// numbered: covered() says from where. add() on one thread, find() on any.
// Source: docs/ledger.md "Size"; P. O'Neil et al., "The Log-Structured Merge-Tree", 1996.
//
//   <folder>/<kind>-<first number>-<end number>.run = entries, u64 entries, u32 CRC-32C, u32 magic
//   entry = u64: prefix << 32 | number, ascending; integers of a run file are little-endian
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "crypto/bytes.h"

namespace treeproof::store {

// Entries of the numbers [first, end), in memory or mapped from a file.
struct Run {
  std::uint32_t first = 0;
  std::uint32_t end = 0;
  std::span<const std::uint64_t> entries;
  std::shared_ptr<const void> storage;  // what the entries lie in
  std::filesystem::path file;           // empty: in memory
};
using Entries = std::vector<std::uint64_t>;

// Requires: at least four bytes of hash.
inline std::uint64_t make_entry(crypto::ByteSpan hash, std::uint32_t number) noexcept {
  return std::uint64_t{crypto::read_u32be(hash)} << 32 | number;
}

class SortedRuns {
 public:
  static constexpr std::size_t kFileEntriesMin = 1u << 18;

  // Takes the runs in the folder that cover [0, n) without a gap, n <= numbers; removes others.
  SortedRuns(std::filesystem::path folder, std::string kind, std::uint32_t numbers);

  // Numbers below this one are in it.
  std::uint32_t covered() const;
  // Adds the entries of the numbers [covered(), end), in any order.
  void add(Entries entries, std::uint32_t end);
  // The numbers with this prefix, ascending, each once.
  std::vector<std::uint32_t> find(const crypto::Hash& hash) const;

  // For checks: damaged run files; entries of the rest.
  std::vector<std::string> damage() const;
  std::vector<Run> runs() const;

 private:
  Run merge(const Run& older, const Run& newer) const;
  void publish(std::vector<Run> runs);

  std::filesystem::path folder_;
  std::string kind_;
  mutable std::mutex lock_;
  std::vector<Run> runs_;  // ascending by number, each less than half of the one before
};

}  // namespace treeproof::store
