// A thread that does one thing for each committed height, in order and behind the commit, which
// never waits for it. Others may wait until it is past a height.
// Owns the thread and the queue of what waits; not what it works on. Callers: lookup_indexes,
// proof_map. push() on the replica's thread, wait_for() on any.
// Source: docs/architecture.md step 9 (queries never share a lock with the replica). What waits is
// not bounded: the work for a height is a fraction of its execution.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "consensus/types/height.h"

namespace treeproof::store {

template <class Item>
class Follower {
 public:
  using Begin = std::function<void()>;
  using Work = std::function<void(std::vector<Item> items)>;  // oldest first, not empty

  // On the new thread: `begin`, after which everything up to `at` is done; then `work`.
  Follower(Height at, Begin begin, Work work)
      : thread_([this, at, begin = std::move(begin), work = std::move(work)] {
          begin();
          run(at, work);
        }) {}
  // What waits is dropped: it is made again on the next opening.
  ~Follower() {
    {
      const std::lock_guard hold(lock_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void push(Height height, Item item) {
    {
      const std::lock_guard hold(lock_);
      waiting_.push_back(std::move(item));
      pushed_ = height;
    }
    changed_.notify_all();
  }
  // Returns when everything up to this height is done. Requires: it was or will be pushed.
  void wait_for(Height height) const {
    std::unique_lock hold(lock_);
    changed_.wait(hold, [&] { return stopping_ || (begun_ && done_ >= height); });
  }

 private:
  void run(Height at, const Work& work) {
    Height done = at;
    for (;;) {
      std::unique_lock hold(lock_);
      begun_ = true;
      done_ = done;
      changed_.notify_all();
      changed_.wait(hold, [&] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      std::vector<Item> items = std::exchange(waiting_, {});
      done = pushed_;
      hold.unlock();
      work(std::move(items));
    }
  }

  mutable std::mutex lock_;  // guards all below but the thread
  mutable std::condition_variable changed_;
  std::vector<Item> waiting_;
  Height pushed_;
  Height done_;
  bool begun_ = false;
  bool stopping_ = false;
  std::thread thread_;  // last: it begins when the rest is there
};

}  // namespace treeproof::store
