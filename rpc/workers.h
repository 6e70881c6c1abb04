// A few threads that run jobs one after the other. Handlers run here, so that neither sockets nor
// the replica ever wait for them.
// Owns its threads and its queue. Callers: the server, dispatcher. Every member is safe from any
// thread; stop() from one that is not a worker. Source: docs/architecture.md.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace treeproof::rpc {

class Workers {
 public:
  Workers(std::size_t threads, std::size_t offers_max);
  ~Workers();

  // New work: refused (false) while `offers_max` jobs wait, and after stop().
  bool offer(std::function<void()> job);
  // The end of work that was accepted: always taken, dropped after stop().
  void post(std::function<void()> job);
  // Waits for the jobs that run; those that wait are dropped.
  void stop();

 private:
  void run();

  const std::size_t offers_max_;
  std::mutex lock_;  // guards the two below
  std::deque<std::function<void()>> jobs_;
  bool is_stopped_ = false;
  std::condition_variable wake_;
  std::vector<std::thread> threads_;
};

}  // namespace treeproof::rpc
