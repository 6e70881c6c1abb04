#include "rpc/workers.h"

namespace treeproof::rpc {

Workers::Workers(std::size_t threads, std::size_t offers_max) : offers_max_(offers_max) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Workers::~Workers() { stop(); }

bool Workers::offer(std::function<void()> job) {
  {
    const std::lock_guard guard(lock_);
    if (is_stopped_ || jobs_.size() >= offers_max_) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void Workers::post(std::function<void()> job) {
  {
    const std::lock_guard guard(lock_);
    if (is_stopped_) return;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void Workers::stop() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard guard(lock_);
    is_stopped_ = true;
    dropped.swap(jobs_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Workers::run() {
  while (true) {
    std::unique_lock guard(lock_);
    wake_.wait(guard, [this] { return is_stopped_ || !jobs_.empty(); });
    if (is_stopped_) return;
    const std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    guard.unlock();
    job();
  }
}

}  // namespace treeproof::rpc
