// What is to happen, by simulated time; what was asked for first comes first at equal times.
// Owns the actions, no clock. Caller: the simulated world. One thread.
// Source: docs/consensus.md "How it is proven".
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

namespace treeproof::simulation {

class Agenda {
 public:
  using Action = std::move_only_function<void()>;

  void at(std::uint64_t time_us, Action action) {
    std::uint32_t slot = static_cast<std::uint32_t>(actions_.size());
    if (free_.empty()) {
      actions_.push_back(std::move(action));
    } else {
      slot = free_.back();
      free_.pop_back();
      actions_[slot] = std::move(action);
    }
    entries_.push_back({time_us, next_order_++, slot});
    std::ranges::push_heap(entries_, is_later);
  }

  bool empty() const noexcept { return entries_.empty(); }
  // Requires: not empty.
  std::uint64_t next_time_us() const { return entries_.front().time_us; }
  Action take_next() {
    std::ranges::pop_heap(entries_, is_later);
    const std::uint32_t slot = entries_.back().slot;
    entries_.pop_back();
    free_.push_back(slot);
    return std::move(actions_[slot]);
  }

 private:
  struct Entry {
    std::uint64_t time_us;
    std::uint64_t order;
    std::uint32_t slot;
  };
  static bool is_later(const Entry& left, const Entry& right) {
    return std::pair(left.time_us, left.order) > std::pair(right.time_us, right.order);
  }
  std::vector<Entry> entries_;  // a heap: the next one in front
  std::vector<Action> actions_;
  std::vector<std::uint32_t> free_;
  std::uint64_t next_order_ = 0;
};

}  // namespace treeproof::simulation
