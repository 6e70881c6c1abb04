// Which keys may exist: a Bloom filter in memory that grows with the keys. Answers "no" for a new
// key without a read of LevelDB, which almost every statement asks for.
// Owns its bits, no keys. Caller: stored_state. One thread.
// Source: B. H. Bloom, CACM 13(7), 1970; F. Putze et al., "Cache-, Hash- and Space-Efficient Bloom
// Filters", 2007 (one cache line for each key).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace treeproof::store {

class KeyFilter {
 public:
  void add(std::string_view key);
  // Never false for a key that was added; true for about one of 200 others.
  bool may_hold(std::string_view key) const noexcept;
  std::size_t memory_bytes() const noexcept;

 private:
  struct alignas(64) Line {
    std::uint64_t words[8] = {};
  };
  // Each part is twice as large as the one before and takes what comes once that one is full.
  std::vector<std::vector<Line>> parts_;
  std::size_t room_ = 0;  // keys that the last part still takes
};

}  // namespace treeproof::store
