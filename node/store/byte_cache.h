// A cache of bounded weight that forgets what was used longest ago.
// Owns what it holds; does not know where it came from. Callers: stored_state, block_files,
// attachment_files. Not thread-safe. Source: docs/performance.md.
#pragma once

#include <functional>
#include <list>
#include <unordered_map>
#include <utility>

namespace treeproof::store {

template <class Key, class Value, class Hasher = std::hash<Key>>
class ByteCache {
 public:
  explicit ByteCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Null where it is not held; valid until the next put. Counts as a use.
  const Value* find(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->value;
  }

  // Replaces what was held under the key.
  void put(Key key, Value value, std::size_t bytes) {
    const auto [place, fresh] = places_.try_emplace(key);
    if (fresh) {
      entries_.push_front({std::move(key), std::move(value), bytes});
      place->second = entries_.begin();
    } else {
      entries_.splice(entries_.begin(), entries_, place->second);
      bytes_ -= std::exchange(place->second->bytes, bytes);
      place->second->value = std::move(value);
    }
    bytes_ += bytes;
    while (bytes_ > bytes_max_ && entries_.size() > 1) drop_oldest();
  }

  void erase(const Key& key) {
    const auto found = places_.extract(key);
    if (found.empty()) return;
    bytes_ -= found.mapped()->bytes;
    entries_.erase(found.mapped());
  }

  std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Entry {
    Key key;
    Value value;
    std::size_t bytes;
  };
  using Entries = std::list<Entry>;

  void drop_oldest() {
    bytes_ -= entries_.back().bytes;
    places_.erase(entries_.back().key);
    entries_.pop_back();
  }

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  Entries entries_;  // used last first
  std::unordered_map<Key, typename Entries::iterator, Hasher> places_;
};

}  // namespace treeproof::store
